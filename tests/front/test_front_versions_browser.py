"""Versions, differences and the audit form in a real browser, wide and narrow, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser_pages import NewPage, needs_browser, no_sideways_scroll, picture
from filing_home import ELECTRICITY, SHIPS, FilingHome, form_csv
from front_home import Front, served
from playwright.sync_api import expect

from greenmfg.portal import open_office

pytestmark = needs_browser
RUN_MS = 60_000
VIEWS = {"zh": "各版本与差异", "en": "Versions and differences"}

EFFECT = {"zh": "对本月指标的影响", "en": "What it does to the month's indicators"}


@pytest.fixture(scope="module")
def front(filing_home: FilingHome) -> Iterator[Front]:
    again = form_csv("energy_monthly", {**ELECTRICITY, "purchased": "104", "production_use": "102"})
    open_office(filing_home.settings).file(
        SHIPS, "september_2.csv", again, correction_reason="九月电表读错，按校准后的表底更正"
    )
    filing_home.run()
    with served(filing_home) as running:
        yield running


@pytest.mark.parametrize(("language", "width"), [("zh", 1280), ("zh", 390), ("en", 1280)])
def test_versions_and_the_audit_form_fit_the_screen(
    front: Front, new_page: NewPage, language: str, width: int
) -> None:
    page = new_page(width, login=SHIPS, language=language)
    page.goto(f"{front.url}/filings")
    page.get_by_text(VIEWS[language], exact=True).click(timeout=RUN_MS)
    expect(page.locator(".difference ins").first).to_have_text("104", timeout=RUN_MS)
    expect(page.get_by_text(EFFECT[language])).to_be_visible(timeout=RUN_MS)
    assert no_sideways_scroll(page)
    picture(page, f"versions_{language}_{width}")
    page.goto(f"{front.url}/audit")
    expect(page.locator("[data-testid=stForm]")).to_be_visible(timeout=RUN_MS)
    assert no_sideways_scroll(page)
    picture(page, f"audit_entry_{language}_{width}")
