"""A clerk without a mouse: a bad file, its corrected copy, a good one and a nil return."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_pages import NewPage, at_rest, needs_browser
from filing_home import POTS, SAMPLES, SHIPS, FilingHome
from front_home import Front, served
from playwright.sync_api import Page, expect

pytestmark = needs_browser
RUN_MS = 60_000
# Farther than the whole way round a page.
MOST_STEPS = 120
GOOD = (SAMPLES / "energy_corrected.csv").read_bytes().decode("gb18030")
# Neither the help beside the box nor the cross on a file that was chosen.
FILE_BUTTON = (
    "[data-testid=stFileUploader] button[data-testid]:not([data-testid=stBaseButton-minimal])"
)


@pytest.fixture(scope="module")
def front(filing_home: FilingHome) -> Iterator[Front]:
    with served(filing_home) as running:
        yield running


def _focused(page: Page, what: str) -> bool:
    return bool(page.evaluate("(what) => document.activeElement.matches(what)", what))


def _tab_to(page: Page, what: str, key: str = "Tab") -> None:
    """Steps on until `what` has the focus, and sees that it can be seen where it is."""
    at_rest(page)
    for _ in range(MOST_STEPS):
        page.keyboard.press(key)
        if _focused(page, what):
            break
    else:
        raise AssertionError(f"the keyboard does not reach {what}")
    # The box of a check mark is drawn by its label.
    drawn = page.locator(":focus").locator("xpath=(ancestor-or-self::label|.)[1]")
    expect(drawn).to_be_in_viewport()


def _sign_in(page: Page, front: Front, login: str) -> None:
    # Choosers are taken over from the start: asked for only beside the key, the browser may open
    # one of its own before it has heard so, which nobody sees.
    page.on("filechooser", lambda _: None)
    page.goto(front.url)
    _tab_to(page, "#login")
    page.keyboard.type(login)
    _tab_to(page, "#password")
    page.keyboard.type(front.home.passwords[login])
    page.keyboard.press("Enter")
    expect(page.locator(".months")).to_be_visible(timeout=RUN_MS)


def _choose(page: Page, path: Path, key: str = "Tab") -> None:
    _tab_to(page, FILE_BUTTON, key)
    at_rest(page)
    with page.expect_file_chooser(timeout=RUN_MS) as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(path)


def _mended(marked: str) -> str:
    """The marked copy as a clerk mends it in a spreadsheet: good rows over the bad ones, and the
    marks left where they were."""
    head, *rows = csv.reader(io.StringIO(marked))
    width = len(next(csv.reader(io.StringIO(GOOD))))
    assert head[width:], "the copy bears marks"
    good = list(csv.reader(io.StringIO(GOOD)))[1:]
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(head)
    for new, old in zip(good, rows, strict=False):
        out.writerow([*new[:width], *old[width:]])
    return text.getvalue()


def test_a_clerk_without_a_mouse_mends_a_bad_file_by_its_marked_copy_and_files_it(
    front: Front, filing_home: FilingHome, new_page: NewPage, tmp_path: Path
) -> None:
    page = new_page(1280)
    _sign_in(page, front, SHIPS)
    _choose(page, SAMPLES / "energy_many_errors.csv")
    summary = page.locator(".verdict.bad")
    expect(summary).to_be_focused(timeout=RUN_MS)
    at_rest(page)
    page.keyboard.press("Tab")
    assert _focused(page, ".verdict.bad li:first-child a")
    page.keyboard.press("Enter")
    row = page.locator("table.filed tr:focus")
    expect(row).to_have_count(1)
    expect(row).to_be_in_viewport()
    expect(row.locator("td.bad").first).to_be_visible()

    _tab_to(page, ".take a", "Shift+Tab")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    copy = tmp_path / download.value.suggested_filename
    marked = download.value.path().read_bytes()
    copy.write_bytes(_mended(marked.decode("gb18030")).encode("gb18030"))
    _choose(page, copy, "Shift+Tab")
    good = page.locator(".verdict.good")
    expect(good).to_be_focused(timeout=RUN_MS)
    _tab_to(page, "[class*=st-key-declared_] input")
    page.keyboard.press("Space")
    expect(page.locator(".st-key-file_it button")).to_be_enabled(timeout=RUN_MS)
    _tab_to(page, ".st-key-file_it button")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict .number code")).to_be_visible(timeout=RUN_MS)
    # The verdict of the check stands, pale, until the run is over.
    filed = page.locator('.verdict.good[data-focus^="filed"]')
    expect(filed).to_be_focused(timeout=RUN_MS)
    number = page.locator(".verdict .number code").inner_text()
    assert filing_home.waiting() == [number]
    filing_home.run()
    expect(page.locator(".course .pill.good")).to_have_text("已接受", timeout=RUN_MS)
    _tab_to(page, ".verdict a.button")
    with page.context.expect_page() as receipt:
        page.keyboard.press("Enter")
    expect(receipt.value.locator(".number")).to_have_text(number)


def test_a_clerk_without_a_mouse_files_a_nil_return(
    front: Front, filing_home: FilingHome, new_page: NewPage
) -> None:
    page = new_page(390)
    _sign_in(page, front, POTS)
    _tab_to(page, ".st-key-nil_ask button")
    page.keyboard.press("Space")
    expect(page.locator(".st-key-nil_confirm button")).to_be_visible(timeout=RUN_MS)
    _tab_to(page, ".st-key-nil_confirm button")
    page.keyboard.press("Enter")
    number = page.locator(".verdict .number code")
    expect(number).to_be_visible(timeout=RUN_MS)
    # The verdict of the check stands, pale, until the run is over.
    filed = page.locator('.verdict.good[data-focus^="filed"]')
    expect(filed).to_be_focused(timeout=RUN_MS)
    assert filing_home.waiting() == [number.inner_text()]
    filing_home.run()
    expect(page.locator(".course .pill.good")).to_have_text("已接受", timeout=RUN_MS)


def test_a_refused_file_takes_the_focus_and_the_way_out_is_reached(
    front: Front, new_page: NewPage
) -> None:
    page = new_page(1280)
    _sign_in(page, front, SHIPS)
    _choose(page, SAMPLES / "a_picture.csv")
    refused = page.locator(".verdict.bad")
    expect(refused).to_be_focused(timeout=RUN_MS)
    expect(refused).to_contain_text("无法作为报表读取")
    _tab_to(page, ".me button", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/sign-in")
