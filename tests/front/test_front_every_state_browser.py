"""Each page of a firm in each of its states: no barrier, nothing beside the screen, and a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import fixture_release
import pytest
from axe_pages import barriers
from browser_pages import NewPage, at_rest, needs_browser, no_sideways_scroll, picture
from filing_home import (
    ELECTRICITY,
    POTS,
    SAMPLES,
    SHIPS,
    FilingHome,
    form_csv,
    odd_stock,
)
from front_home import OWN, SILENT, Front, Home, make_home, publish_fixture, served
from playwright.sync_api import Browser, Locator, Page, expect

from greenmfg.portal import open_office

pytestmark = needs_browser
RUN_MS = 60_000
SCREENS = [("zh", 1280), ("zh", 390), ("en", 1280), ("en", 390)]
ERRORS = (SAMPLES / "energy_many_errors.csv").read_bytes()

Look = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def front(filing_home: FilingHome) -> Iterator[Front]:
    """Beside September: its correction, and a report that came back."""
    again = form_csv("energy_monthly", {**ELECTRICITY, "purchased": "104", "production_use": "102"})
    open_office(filing_home.settings).file(
        SHIPS, "september_2.csv", again, correction_reason="九月电表读错，按校准后的表底更正"
    )
    filing_home.run()
    filing_home.file(SHIPS, "能源月报_十月.csv", ERRORS)
    filing_home.run()
    with served(filing_home) as running:
        yield running


@pytest.fixture(params=SCREENS, ids=[f"{language}_{width}" for language, width in SCREENS])
def screen(request: pytest.FixtureRequest) -> tuple[str, int]:
    given: tuple[str, int] = request.param
    return given


@pytest.fixture
def look(screen: tuple[str, int]) -> Look:
    language, width = screen

    def at(page: Page, name: str) -> None:
        at_rest(page)
        assert barriers(page) == [], name
        streamlit = page.locator("[data-testid=stMain]").count() > 0
        fits = (
            no_sideways_scroll(page)
            if streamlit
            else page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        )
        assert fits, name
        picture(page, f"state_{name}_{language}_{width}")

    return at


def _upload(page: Page, *files: tuple[str, bytes]) -> None:
    page.locator("input[type=file]").first.set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": data} for name, data in files]
    )


def _seen(page: Page, where: str) -> Locator:
    found = page.locator(where).first
    expect(found).to_be_visible(timeout=RUN_MS)
    return found


def _declare(page: Page) -> None:
    _seen(page, "[class*=st-key-declared_]")
    # Not the boxes of the file before this one.
    at_rest(page)
    for box in page.locator("[class*=st-key-declared_] label, [class*=st-key-tidied_] label").all():
        box.click()
    expect(page.locator(".st-key-file_it button, .st-key-file_all button")).to_be_enabled(
        timeout=RUN_MS
    )


def test_no_state_of_a_filing_has_a_barrier_or_runs_off_the_screen(
    front: Front,
    filing_home: FilingHome,
    new_page: NewPage,
    screen: tuple[str, int],
    look: Look,
) -> None:
    language, width = screen
    page = new_page(width, login=SHIPS, language=language)
    page.goto(front.url)
    _seen(page, ".months")
    look(page, "start")
    _upload(page, ("能源月报.csv", ERRORS))
    _seen(page, ".verdict.bad")
    look(page, "errors")
    with page.expect_download() as download:
        page.locator(".take a").click()
    marked = download.value.path().read_bytes()
    _upload(page, (download.value.suggested_filename, marked))
    expect(page.locator(".verdict.bad li").first).to_be_visible(timeout=RUN_MS)
    look(page, "marked_copy")
    _upload(page, ("picture.csv", (SAMPLES / "a_picture.csv").read_bytes()))
    _seen(page, ".verdict.bad .remedy")
    look(page, "refused")
    _upload(page, ("stock.csv", odd_stock()))
    _seen(page, ".verdict.warn")
    look(page, "warning")
    # A month of its own for each screen, so that each walk files something new.
    month = f"2025{SCREENS.index(screen) + 1:02d}"
    row = {**ELECTRICITY, "period": f"{month[:4]}年{int(month[4:])}月", "purchased": "１０１"}
    _upload(page, (f"{month}.csv", form_csv("energy_monthly", row)))
    _seen(page, ".verdict.good")
    page.locator("details.tidied summary").click()
    _declare(page)
    look(page, "declared")
    page.locator(".st-key-file_it button").click()
    _seen(page, ".verdict .number code")
    look(page, "received")
    number = page.locator(".verdict .number code").inner_text()
    filing_home.run()
    _seen(page, ".course .pill.good")
    look(page, "accepted")
    page.goto(f"{front.url}/files/receipt/{number}")
    look(page, "receipt")


def test_no_state_of_a_nil_return_or_of_several_files_has_a_barrier(
    front: Front,
    filing_home: FilingHome,
    new_page: NewPage,
    screen: tuple[str, int],
    look: Look,
) -> None:
    language, width = screen
    page = new_page(width, login=POTS, language=language)
    page.goto(front.url)
    _seen(page, ".months")
    page.locator(".st-key-nil_ask button").click()
    _seen(page, ".st-key-nil_confirm button")
    look(page, "nil_return")
    page.locator(".st-key-several label").first.click()
    _seen(page, "[data-testid=stFileUploader]")
    first = 1 + 2 * SCREENS.index(screen)
    months = [f"2025{first:02d}", f"2025{first + 1:02d}"]
    files = [
        (f"{m}.csv", form_csv("energy_monthly", {**ELECTRICITY, "uscc": POTS, "period": m}))
        for m in months
    ]
    expect(page.locator("input[type=file][multiple]")).to_have_count(1, timeout=RUN_MS)
    _upload(page, *files, ("能源月报.csv", ERRORS))
    _seen(page, "[data-testid=stExpander]")
    _seen(page, ".verdict.bad")
    look(page, "several")
    _declare(page)
    page.locator(".st-key-file_all button").click()
    _seen(page, "table.rows .pill")
    filing_home.run()
    expect(page.locator("table.rows .pill.good")).to_have_count(2, timeout=RUN_MS)
    look(page, "several_accepted")


def test_no_state_of_my_filings_or_of_the_audit_form_has_a_barrier(
    front: Front,
    new_page: NewPage,
    screen: tuple[str, int],
    look: Look,
) -> None:
    language, width = screen
    page = new_page(width, login=SHIPS, language=language)
    page.goto(f"{front.url}/filings")
    _seen(page, "details.mine")
    for summary in page.locator("details.mine summary").all():
        summary.click()
    look(page, "filings")
    page.locator(".st-key-mine_view label").last.click()
    _seen(page, "details.mine")
    september = "2026 年 9 月" if language == "zh" else "Sep 2026"
    page.locator(".st-key-versions_of button").first.click()
    page.get_by_role("option").filter(has_text=september).first.click()
    expect(page.locator(".difference ins").first).to_have_text("104", timeout=RUN_MS)
    look(page, "versions")
    page.goto(f"{front.url}/audit")
    _seen(page, "[data-testid=stForm]")
    look(page, "audit_entry")
    page.locator("[data-testid=stFormSubmitButton] button").click()
    _seen(page, ".verdict.bad")
    look(page, "audit_errors")


def test_no_state_of_an_audit_stage_on_its_way_to_the_receipt_has_a_barrier(
    front: Front,
    filing_home: FilingHome,
    new_page: NewPage,
    screen: tuple[str, int],
    look: Look,
) -> None:
    language, width = screen
    page = new_page(width, login=SHIPS, language=language)
    page.goto(f"{front.url}/audit")
    _seen(page, "[data-testid=stForm]")
    # A round of its own at each screen: the same bytes would be the same filing.
    page.locator(".st-key-audit_audit_round input").fill(str(2023 + SCREENS.index(screen)))
    # Voluntary, which needs no reason for being listed; the start of the audit.
    for name, choice in (("stream", -1), ("stage", 1)):
        page.locator(f".st-key-audit_{name} [data-testid=stSelectbox] button").last.click()
        page.get_by_role("option").nth(choice).click()
    day = page.locator(".st-key-audit_event_date input").first
    day.fill("2026-10-20")
    day.press("Tab")
    page.locator("[data-testid=stFormSubmitButton] button").click()
    _seen(page, "[class*=st-key-audit_declared_]")
    look(page, "audit_checked")
    page.locator("[class*=st-key-audit_declared_] label").click()
    button = page.locator(".st-key-audit_file button")
    expect(button).to_be_enabled(timeout=RUN_MS)
    look(page, "audit_declared")
    button.click()
    _seen(page, ".verdict .number code")
    look(page, "audit_received")
    filing_home.run()
    expect(page.locator(".course .pill.good")).to_have_count(1, timeout=RUN_MS)
    look(page, "audit_accepted")


def test_the_sign_in_has_no_barrier_before_and_after_a_refusal(
    front: Front, new_page: NewPage, screen: tuple[str, int], look: Look
) -> None:
    language, width = screen
    page = new_page(width, language=language)
    page.goto(front.url)
    look(page, "sign_in")
    page.fill("#login", SHIPS)
    page.fill("#password", "not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "sign_in_refused")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """A home with a release: what a firm sees of its own figures."""
    folder = tmp_path_factory.mktemp("published")
    home: Home = make_home(folder / "home")
    release = folder / "release"
    release.mkdir()
    publish_fixture(home, fixture_release.write_release(release))
    with served(home) as running:
        yield running


@pytest.mark.parametrize(
    ("login", "last"), [(OWN, ".equation"), (SILENT, ".st-key-panel_rounds")], ids=["own", "silent"]
)
def test_my_indicators_have_no_barrier_for_a_firm_that_files_and_one_that_never_did(
    published: Front,
    browser: Browser,
    screen: tuple[str, int],
    look: Look,
    login: str,
    last: str,
) -> None:
    language, width = screen
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies(
        [
            {"name": "gm_language", "value": language, "url": published.url},
            {"name": "gm_session", "value": published.home.token(login), "url": published.url},
        ]
    )
    page = context.new_page()
    page.goto(f"{published.url}/own")
    _seen(page, last)
    for method in page.locator("details.method summary").all():
        method.click()
        method.click()
    look(page, "own" if login == OWN else "own_silent")
    context.close()
