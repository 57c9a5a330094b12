"""Stocks, prices and cumulated columns, from the files of firms without a planted flaw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

import pytest
from tests.demo.district_reader import District, Filed

from greenmfg.demo.items import INDUSTRIES, ITEMS, SHIPYARD_MIX
from greenmfg.records import ReferenceRows

FLOWS_IN = ("opening_stock", "purchased", "transformation_output", "recovered")
FLOWS_OUT = ("production_use", "non_production_use", "sent_out")


@pytest.fixture(scope="module")
def energy(district: District) -> list[Filed]:
    return district.in_force("energy_monthly")


@pytest.fixture(scope="module")
def parameters(reference_tables: Mapping[str, ReferenceRows]) -> dict[str, Decimal]:
    rows = reference_tables["check_parameters"]
    return {str(row["parameter"]): Decimal(row["value"] or "0") for row in rows}


def test_units_and_coefficients_of_the_simulator_are_the_reference_tables(
    district: District,
) -> None:
    for item in ITEMS.values():
        reference = district.coefficients[item.code]
        default = reference["tce_per_report_unit_default"]
        gigajoules = Decimal(reference["gj_per_report_unit"] or "0")
        expected = Decimal(default) if default else gigajoules * Decimal("0.03412")
        assert item.unit == reference["form_unit"]
        assert Decimal(str(item.tce_per_unit)) == expected
        assert item.carries_stock == (reference["carries_stock"] == "1")


def test_the_mix_of_every_industry_is_whole() -> None:
    for mix in (SHIPYARD_MIX, *(industry.mix for industry in INDUSTRIES.values() if industry.mix)):
        assert sum(mix.values()) == pytest.approx(1)
        assert mix.keys() <= ITEMS.keys()


def test_units_are_those_of_the_items(district: District, energy: list[Filed]) -> None:
    for row in energy:
        wanted = district.coefficients[district.item(row)]["form_unit"]
        aliases = (district.coefficients[district.item(row)]["unit_aliases"] or "").split(";")
        assert row.text["unit"] in (wanted, *aliases), row


def test_every_stock_balances(district: District, energy: list[Filed]) -> None:
    stocked = 0
    for row in energy:
        if district.coefficients[district.item(row)]["carries_stock"] == "1":
            came, went = (sum(row[c] for c in flows) for flows in (FLOWS_IN, FLOWS_OUT))
            assert row["closing_stock"] == came - went >= 0, row
            stocked += 1
        else:
            assert "opening_stock" not in row.text
            assert "closing_stock" not in row.text
    assert stocked > 5_000


def test_every_month_opens_with_what_the_last_one_closed(energy: list[Filed]) -> None:
    by_series: dict[tuple[str, str], list[Filed]] = {}
    for row in energy:
        by_series.setdefault((row.text["uscc"], row.text["energy_item"]), []).append(row)
    followed = 0
    for rows in by_series.values():
        rows.sort(key=lambda row: row.key[1])
        for before, after in pairwise(rows):
            covered = int(after.text.get("months_covered", "1"))
            gap = _number(after.key[1]) - _number(before.key[1])
            if gap == covered and "closing_stock" in before.text:
                assert after["opening_stock"] == before["closing_stock"], after
                followed += 1
    assert followed > 5_000


def test_prices_stay_within_the_bounds(
    district: District, energy: list[Filed], parameters: Mapping[str, Decimal]
) -> None:
    priced = 0
    for row in energy:
        code = district.item(row)
        if f"price_low:{code}" in parameters and row["purchased"]:
            price = row["purchase_cost_1k_cny"] / row["purchased"]
            assert parameters[f"price_low:{code}"] < price < parameters[f"price_high:{code}"], row
            priced += 1
    assert priced > 20_000


def test_parts_are_within_their_wholes(energy: list[Filed]) -> None:
    for row in energy:
        assert row["feedstock_use"] <= row["production_use"], row
        assert row["transport_use"] <= row["production_use"] + row["non_production_use"], row
        assert row["green_power_certified"] <= row["production_use"], row


def test_own_coefficients_are_in_range_and_carry_a_note(
    district: District, energy: list[Filed]
) -> None:
    outside = []
    for row in energy:
        if "own_coefficient_tce" in row.text:
            reference = district.coefficients[district.item(row)]
            low, high = Decimal(reference["own_low"] or "0"), Decimal(reference["own_high"] or "0")
            assert row.text["note"]
            if not low <= row["own_coefficient_tce"] <= high:
                outside.append(row)
    planted = [f for f in district.manifest.flaws if f.kind == "own_coefficient_out_of_range"]
    assert [(row.file, row.line) for row in outside] == [(f.file, f.line) for f in planted]


def test_cumulated_columns_are_the_sums_of_the_months(district: District) -> None:
    checked = 0
    for form, column, ytd in (
        ("energy_monthly", "production_use", "ytd_production_use"),
        ("output_monthly", "gross_output_10k_cny", "ytd_gross_output_10k_cny"),
    ):
        missing = {
            (f.enterprise, f.period) for f in district.manifest.flaws if f.expected != "accepted"
        }
        for rows in _years(district.in_force(form)):
            total = Decimal(0)
            if any((row.text["uscc"], row.key[1].replace("-", "")) in missing for row in rows):
                continue
            whole = _number(rows[-1].key[1]) % 12 == len(rows) - 1
            for row in rows:
                total += row[column]
                if ytd in row.text and whole:
                    assert row[ytd] == total, row
                    checked += 1
    assert checked > 15_000


def test_some_firms_file_january_and_february_together(district: District) -> None:
    for form in ("energy_monthly", "output_monthly"):
        combined = {r.key for r in district.in_force(form) if r.text.get("months_covered") == "2"}
        januaries = {r.key for r in district.in_force(form) if r.key[1].endswith("-01")}
        assert len({uscc for uscc, _ in combined}) >= 8
        assert {month[5:] for _, month in combined} == {"02"}
        assert not {(uscc, f"{month[:4]}-01") for uscc, month in combined} & januaries


def test_value_added_comes_by_every_basis(district: District) -> None:
    bases = {"given": 0, "derived": 0, "both": 0, "estimated": 0}
    for row in district.in_force("output_monthly"):
        given, derived = "value_added_10k_cny" in row.text, "vat_payable_10k_cny" in row.text
        names = {(True, False): "given", (False, True): "derived", (True, True): "both"}
        bases[names.get((given, derived), "estimated")] += 1
        if given and derived:
            output, used = row["gross_output_10k_cny"], row["intermediate_input_10k_cny"]
            made = output - used + row["vat_payable_10k_cny"]
            assert row["value_added_10k_cny"] == made, row
    assert min(bases.values()) > 500


def test_a_month_is_never_near_a_power_of_ten_of_the_months_before(
    district: District, energy: list[Filed], parameters: Mapping[str, Decimal]
) -> None:
    k = parameters["unit_slip_ratio_k"]
    by_series: dict[tuple[str, str], list[Decimal]] = {}
    for row in sorted(energy, key=lambda row: row.key[1]):
        months = int(row.text.get("months_covered", "1"))
        series = by_series.setdefault((row.text["uscc"], row.text["energy_item"]), [])
        history = sorted(series[-12:])
        if len(history) >= parameters["unit_slip_min_months"]:
            median = history[len(history) // 2]
            assert row["production_use"] <= k * months * median, row
            assert row["production_use"] * k >= median, row
        series.append(row["production_use"] / months)


def _years(rows: list[Filed]) -> Iterator[list[Filed]]:
    """Rows of one enterprise, item and year, in order."""
    grouped: dict[tuple[str, str, str], list[Filed]] = {}
    for row in rows:
        key = (row.text["uscc"], row.text.get("energy_item", ""), row.key[1][:4])
        grouped.setdefault(key, []).append(row)
    for group in grouped.values():
        yield sorted(group, key=lambda row: row.key[1])


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1
