"""A clerk with a spreadsheet program: the firm's own workbook, a bad cell, the marked workbook, the receipt."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from browser_pages import NewPage, needs_browser, no_sideways_scroll, picture
from filing_home import SHIPS, FilingHome
from front_home import Front, served
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Page, expect

pytestmark = needs_browser
RUN_MS = 30_000


@pytest.fixture(scope="module")
def front(filing_home: FilingHome) -> Iterator[Front]:
    with served(filing_home) as running:
        yield running


def _taken(page: Page, link: str) -> tuple[str, bytes]:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).first.click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def _upload(page: Page, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    page.locator("input[type=file]").first.set_input_files(path)


def _write(sheet: Worksheet, line: int, **values: object) -> None:
    """Types into the cells below the headers that begin with these words."""
    heads = [str(cell.value) for cell in sheet[1]]
    for word, value in values.items():
        [column] = [n for n, head in enumerate(heads, start=1) if head.startswith(word)]
        sheet.cell(line, column, value)


def _bytes(book: openpyxl.Workbook) -> bytes:
    text = io.BytesIO()
    book.save(text)
    return text.getvalue()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_workbook_that_was_handed_out_is_filled_in_marked_mended_and_filed(
    front: Front, filing_home: FilingHome, new_page: NewPage, tmp_path: Path, width: int
) -> None:
    page = new_page(width, login=SHIPS)
    page.goto(front.url)
    expect(page.locator(".months")).to_be_visible(timeout=RUN_MS)
    name, data = _taken(page, "Excel 模板")
    assert name.endswith(".xlsx")
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["填报表"]
    # Its own code, month and items stand there, and September's closing stock of diesel.
    assert [cell.value for cell in sheet[3]][:6] == [SHIPS, "202610", None, "柴油", "吨", 1.5]
    _write(sheet, 2, 购进量=101, 购进金额=707, 工业生产消费量="约99", 非工业生产消费量=2)
    # At the second width another quantity: the same bytes would be the same filing.
    _write(sheet, 3, 购进量=9, 购进金额=68.4, 工业生产消费量=8.5 - width / 10_000)
    _write(sheet, 3, 期末库存量=2 + width / 10_000)
    _upload(page, tmp_path / name, _bytes(book))
    bad = page.locator(".verdict.bad")
    expect(bad).to_contain_text("有 1 处需要修改", timeout=RUN_MS)
    expect(bad).to_be_focused()
    expect(page.locator("table.filed td.bad")).to_have_text("约99")
    again = page.get_by_role("button", name="再选文件")
    drawn = "(button) => getComputedStyle(button, '::after').content"
    assert again.evaluate(drawn) == '"再选文件"'
    assert no_sideways_scroll(page)
    picture(page, f"filing_xlsx_errors_zh_{width}")

    name, data = _taken(page, "下载标注件")
    assert name.endswith("_核验标注.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["填报表"]
    marked = [cell for cell in sheet[2] if cell.value == "约99"]
    assert [cell.fill.fill_type for cell in marked] == ["solid"]
    assert "不是数字" in " ".join(str(cell.value) for cell in sheet[2])
    _write(sheet, 2, 工业生产消费量=99)
    _upload(page, tmp_path / name, _bytes(book))
    expect(page.locator(".verdict.good")).to_be_visible(timeout=RUN_MS)
    if width == 390:
        # October is in force since the first walk, and its due day is past.
        correction = page.get_by_role("textbox", name="更正原因")
        correction.fill("柴油油表读错，已更正")
        correction.press("Tab")
    page.get_by_text("我声明").click()
    button = page.get_by_role("button", name="确认报送")
    expect(button).to_be_enabled(timeout=RUN_MS)
    picture(page, f"filing_xlsx_ok_zh_{width}")
    button.click()
    number = page.locator(".verdict .number code")
    expect(number).to_be_visible(timeout=RUN_MS)
    assert filing_home.waiting() == [number.inner_text()]
    filing_home.run()
    expect(page.locator(".course .pill.good")).to_have_text("已接受", timeout=RUN_MS)
    assert no_sideways_scroll(page)
