"""A clerk files in a real browser: a good file, a bad one and its mended version, a nil return."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from browser_pages import ARTEFACTS, NewPage, needs_browser, no_sideways_scroll, picture
from filing_home import ELECTRICITY, OCTOBER, POTS, SAMPLES, SHIPS, FilingHome, form_csv, odd_stock
from front_home import Front, served
from playwright.sync_api import Page, expect

pytestmark = needs_browser
RUN_MS = 30_000


@pytest.fixture(scope="module")
def front(filing_home: FilingHome) -> Iterator[Front]:
    """Takes the place of the other fixture: this one's firms are in a registry."""
    with served(filing_home) as running:
        yield running


def _upload(page: Page, name: str, data: bytes) -> None:
    kind = "text/csv" if name.endswith(".csv") else "application/octet-stream"
    box = page.locator("[data-testid=stFileUploaderDropzoneInput], input[type=file]").first
    box.set_input_files({"name": name, "mimeType": kind, "buffer": data})


def _open(page: Page, front: Front) -> None:
    page.goto(front.url)
    expect(page.locator(".months")).to_be_visible(timeout=RUN_MS)


def test_a_bad_file_is_mended_and_filed_and_its_course_is_followed(
    front: Front,
    filing_home: FilingHome,
    new_page: NewPage,
) -> None:
    page = new_page(1280, login=SHIPS)
    _open(page, front)
    expect(page.locator(".page-head h1")).to_have_text("报送 2026 年 10 月报表")
    picture(page, "filing_start_zh_1280")
    _upload(page, "能源月报.csv", (SAMPLES / "energy_many_errors.csv").read_bytes())
    summary = page.locator(".verdict.bad")
    expect(summary).to_be_visible(timeout=RUN_MS)
    expect(summary).to_be_focused()
    expect(page.locator("table.filed td.bad").first).to_be_visible()
    expect(page.get_by_role("button", name="确认报送")).to_have_count(0)
    picture(page, "filing_errors_zh_1280")
    summary.locator("a").first.click()
    expect(page.locator("table.filed tr:focus")).to_have_count(1)
    assert filing_home.waiting() == []

    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注件").click()
    copy = download.value.path().read_bytes()
    assert download.value.suggested_filename == "能源月报_核验标注.csv"
    assert "※核验意见" in copy.decode("gb18030")
    _upload(page, download.value.suggested_filename, copy)
    seen = f"checked {hashlib.sha256(copy).hexdigest()}"
    expect(summary).to_have_attribute("data-focus", seen, timeout=RUN_MS)
    expect(summary).to_contain_text("有 10 处需要修改")

    _upload(page, "能源月报_改.csv", (SAMPLES / "energy_corrected.csv").read_bytes())
    expect(page.locator(".verdict.good")).to_be_visible(timeout=RUN_MS)
    button = page.get_by_role("button", name="确认报送")
    expect(button).to_be_disabled()
    page.get_by_text("我声明").click()
    expect(button).to_be_enabled()
    picture(page, "filing_ok_zh_1280")
    button.dblclick()
    expect(page.locator(".verdict .number code")).to_be_visible(timeout=RUN_MS)
    assert len(filing_home.waiting()) == 1
    number = page.locator(".verdict .number code").inner_text()
    picture(page, "filing_received_zh_1280")
    filing_home.run()
    expect(page.locator(".course .pill.good")).to_have_text("已接受", timeout=RUN_MS)
    picture(page, "filing_accepted_zh_1280")

    page.reload()
    expect(page.locator(".verdict .number code")).to_have_text(number, timeout=RUN_MS)
    page.goto(f"{front.url}/files/receipt/{number}")
    expect(page.locator("h1")).to_have_text("报送回执")
    picture_of_print(page, "receipt_zh")
    page.goto(f"{front.url}/filings")
    expect(page.locator("details.mine").first).to_contain_text("能源月报_改.csv", timeout=RUN_MS)
    page.locator("details.mine summary").first.click()
    picture(page, "filings_zh_1280")


