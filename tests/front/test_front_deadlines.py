"""A firm's own page says what is overdue and what comes next: reports and audit stages by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import fixture_release
import pytest
from filing_home import ELECTRICITY, SAMPLES, SHIPS, FilingHome, form_csv, make_filing_home
from front_home import publish_fixture
from page_views import View, opening, text_of

from greenmfg.access import ensure_demo_people
from greenmfg.portal import open_office

# Of the release's firms, one whose audit is late; it is in the register too.
FIRM = fixture_release.uscc(82)
OTHER = fixture_release.uscc(78)


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory, release_file: Path) -> FilingHome:
    home = make_filing_home(tmp_path_factory.mktemp("deadlines") / "home")
    register = (SAMPLES / "register.csv").read_text("utf-8-sig").splitlines()
    # In the population until November 2026 alone.
    row = register[1].replace(SHIPS, FIRM).removesuffix(",") + ",202611"
    home.file("steward", "more.csv", "\r\n".join([register[0], row, ""]).encode("utf-8-sig"))
    home.run()
    home.file(
        FIRM,
        "october.csv",
        form_csv("energy_monthly", {**ELECTRICITY, "uscc": FIRM, "period": "202610"}),
    )
    home.run()
    people = ensure_demo_people(home.settings, [FIRM, OTHER])
    home.passwords |= {login: password for login, password, _ in people}
    publish_fixture(home, release_file)
    return home


@pytest.fixture
def view(registered: FilingHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    with opening(registered, monkeypatch) as open_page:
        yield open_page


def test_what_is_owed_comes_by_day_and_ends_where_the_register_row_ends(
    registered: FilingHome,
) -> None:
    found = open_office(registered.settings).deadlines(FIRM)
    assert [one.due_on for one in found] == sorted(one.due_on for one in found)
    october = next(one for one in found if one.month == date(2026, 10, 1))
    # Energy of October is in force; its output is not.
    assert (october.forms, october.due_on) == (("output_monthly",), date(2026, 11, 15))
    # November is not open yet but comes next; in December the firm is out of the population.
    last = found[-1]
    assert (last.month, last.due_on) == (date(2026, 11, 1), date(2026, 12, 15))
    assert last.forms == ("energy_monthly", "output_monthly")


def test_a_firm_outside_the_register_owes_nothing_here_and_its_page_says_why(
    registered: FilingHome, view: View
) -> None:
    assert open_office(registered.settings).deadlines(OTHER) == ()
    assert "名录" in text_of(view(OTHER))
    assert "没有待办事项" in text_of(view(OTHER, "own"))


def test_the_page_lists_reports_and_audit_stages_with_the_days_left(view: View) -> None:
    page = text_of(view(FIRM, "own"))
    start = page.index("待办与截止日")
    panel = page[start : page.index("</table>", start)]
    # Twelve months of one or two reports, and a stage of the audit.
    assert "13 项已逾期，请先办理" in panel
    assert "2026 年 10 月 产值月报</a>" in panel
    assert "2026 年 11 月 能源月报、产值月报</a>" in panel
    assert "还有 22 天" in panel
    assert "逾期 8 天" in panel
    assert "轮审核：" in panel
    assert "逾期 166 天" in panel


def test_the_list_is_english_in_english_and_only_for_the_firm_itself(view: View) -> None:
    page = text_of(view(FIRM, "own", language="en"))
    assert "13 overdue; these first" in page
    assert "22 days left" in page
    assert "待办与截止日" not in text_of(view("officer", "enterprise", uscc=FIRM))
    other = text_of(view(OTHER, "own", uscc=FIRM))
    assert "2026 年 11 月" not in other
    assert FIRM not in other
