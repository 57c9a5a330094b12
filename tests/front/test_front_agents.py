"""A park's agent files for the firms named for it, and sees nothing of any other."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO

import pytest
from browser_pages import NewPage, needs_browser, picture
from filing_home import DIESEL, ELECTRICITY, FOOD, OCTOBER, POTS, SHIPS, FilingHome, form_csv
from front_home import Front, served
from page_views import View, opening, text_of
from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.testclient import TestClient

from front import cookies
from front.downloads import export
from front.filing.bundle import bundle_route
from front.filing.corrected import corrected_route
from front.filing.receipt import receipt_route
from front.filing.routes import template_route
from front.filing.shelf import SHELF
from front.gate import Gate
from front.paths import Paths
from greenmfg.access import Person, Role, open_desk, open_door
from greenmfg.contract import Words
from greenmfg.portal import Office, UnknownEnterprise, open_office
from greenmfg.records import Verdict
from greenmfg.registry import UnknownSubmission, open_registry

CLERK, AGENT = "shen", "changxing"


@pytest.fixture(scope="module")
def agent_home(filing_home: FilingHome) -> FilingHome:
    """The agent may file for the ships and the food, not for the pots."""
    desk = open_desk(filing_home.settings)
    desk.open_agent("administrator", AGENT, "长兴园区", None)
    for uscc in (SHIPS, FOOD):
        desk.grant("administrator", AGENT, uscc, None)
    clerk = Person(CLERK, Words("沈代报", "Shen"), Role.AGENT, None, agent=AGENT)
    password = desk.open("administrator", clerk)
    open_door(filing_home.settings).set_password(CLERK, password)
    return replace(filing_home, passwords={**filing_home.passwords, CLERK: password})


@pytest.fixture(scope="module")
def front(agent_home: FilingHome) -> Iterator[Front]:
    with served(agent_home) as running:
        yield running


@pytest.fixture
def office(agent_home: FilingHome) -> Office:
    return open_office(agent_home.settings).serving(CLERK, AGENT)


@pytest.fixture
def view(agent_home: FilingHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    with opening(agent_home, monkeypatch) as open_page:
        yield open_page


@dataclass
class Files:
    """The routes of files, as the agent's browser asks them."""

    client: TestClient

    def status(self, path: str) -> int:
        return self.client.get(path).status_code


@pytest.fixture
def files(agent_home: FilingHome) -> Files:
    settings = agent_home.settings
    app = Starlette(
        routes=[
            Route("/files/template/{name}", template_route(settings)),
            Route("/files/receipt/{number}", receipt_route(settings)),
            Route("/files/corrected/{ticket}", corrected_route(settings)),
            Route("/files/export/{name}", export(settings)),
            Route("/files/bundle", bundle_route(settings)),
        ],
        middleware=[Middleware(Gate, door=open_door(settings), paths=Paths(frozenset()))],
    )
    client = TestClient(app, follow_redirects=False)
    client.cookies.set(cookies.SESSION, agent_home.token(CLERK))
    return Files(client)


def test_an_agent_chooses_among_the_firms_named_for_it_and_no_others(view: View) -> None:
    page = view(CLERK)
    [box] = [one for one in page.selectbox if one.label == "代报企业"]
    assert len(box.options) == 2
    assert all(any(uscc in option for option in box.options) for uscc in (SHIPS, FOOD))
    assert "先选择代报企业" in text_of(page)
    assert SHIPS not in text_of(page)
    box.set_value(SHIPS).run()
    assert SHIPS in page.query_params["firm"]
    assert f"firm={SHIPS}" in text_of(page)


def test_an_address_that_names_another_firm_chooses_nothing(view: View) -> None:
    for named in (POTS, "x"):
        page = view(CLERK, "filings", firm=named)
        assert "先选择代报企业" in text_of(page)
        assert POTS not in text_of(page)


def test_an_agent_has_no_page_of_figures_and_no_export(view: View, files: Files) -> None:
    for page in ("own", "enterprise", "overview", "accounts"):
        assert "先选择代报企业" in text_of(view(CLERK, page))
    answer = files.client.get(f"/files/export/enterprise_months.csv?firm={SHIPS}")
    assert (answer.status_code, "不能导出" in answer.text) == (403, True)


@pytest.mark.parametrize("named", ["", f"?firm={POTS}", f"?firm={SHIPS}&firm={POTS}", "?firm="])
def test_no_file_of_a_firm_that_is_not_named_goes_out(
    agent_home: FilingHome, files: Files, named: str
) -> None:
    theirs = open_office(agent_home.settings).file(POTS, "p.csv", form_csv("energy_monthly"))
    ticket = SHELF.put(POTS, "p.csv", b"x", agent_home.settings.now())
    for path in (
        "/files/template/energy_monthly.csv",
        "/files/bundle",
        f"/files/receipt/{theirs.number}",
        f"/files/corrected/{ticket}",
        "/files/export/enterprise_months.csv",
    ):
        answer = files.client.get(path + named)
        assert answer.status_code == 403, path
        assert "授权" in answer.text or "选择" in answer.text
    assert files.status(f"/files/receipt/{theirs.number}?firm={SHIPS}") == 404
    assert files.status(f"/files/corrected/{ticket}?firm={SHIPS}") == 404


def test_template_and_bundle_are_of_the_firms_named(files: Files) -> None:
    template = files.client.get(f"/files/template/energy_monthly.csv?period=2026-10&firm={SHIPS}")
    assert SHIPS in template.text
    assert FOOD not in template.text
    bundle = files.client.get(f"/files/bundle?firm={SHIPS}")
    with zipfile.ZipFile(BytesIO(bundle.content)) as archive:
        inside = b"".join(archive.read(name) for name in archive.namelist())
    assert SHIPS.encode() in inside
    assert POTS.encode() not in inside


