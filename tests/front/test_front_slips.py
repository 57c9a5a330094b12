"""A likely slip of unit or point: the likely value, and what it does to the firm's intensity."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from filing_home import ELECTRICITY, FOOD, POTS, FilingHome, form_csv
from front_home import OWN
from page_views import View, opening, text_of

from greenmfg.pipeline.workshop import checker_of
from greenmfg.portal import Office, Slip, open_office, slips_of
from greenmfg.portal.slips import UNIT_SLIP
from greenmfg.queries.slips import UsualMonth, usual_month

MONTHS = [f"2025{month:02d}" for month in range(2, 9)]
SLIPPED = {"uscc": POTS, "period": "202509", "production_use": "9900", "purchased": "9902"}


@pytest.fixture(scope="module")
def office(filing_home: FilingHome) -> Office:
    """POTS has filed 99 万千瓦时 in each of seven months."""
    office = open_office(filing_home.settings)
    files = [
        (f"{p}.csv", form_csv("energy_monthly", {**ELECTRICITY, "uscc": POTS, "period": p}), (), "")
        for p in MONTHS
    ]
    office.file_all(POTS, files)
    filing_home.run()
    return office


@pytest.fixture
def view(filing_home: FilingHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    with opening(filing_home, monkeypatch) as open_page:
        yield open_page


def slipped(**cells: str) -> bytes:
    cost = {"purchase_cost_1k_cny": "69314"}
    return form_csv("energy_monthly", {**ELECTRICITY, **SLIPPED, **cost, **cells})


def test_the_slip_that_is_looked_for_is_the_one_of_the_rules(
    filing_home: FilingHome, office: Office
) -> None:
    rule_book = checker_of(filing_home.settings).rule_book
    rules = rule_book.for_form(office.contracts["energy_monthly"], office.world().codes)
    (rule,) = [check for check in rules.checks if check.id == UNIT_SLIP]
    assert "unit_slip_ratio_k" in rule.guide
    assert "{likely_value}" in rule.expected.en


def test_a_slip_has_its_likely_value(office: Office) -> None:
    (slip,) = slips_of(office.try_file(POTS, "a.csv", slipped())).values()
    assert slip == Slip("electricity", date(2025, 9, 1), Decimal(9900), Decimal(99))


def test_two_months_in_one_row_are_not_set_beside_one_month(office: Office) -> None:
    trial = office.try_file(POTS, "a.csv", slipped(period="202602", months_covered="2"))
    assert slips_of(trial) == {}


def test_an_intensity_moves_by_the_items_quantity_alone() -> None:
    usual = UsualMonth(
        date(2025, 8, 1), Decimal("1.229"), Decimal(200), Decimal(500), Decimal(1000)
    )
    assert usual.intensity_with(Decimal(0)) == 0.3
    assert usual.intensity_with(Decimal(100)) == pytest.approx(0.4229)


def test_the_usual_month_is_the_newest_measured_one_before(release_file: Path) -> None:
    with duckdb.connect(str(release_file), read_only=True) as connection:
        (item, last) = connection.execute(
            "select energy_item, max(month) from marts.enterprise_energy_months"
            " where uscc = ? and counted group by energy_item order by 1 limit 1",
            [OWN],
        ).fetchall()[0]
        usual = usual_month(connection, OWN, item, last)
        assert usual is not None
        assert usual.month < last
        assert usual_month(connection, OWN, "no_such_item", last) is None
        assert usual_month(connection, FOOD, item, last) is None
        assert usual_month(connection, OWN, item, date(2000, 1, 1)) is None


def test_the_page_says_what_the_slip_does_or_why_that_cannot_be_told(
    filing_home: FilingHome, office: Office, view: View, release_file: Path
) -> None:
    page = view(POTS)
    page.file_uploader[0].upload("slip.csv", slipped())
    page.run()
    assert not page.exception
    assert "约 99" in text_of(page)
    assert "无法估算对强度的影响" in text_of(page)

    shutil.copytree(release_file.parent, filing_home.settings.releases, dirs_exist_ok=True)
    (copy,) = filing_home.settings.releases.glob("*.duckdb")
    with duckdb.connect(str(copy)) as connection:
        for mart in ("enterprise_energy_months", "enterprise_months"):
            connection.execute(f"update marts.{mart} set uscc = ? where uscc = ?", [POTS, OWN])
        usual = usual_month(connection, POTS, "electricity", date(2025, 9, 1))
    assert usual is not None
    page = view(POTS)
    page.file_uploader[0].upload("slip.csv", slipped())
    page.run()
    assert not page.exception
    wrong, right = (usual.intensity_with(Decimal(q)) for q in (9900, 99))
    text = text_of(page)
    assert f"填报的 9,900 使当月强度为 {wrong:,.4f}" in text
    assert f"若应为 99，则为 {right:.4f}" in text
