"""The steward sees which closed months were changed, and first those of which nobody said why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from filing_home import DIESEL, ELECTRICITY, SHIPS, FilingHome, form_csv, make_filing_home
from front_home import publish_fixture
from page_views import View, opening, text_of

from greenmfg.portal import open_office

WHY = "九月电表读错，按校准后的表底更正"


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory, release_file: Path) -> FilingHome:
    """September corrected twice: through the pages with a reason, then by the inbox without."""
    home = make_filing_home(tmp_path_factory.mktemp("corrected") / "home")
    publish_fixture(home, release_file)
    for use, reason in (("97", WHY), ("96", "")):
        row = {**ELECTRICITY, "production_use": use}
        row["purchased"] = str(int(use) + 2)
        data = form_csv("energy_monthly", row, DIESEL)
        if reason:
            office = open_office(home.settings)
            office.file(SHIPS, "september_told.csv", data, correction_reason=reason)
        else:
            home.file(SHIPS, "september_silent.csv", data)
        home.run()
    return home


@pytest.fixture
def view(corrected: FilingHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    with opening(corrected, monkeypatch) as open_page:
        yield open_page


def test_the_silent_correction_stands_first_and_the_other_with_its_reason(view: View) -> None:
    page = text_of(view("steward", "quality"))
    assert "截止后的更正" in page
    assert "1 份没有写明原因，排在最前；共 2 份" in page
    silent, told = page.index("第 3 版更正第 2 版"), page.index("第 2 版更正第 1 版")
    assert silent < page.index("未写明</span>") < told < page.index(WHY)
    assert "示例船舶配套有限公司" in page
    assert "2026-10-15" in page


def test_the_list_is_english_in_english(view: View) -> None:
    page = text_of(view("steward", "quality", language="en"))
    assert "1 without a reason, listed first; 2 in all" in page
    assert "version 3 corrects version 2" in page


def test_only_the_steward_is_shown_it(view: View) -> None:
    assert "截止后的更正" not in text_of(view("officer", "quality"))
    assert WHY not in text_of(view(SHIPS, "quality"))
