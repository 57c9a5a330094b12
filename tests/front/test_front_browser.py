"""The walk of an officer and of a firm in a real browser, at three widths, in both languages."""

from __future__ import annotations

from pathlib import Path

import fixture_release
import pytest
from axe_pages import barriers
from browser_pages import WAIT_MS, NewPage, needs_browser, no_sideways_scroll, picture
from front_home import OTHER, OWN, Front
from playwright.sync_api import Page, expect

pytestmark = needs_browser
LONG = fixture_release.uscc(7)


def settled(page: Page, last: str) -> None:
    """Until the last panel stands, the charts are drawn and no rerun is under way."""
    expect(page.locator(last).first).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("[data-testid=stStatusWidget]")).to_have_count(0, timeout=WAIT_MS)
    expect(
        page.locator("[data-testid=stVegaLiteChart] canvas, .vega-embed svg").first
    ).to_be_visible()


def test_an_officer_signs_in_looks_at_a_firm_and_signs_out(front: Front, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{front.url}/enterprise")
    assert page.url.endswith("/account/sign-in")
    picture(page, "sign_in_zh_1440")
    page.fill("#login", "officer")
    page.fill("#password", "not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("账号或密码不正确，请重新输入。")
    page.fill("#password", front.home.passwords["officer"])
    page.keyboard.press("Enter")
    settled(page, ".st-key-panel_filing .heat")
    expect(page.locator(".card .value").first).to_have_text("0.0883")
    picture(page, "overview_zh_1440")

    row = page.locator(".bullets a.row").first
    row.focus()
    page.keyboard.press("Enter")
    settled(page, ".st-key-panel_behind .equation")
    expect(page.locator(".page-head h1")).to_have_text("示例企业118有限公司")
    assert OTHER in page.url
    picture(page, "enterprise_zh_1440")

    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/account/sign-in")
    page.goto(front.url)
    assert page.url.endswith("/account/sign-in")


def test_a_click_on_a_month_brings_its_arithmetic_and_rows(front: Front, new_page: NewPage) -> None:
    page = new_page(login="officer")
    page.goto(f"{front.url}/enterprise?uscc={OTHER}")
    settled(page, ".st-key-panel_behind .equation")
    title = page.locator(".st-key-panel_behind h2")
    expect(title).to_have_text("2026 年 10 月的数字从哪里来")
    chart = page.locator(".st-key-panel_bars [data-testid=stVegaLiteChart]")
    box = chart.bounding_box()
    assert box is not None
    # A third from the left and near the axis there is a bar of one of the first years.
    page.mouse.click(box["x"] + box["width"] / 3, box["y"] + box["height"] * 0.8)
    expect(title).not_to_have_text("2026 年 10 月的数字从哪里来")
    chosen = title.inner_text()
    year, month = chosen.split(" 年 ")[0], int(chosen.split(" 年 ")[1].split(" 月")[0])
    expect(page.locator(".st-key-panel_behind code").first).to_have_text(
        f"OR{year}{month:02d}-0118"
    )
    picture(page, "enterprise_clicked_month_zh_1440")


def test_a_panels_method_opens_and_its_csv_comes_down(front: Front, new_page: NewPage) -> None:
    page = new_page(login="officer")
    page.goto(front.url)
    settled(page, ".st-key-panel_filing .heat")
    panel = page.locator(".st-key-panel_target")
    panel.locator("summary").click()
    expect(panel.get_by_text("万元工业增加值能耗下降至0.08吨标准煤左右")).to_be_visible()
    picture(page, "method_zh_1440")
    with page.expect_download() as download:
        panel.get_by_text("CSV").click()
    path = Path(download.value.path())
    assert download.value.suggested_filename == "target_progress_T01.csv"
    assert path.read_bytes().startswith("\ufefftarget_id,month".encode())


@pytest.mark.parametrize("width", [390, 1920])
def test_the_pages_fit_a_phone_and_a_wide_screen(
    front: Front, new_page: NewPage, width: int
) -> None:
    page = new_page(width, login="officer")
    page.goto(front.url)
    settled(page, ".st-key-panel_filing .heat")
    assert no_sideways_scroll(page)
    picture(page, f"overview_zh_{width}")
    page.goto(f"{front.url}/enterprise?uscc={LONG}")
    settled(page, ".st-key-panel_behind .equation")
    expect(page.locator(".page-head h1")).to_have_text(fixture_release.LONG_NAME)
    assert no_sideways_scroll(page)
    picture(page, f"enterprise_zh_{width}")


def test_the_sign_in_page_fits_a_phone(front: Front, new_page: NewPage) -> None:
    page = new_page(390)
    page.goto(front.url)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, "sign_in_zh_390")


def test_the_language_switch_changes_everything_and_stays_on_the_page(
    front: Front, new_page: NewPage
) -> None:
    page = new_page(login="officer")
    page.goto(f"{front.url}/enterprise?uscc={OTHER}")
    settled(page, ".st-key-panel_behind .equation")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("link", name="Overview")).to_be_visible()
    assert page.url.startswith(f"{front.url}/enterprise")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Overview").click()
    settled(page, ".st-key-panel_filing .heat")
    expect(page.locator(".page-head h1")).to_have_text("District overview")
    picture(page, "overview_en_1440")
    page.goto(f"{front.url}/enterprise?uscc={OTHER}")
    settled(page, ".st-key-panel_behind .equation")
    picture(page, "enterprise_en_1440")


def test_a_firm_sees_itself_whatever_the_address_asks_for(front: Front, new_page: NewPage) -> None:
    page = new_page(390, login=OWN)
    page.goto(f"{front.url}/enterprise?uscc={OTHER}")
    settled(page, ".st-key-panel_behind .equation")
    expect(page.locator(".page-head h1")).to_have_text("示例企业001有限公司")
    assert OTHER not in page.content()
    picture(page, "firm_zh_390")


def test_filters_and_pages_of_the_firms_list_work_alone(front: Front, new_page: NewPage) -> None:
    page = new_page(login="officer")
    page.goto(front.url)
    settled(page, ".st-key-panel_filing .heat")
    first = page.locator(".bullets .name").first
    expect(first).to_have_text("示例企业118有限公司")
    page.get_by_role("button", name="第 2 页").click()
    expect(page.locator(".bullets .rank").nth(1)).to_have_text("11")
    page.locator(".st-key-groups, .st-key-panel_groups").get_by_text("产业集群").first.click()
    expect(page.locator(".st-key-panel_groups td").first).to_contain_text("其他")


@pytest.mark.parametrize(("width", "language"), [(390, "zh"), (1440, "en")])
@pytest.mark.parametrize(
    ("page_name", "last"),
    [
        ("audits", ".st-key-panel_park_audits .scroll"),
        ("benchmarks", ".st-key-panel_efficiency_scores .scroll"),
        ("quality", ".st-key-panel_quality_firms .scroll"),
    ],
)
def test_the_bureaus_other_pages_fit_a_phone_and_a_desk_and_keep_nobody_out(
    front: Front, new_page: NewPage, page_name: str, last: str, width: int, language: str
) -> None:
    page = new_page(width, login="officer", language=language)
    page.goto(f"{front.url}/{page_name}")
    expect(page.locator(last).first).to_be_visible(timeout=WAIT_MS)
    assert no_sideways_scroll(page)
    assert barriers(page) == []
    picture(page, f"{page_name}_{language}_{width}")
