"""The marked copy goes out by its route, to the firm that checked the file, and to nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from filing_home import OCTOBER, POTS, SAMPLES, SHIPS, FilingHome, form_csv
from page_views import View, opening, text_of
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.testclient import TestClient

from front import cookies
from front.filing.corrected import corrected_route
from front.filing.shelf import KEPT_FOR, SHELF, Shelf
from front.gate import Gate
from front.paths import Paths
from greenmfg.access import open_door
from greenmfg.portal import open_office

ERRORS = (SAMPLES / "energy_many_errors.csv").read_bytes()
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture
def view(filing_home: FilingHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    with opening(filing_home, monkeypatch) as open_page:
        yield open_page


@pytest.fixture
def client(filing_home: FilingHome) -> TestClient:
    settings = filing_home.settings
    app = Starlette(
        routes=[Route("/files/corrected/{ticket}", corrected_route(settings))],
        middleware=[Middleware(Gate, door=open_door(settings), paths=Paths(frozenset()))],
    )
    return TestClient(app, follow_redirects=False)


def enter(client: TestClient, home: FilingHome, login: str) -> None:
    client.cookies.set(cookies.SESSION, home.token(login))


def kept(home: FilingHome, data: bytes = ERRORS, name: str = "能源月报.csv") -> str:
    return f"/files/corrected/{SHELF.put(SHIPS, name, data, home.settings.now())}"


def test_the_firm_gets_its_file_back_marked_in_its_own_encoding(
    filing_home: FilingHome, client: TestClient
) -> None:
    enter(client, filing_home, SHIPS)
    answer = client.get(kept(filing_home))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "text/csv"
    assert "能源月报_核验标注.csv" in unquote(answer.headers["content-disposition"])
    assert "“约8吨”不是数字" in answer.content.decode("gb18030")
    # Judged with the firm's own rights and history, like the page: somebody else's line is named.
    office = open_office(filing_home.settings)
    findings = office.try_file(SHIPS, "能源月报.csv", ERRORS).outcome.findings
    assert answer.content.decode("gb18030").count("▲ 错误") == sum(
        finding.severity == "error" for finding in findings
    )


def test_another_firm_the_bureau_and_a_stranger_get_nothing_of_it(
    filing_home: FilingHome, client: TestClient
) -> None:
    address = kept(filing_home)
    assert client.get(address).status_code == 401
    for login in (POTS, "officer", "steward"):
        enter(client, filing_home, login)
        theirs = client.get(address)
        none = client.get("/files/corrected/abc")
        assert (theirs.status_code, none.status_code) == (404, 404)
        assert theirs.text == none.text


def test_a_file_in_which_nothing_is_wrong_any_more_has_no_marked_copy(
    filing_home: FilingHome, client: TestClient
) -> None:
    enter(client, filing_home, SHIPS)
    answer = client.get(kept(filing_home, form_csv("energy_monthly", *OCTOBER)))
    assert answer.status_code == 404
    assert "重新上传" in answer.text


def test_the_page_offers_the_copy_beside_its_errors_and_only_then(
    view: View, filing_home: FilingHome
) -> None:
    page = view(SHIPS)
    page.file_uploader[0].upload("errors.csv", ERRORS)
    page.run()
    (ticket,) = re.findall(r'href="/files/corrected/([\w-]+)"', text_of(page))
    held = SHELF.fetch(ticket, SHIPS, filing_home.settings.now())
    assert held is not None
    assert held.data == ERRORS
    page.file_uploader[0].upload("good.csv", form_csv("energy_monthly", *OCTOBER))
    page.run()
    assert not page.exception
    assert "/files/corrected/" not in text_of(page)


def test_a_kept_file_leaves_after_a_while_and_when_there_is_no_more_room() -> None:
    shelf = Shelf(most_bytes=10)
    first = shelf.put(SHIPS, "a.csv", b"12345", NOW)
    assert shelf.fetch(first, SHIPS, NOW + KEPT_FOR) is not None
    second = shelf.put(SHIPS, "b.csv", b"123456", NOW)
    assert shelf.fetch(first, SHIPS, NOW) is None
    assert shelf.fetch(second, POTS, NOW) is None
    assert shelf.fetch(second, None, NOW) is None
    assert shelf.fetch(second, SHIPS, NOW + KEPT_FOR + timedelta(seconds=1)) is None
