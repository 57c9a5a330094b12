"""The plan's published baselines of 2020, each in its own scope, from the written files."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from tests.demo.district_reader import District, Filed

from greenmfg.demo import calibrate
from greenmfg.records import ReferenceRows

WAN_PER_YI = 10_000


@pytest.fixture(scope="module")
def output_2020(district: District) -> list[Filed]:
    rows = district.in_force("output_monthly")
    return [row for row in rows if row.key[1].startswith("2020")]


@pytest.fixture(scope="module")
def baselines(reference_tables: Mapping[str, ReferenceRows]) -> dict[str, Decimal]:
    """B01 … in the units in which forms are filed (万元, firms)."""
    values = {}
    for row in reference_tables["plan_targets"]:
        if row["row_type"] == "baseline":
            scale = WAN_PER_YI if row["unit"] == "亿元" else 1
            values[str(row["id"])] = Decimal(row["baseline_value"] or "0") * scale
    return values


def test_gross_output_of_all_industry_meets_the_plan(
    output_2020: list[Filed], baselines: Mapping[str, Decimal]
) -> None:
    assert sum(row["gross_output_10k_cny"] for row in output_2020) == baselines["B01"]


def test_output_of_the_marine_cluster_meets_the_plan(
    district: District, output_2020: list[Filed], baselines: Mapping[str, Decimal]
) -> None:
    marine = [r for r in output_2020 if district.registered(*r.key).text["cluster"] == "海洋装备"]
    assert sum(row["gross_output_10k_cny"] for row in marine) == baselines["B02"]


def test_above_scale_manufacturers_are_as_many_as_the_plan_says(
    district: District, output_2020: list[Filed], baselines: Mapping[str, Decimal]
) -> None:
    assert len(_above_scale(district, output_2020)) == baselines["B03"]


def test_revenue_and_tax_of_above_scale_manufacturing_meet_the_plan(
    district: District, output_2020: list[Filed], baselines: Mapping[str, Decimal]
) -> None:
    firms = _above_scale(district, output_2020)
    assert sum(r["revenue_10k_cny"] for rows in firms.values() for r in rows) == baselines["B04"]
    assert sum(r["tax_10k_cny"] for rows in firms.values() for r in rows) == baselines["B05"]


def test_no_firm_contradicts_its_scale(district: District, output_2020: list[Filed]) -> None:
    for rows in _above_scale(district, output_2020).values():
        assert sum(row["revenue_10k_cny"] for row in rows) >= 2_000
    small = [row for row in output_2020 if not district.above_scale(*row.key)]
    by_firm: dict[str, Decimal] = {}
    for row in small:
        uscc = row.text["uscc"]
        by_firm[uscc] = by_firm.get(uscc, Decimal(0)) + row["revenue_10k_cny"]
    assert by_firm
    assert max(by_firm.values()) < 2_000


def test_two_shipyards_carry_most_of_industry_37(
    district: District, output_2020: list[Filed]
) -> None:
    by_firm: dict[str, Decimal] = {}
    for row in output_2020:
        if district.registered(*row.key).text["industry_code"] == "37":
            uscc = row.text["uscc"]
            by_firm[uscc] = by_firm.get(uscc, Decimal(0)) + row["gross_output_10k_cny"]
    largest = sorted(by_firm.values(), reverse=True)
    assert sum(largest[:2]) > Decimal("0.85") * sum(largest)


def test_the_simulators_totals_are_those_of_the_reference_table(
    baselines: Mapping[str, Decimal],
) -> None:
    assert baselines["B04"] == calibrate.REVENUE_2020_10K_CNY
    assert baselines["B05"] == calibrate.TAX_2020_10K_CNY


def _above_scale(district: District, rows: list[Filed]) -> dict[str, list[Filed]]:
    firms: dict[str, list[Filed]] = {}
    for row in rows:
        if district.above_scale(*row.key):
            firms.setdefault(row.text["uscc"], []).append(row)
    return firms