def test_a_warning_wants_its_reason_and_is_then_accepted(
    front: Front,
    filing_home: FilingHome,
    new_page: NewPage,
) -> None:
    page = new_page(390, login=SHIPS)
    _open(page, front)
    picture(page, "filing_start_zh_390")
    _upload(page, "stock.csv", odd_stock())
    expect(page.locator(".verdict.warn")).to_be_visible(timeout=RUN_MS)
    page.get_by_text("我声明").click()
    button = page.get_by_role("button", name="确认报送")
    expect(button).to_be_disabled()
    reason = page.get_by_role("textbox", name="原因 1")
    reason.fill("九月底盘点少记一桶")
    reason.press("Tab")
    # October was filed and accepted above, and its due day is past.
    correction = page.get_by_role("textbox", name="更正原因")
    correction.fill("盘点后更正")
    correction.press("Tab")
    expect(button).to_be_enabled(timeout=RUN_MS)
    assert no_sideways_scroll(page)
    picture(page, "filing_warning_zh_390")
    button.click()
    expect(page.locator(".verdict .number code")).to_be_visible(timeout=RUN_MS)
    filing_home.run()
    expect(page.locator(".course .pill.good")).to_have_text("已接受", timeout=RUN_MS)
    assert no_sideways_scroll(page)
    picture(page, "filing_accepted_zh_390")
    page.goto(f"{front.url}/filings")
    page.locator("details.mine summary").first.click()
    expect(page.locator("details.mine").first).to_contain_text("已说明：九月底盘点少记一桶")
    picture(page, "filings_zh_390")


def test_a_wrong_file_is_refused_with_advice(front: Front, new_page: NewPage) -> None:
    page = new_page(390, login=SHIPS)
    _open(page, front)
    _upload(page, "a_picture.csv", (SAMPLES / "a_picture.csv").read_bytes())
    refused = page.locator(".verdict.bad")
    expect(refused).to_contain_text("无法作为报表读取", timeout=RUN_MS)
    expect(refused).to_be_focused()
    picture(page, "filing_refused_zh_390")
    _upload(page, "empty.csv", b"")
    expect(refused).to_contain_text("空", timeout=RUN_MS)


def test_a_nil_return_takes_two_clicks(
    front: Front,
    filing_home: FilingHome,
    new_page: NewPage,
) -> None:
    page = new_page(1280, login=POTS)
    _open(page, front)
    page.get_by_role("button", name="停产，零申报").click()
    confirm = page.get_by_role("button", name="声明属实，报送零申报")
    expect(confirm).to_be_visible(timeout=RUN_MS)
    picture(page, "filing_nil_zh_1280")
    confirm.click()
    expect(page.locator(".verdict .number code")).to_be_visible(timeout=RUN_MS)
    filing_home.run()
    expect(page.locator(".course .pill.good")).to_have_text("已接受", timeout=RUN_MS)
    october = page.locator(".months tbody tr").first
    expect(october).to_contain_text("零报表")
    expect(october.locator(".pill")).to_have_text(["迟报", "迟报"])


def test_two_tabs_and_the_back_button_file_once(
    front: Front,
    filing_home: FilingHome,
    new_page: NewPage,
) -> None:
    data = form_csv("energy_monthly", {**ELECTRICITY, "uscc": POTS, "period": "202609"})
    first = new_page(1280, login=POTS)
    second = first.context.new_page()
    numbers = []
    for page in (first, second):
        _open(page, front)
        _upload(page, "september.csv", data)
        expect(page.locator(".verdict.good")).to_be_visible(timeout=RUN_MS)
        page.get_by_text("我声明").click()
    for page in (first, second):
        page.get_by_role("button", name="确认报送").click()
        expect(page.locator(".verdict .number code")).to_be_visible(timeout=RUN_MS)
        numbers.append(page.locator(".verdict .number code").inner_text())
    assert numbers[0] == numbers[1]
    expect(second.get_by_text("没有重复报送")).to_be_visible()
    first.go_back()
    expect(first.locator("[data-testid=stFileUploader]")).to_be_visible(timeout=RUN_MS)
    assert filing_home.waiting() == [numbers[0]]
    filing_home.run()


