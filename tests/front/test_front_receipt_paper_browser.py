"""The receipt on paper: one A4 page with its code, whatever was filed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import fixture_release
import pytest
from browser_pages import ARTEFACTS, NewPage, needs_browser, picture
from filing_home import ELECTRICITY, SAMPLES, SHIPS, FilingHome, form_csv
from front_home import Front, served
from playwright.sync_api import Page, expect

pytestmark = needs_browser
LONG = fixture_release.LONG_NAME
YEAR = [{**ELECTRICITY, "period": f"2025{month:02d}"} for month in range(1, 13)]
FIRM_OF_A_LONG_NAME = "示例船舶配套有限公司"


@pytest.fixture(scope="module")
def front(filing_home: FilingHome) -> Iterator[Front]:
    """The first firm has the longest name there is."""
    register = (SAMPLES / "register.csv").read_text("utf-8-sig").replace(FIRM_OF_A_LONG_NAME, LONG)
    filing_home.file("steward", "register_2.csv", register.encode("utf-8-sig"))
    filing_home.run()
    with served(filing_home) as running:
        yield running


def _pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def _printed(page: Page, name: str) -> bytes:
    pdf: bytes = page.pdf(path=str(ARTEFACTS / f"{name}.pdf"), prefer_css_page_size=True)
    return pdf


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("what", ["year", "errors", "waiting"])
def test_a_receipt_is_one_a4_page_with_its_code(
    front: Front, filing_home: FilingHome, new_page: NewPage, language: str, what: str
) -> None:
    data = {
        "year": form_csv("energy_monthly", *YEAR),
        "errors": form_csv(
            "energy_monthly",
            *({**row, "production_use": "约9", "energy_item": "煤气"} for row in YEAR),
        ),
        "waiting": form_csv("energy_monthly", {**ELECTRICITY, "period": "202412"}),
    }[what]
    name = f"{what}_{'很长的文件名' * 12}.csv"
    number = filing_home.file(SHIPS, name, data)
    if what != "waiting":
        filing_home.run()
    page = new_page(1280, login=SHIPS, language=language)
    page.goto(f"{front.url}/files/receipt/{number}")
    expect(page.get_by_text(LONG).first).to_be_visible()
    if what == "year":
        expect(page.locator("table").first.locator("tbody tr")).to_have_count(12)
    pdf = _printed(page, f"receipt_{what}_{language}")
    assert _pages(pdf) == 1
    assert re.search(rb"/MediaBox\s*\[0 0 59[45][.\d]* 84[12]", pdf)
    page.emulate_media(media="print")
    code = page.locator("footer img")
    expect(code).to_be_visible()
    assert page.evaluate("document.querySelector('footer img').naturalWidth") > 100
    expect(page.locator(".tools")).to_be_hidden()
    picture(page, f"receipt_paper_{what}_{language}")


def test_what_has_no_room_on_paper_is_told_there_and_stands_on_the_screen(
    front: Front, filing_home: FilingHome, new_page: NewPage
) -> None:
    rows = [{**row, "production_use": "约9"} for row in YEAR]
    number = filing_home.file(SHIPS, "errors.csv", form_csv("energy_monthly", *rows))
    filing_home.run()
    page = new_page(1280, login=SHIPS)
    page.goto(f"{front.url}/files/receipt/{number}")
    findings = page.locator("table").last.locator("tbody tr")
    expect(findings).to_have_count(12)
    expect(findings.last).to_be_visible()
    expect(page.locator(".paper")).to_be_hidden()
    page.emulate_media(media="print")
    expect(findings.last).to_be_hidden()
    left = 12 - findings.filter(visible=True).count()
    assert left > 0
    expect(page.locator(".paper")).to_have_text(
        f"另有 {left} 条，纸上放不下，请在平台“我的报送”中查看。"
    )


def test_a_file_of_many_firms_with_long_names_is_one_page_for_its_steward(
    front: Front, filing_home: FilingHome, new_page: NewPage
) -> None:
    register = (SAMPLES / "register.csv").read_text("utf-8-sig").splitlines()
    own = register[1].replace(FIRM_OF_A_LONG_NAME, LONG)
    rows = [own.replace(SHIPS, fixture_release.uscc(number)) for number in range(1, 21)]
    data = "\r\n".join([register[0], *rows, ""]).encode("utf-8-sig")
    number = filing_home.file("steward", "many.csv", data)
    filing_home.run()
    page = new_page(1280, login="steward")
    page.goto(f"{front.url}/files/receipt/{number}")
    firms = page.locator("table").first.locator("tbody tr")
    expect(firms).to_have_count(20)
    expect(firms.first).to_contain_text(LONG)
    assert _pages(_printed(page, "receipt_register")) == 1
