"""The district's intensity by year, by plain arithmetic on the files."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from tests.demo.district_reader import District


@pytest.fixture(scope="module")
def intensity(district: District) -> dict[str, Decimal]:
    return {
        year: tce / value_added
        for year, (tce, value_added) in sorted(district.intensity_by_year().items())
    }


def test_it_begins_above_a_tenth_and_comes_near_the_target_without_reaching_it(
    intensity: dict[str, Decimal],
) -> None:
    assert Decimal("0.11") < intensity["2020"] < Decimal("0.12")
    for year in ("2025", "2026"):
        # Reached would be 0.0800 at four decimals: the demonstration leaves something to do.
        assert Decimal("0.0801") < intensity[year] < Decimal("0.0855")


def test_it_falls_every_year(intensity: dict[str, Decimal]) -> None:
    path = list(intensity.values())
    assert len(path) == 7
    assert all(later < earlier for earlier, later in pairwise(path))


def test_february_is_the_quietest_month_and_summer_electricity_peaks(district: District) -> None:
    output: dict[str, Decimal] = {}
    for row in district.in_force("output_monthly"):
        if row.text.get("months_covered", "1") == "1" and "2021" <= row.key[1] < "2022":
            month = row.key[1][5:]
            output[month] = output.get(month, Decimal(0)) + row["gross_output_10k_cny"]
    assert min(output, key=output.__getitem__) == "02"
    power: dict[str, Decimal] = {}
    for row in district.in_force("energy_monthly"):
        # Electronics make little seasonal work: what moves there is the cooling.
        if district.registered(*row.key).text["industry_code"] in ("39", "40") and (
            district.item(row) == "electricity" and "2021" <= row.key[1] < "2022"
        ):
            month = row.key[1][5:]
            power[month] = power.get(month, Decimal(0)) + row["production_use"]
    assert power["08"] > Decimal("1.1") * power["10"]


def test_waste_heat_and_sold_heat_are_filed_by_the_firms_that_have_them(
    district: District,
) -> None:
    recovered = {r.text["uscc"] for r in district.in_force("energy_monthly") if r["recovered"]}
    sold = {
        r.text["uscc"]
        for r in district.in_force("energy_monthly")
        if r["transformation_output"] and r["sent_out"] == r["transformation_output"]
    }
    assert len(recovered) == 2
    assert len(sold) == 1