def test_the_office_serves_an_agent_for_no_firm_that_is_not_named(
    agent_home: FilingHome, office: Office
) -> None:
    theirs = open_office(agent_home.settings).file(
        POTS, "q.csv", form_csv("energy_monthly", DIESEL)
    )
    for call in (
        lambda: office.account(POTS),
        lambda: office.try_file(POTS, "a.csv", b"x"),
        lambda: office.file(POTS, "a.csv", b"x"),
        lambda: office.bundle(POTS),
        lambda: office.submissions(POTS, 10),
    ):
        with pytest.raises(UnknownEnterprise):
            call()
    with pytest.raises(UnknownSubmission):
        office.submission(POTS, theirs.number)
    with pytest.raises(UnknownSubmission):
        office.submission(SHIPS, theirs.number)


def test_a_row_of_a_firm_that_is_not_named_is_an_error_on_the_page_and_in_the_run(
    agent_home: FilingHome, office: Office
) -> None:
    foreign = form_csv("energy_monthly", *OCTOBER, {**OCTOBER[0], "uscc": POTS})
    outcome = office.try_file(SHIPS, "a.csv", foreign).outcome
    assert isinstance(outcome, Verdict)
    assert "S003" in {f.id for f in outcome.findings}
    receipt = office.file(SHIPS, "a.csv", foreign)
    agent_home.run()
    assert "S003" in {f.id for f in office.submission(SHIPS, receipt.number).findings}


def test_receipt_and_event_log_name_agent_clerk_and_firm(
    agent_home: FilingHome, office: Office, files: Files
) -> None:
    data = form_csv("energy_monthly", {**DIESEL, "period": "202608", "purchased": "9"})
    receipt = office.file(SHIPS, "八月.csv", data)
    agent_home.run()
    printed = files.client.get(f"/files/receipt/{receipt.number}?firm={SHIPS}").text
    assert f"长兴园区 · {AGENT}" in printed
    assert "2026-08" in printed
    with open_registry(agent_home.settings) as registry:
        told = registry.events(subject=receipt.number)
    assert [(e.actor, e.kind) for e in told[:2]] == [
        (AGENT, "submission.received"),
        (CLERK, "submission.by_clerk"),
    ]
    assert told[1].payload == {"firm": SHIPS, "agent": AGENT}


def test_the_firm_sees_that_an_agent_filed_but_not_its_file_or_receipt(
    agent_home: FilingHome, office: Office, view: View
) -> None:
    data = form_csv("energy_monthly", {**DIESEL, "period": "202607", "purchased": "9"})
    receipt = office.file(SHIPS, "七月-园区.csv", data)
    agent_home.run()
    page = view(SHIPS, "filings")
    page.radio[0].set_value("versions").run()
    box = next(one for one in page.selectbox if one.key == "versions_of")
    july = next(index for index, words in enumerate(box.options) if "7 月" in words)
    box.select_index(july).run()
    assert "代报账户" in text_of(page)
    assert receipt.number not in text_of(page)
    assert "园区" not in text_of(page)


def test_a_grant_that_is_revoked_ends_what_is_open_and_what_was_filed_is_out_of_sight(
    agent_home: FilingHome, files: Files, view: View
) -> None:
    desk = open_desk(agent_home.settings)
    office = open_office(agent_home.settings).serving(CLERK, AGENT)
    data = form_csv("energy_monthly", {**ELECTRICITY, "uscc": FOOD, "period": "202608"})
    receipt = office.file(FOOD, "食品.csv", data)
    agent_home.run()
    page = view(CLERK, "filings", firm=FOOD)
    assert receipt.number in text_of(page)
    assert files.status(f"/files/receipt/{receipt.number}?firm={FOOD}") == 200

    desk.revoke_grant("administrator", AGENT, FOOD)
    try:
        page.run()
        assert receipt.number not in text_of(page)
        assert receipt.number not in text_of(view(CLERK, "filings", firm=SHIPS))
        assert files.status(f"/files/receipt/{receipt.number}?firm={FOOD}") == 403
        assert files.status(f"/files/receipt/{receipt.number}?firm={SHIPS}") == 404
    finally:
        desk.grant("administrator", AGENT, FOOD, None)


@needs_browser
def test_an_agents_clerk_files_for_a_firm_and_turning_to_another_leaves_nothing_behind(
    front: Front, agent_home: FilingHome, new_page: NewPage
) -> None:
    page = new_page(1280, login=CLERK)
    page.goto(front.url)
    chooser = page.get_by_role("combobox", name="代报企业")
    expect(chooser).to_be_visible(timeout=30_000)
    picture(page, "agent_choose_zh_1280")
    chooser.click()
    page.get_by_role("option", name=SHIPS).click()
    expect(page.locator(".months")).to_be_visible(timeout=30_000)
    data = form_csv("energy_monthly", *OCTOBER)
    box = page.locator("input[type=file]").first
    box.set_input_files({"name": "十月.csv", "mimeType": "text/csv", "buffer": data})
    expect(page.locator(".verdict.good, .verdict.warn").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("代报。")).to_be_visible()
    picture(page, "agent_checked_zh_1280")

    page.get_by_role("combobox", name="代报企业").click()
    page.get_by_role("option", name=FOOD).click()
    expect(page.locator(".verdict")).to_have_count(0, timeout=30_000)
    expect(page.locator("body")).not_to_contain_text("十月.csv")
    page.reload()
    box = page.get_by_role("combobox", name="代报企业")
    expect(box).to_have_value(re.compile(FOOD), timeout=30_000)