def test_a_year_of_back_files_is_filed_in_one_go(
    front: Front,
    filing_home: FilingHome,
    new_page: NewPage,
) -> None:
    page = new_page(390, login=POTS)
    _open(page, front)
    page.get_by_text("一次报送多个文件").click()
    expect(page.get_by_text("选择全部文件")).to_be_visible(timeout=RUN_MS)
    files = {
        f"2025-{month:02d}.csv": form_csv(
            "energy_monthly", {**ELECTRICITY, "uscc": POTS, "period": f"2025{month:02d}"}
        )
        for month in range(1, 7)
    }
    files["2025-07.csv"] = form_csv(
        "energy_monthly", {**ELECTRICITY, "uscc": POTS, "period": "202507", "production_use": "约9"}
    )
    page.locator("input[type=file]").first.set_input_files(
        [{"name": n, "mimeType": "text/csv", "buffer": data} for n, data in files.items()]
    )
    summary = page.locator(".verdict").first
    expect(summary).to_contain_text("共 7 个文件，6 个可以报送", timeout=RUN_MS)
    expect(summary).to_be_focused()
    assert no_sideways_scroll(page)
    picture(page, "filing_several_zh_390")
    page.get_by_text("我声明").click()
    button = page.get_by_role("button", name="确认报送 6 个文件")
    expect(button).to_be_enabled(timeout=RUN_MS)
    button.dblclick()
    expect(page.get_by_text("6 个文件已收妥")).to_be_visible(timeout=RUN_MS)
    assert len(filing_home.waiting()) == 6
    filing_home.run()
    expect(page.locator("table.rows .pill.good")).to_have_count(6, timeout=RUN_MS)
    assert no_sideways_scroll(page)
    picture(page, "filing_several_accepted_zh_390")


def test_a_connection_that_drops_at_the_declaration_leaves_one_filing(
    front: Front,
    filing_home: FilingHome,
    new_page: NewPage,
) -> None:
    data = form_csv("energy_monthly", {**ELECTRICITY, "uscc": POTS, "period": "202604"})

    def declared() -> Page:
        page = new_page(1280, login=POTS)
        _open(page, front)
        _upload(page, "april.csv", data)
        expect(page.locator(".verdict.good")).to_be_visible(timeout=RUN_MS)
        page.get_by_text("我声明").click()
        expect(page.get_by_role("button", name="确认报送")).to_be_enabled(timeout=RUN_MS)
        return page

    gone = declared()
    gone.get_by_role("button", name="确认报送").click()
    # The answer never comes: the clerk's line is dead before the receipt.
    gone.context.close()
    again = declared()
    again.get_by_role("button", name="确认报送").click()
    expect(again.locator(".verdict .number code")).to_be_visible(timeout=RUN_MS)
    number = again.locator(".verdict .number code").inner_text()
    assert filing_home.waiting() == [number]
    again.context.set_offline(True)
    filing_home.run()
    again.context.set_offline(False)
    again.reload()
    expect(again.locator(".course .pill.good")).to_have_text("已接受", timeout=RUN_MS)
    assert filing_home.waiting() == []


def test_the_filing_page_is_all_there_in_english(front: Front, new_page: NewPage) -> None:
    page = new_page(1280, login=SHIPS, language="en")
    _open(page, front)
    _upload(page, "october.csv", form_csv("energy_monthly", *OCTOBER))
    expect(page.locator(".verdict.good, .verdict.warn")).to_be_visible(timeout=RUN_MS)
    picture(page, "filing_ok_en_1280")


def picture_of_print(page: Page, name: str) -> None:
    page.pdf(path=str(ARTEFACTS / f"{name}.pdf"), format="A4", print_background=True)
    page.screenshot(path=str(ARTEFACTS / f"{name}.png"), full_page=True)
