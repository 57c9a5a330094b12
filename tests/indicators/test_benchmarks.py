"""Benchmarks, excess and scores from filed rows to the marts, beside arithmetic done by hand.

Industry 33 has five firms with 0.05, 0.06, 0.09, 0.10 and 0.20 tce per 10,000 CNY. Industry 34
has the same five, but the last is registered as two firms. In industry 36 one firm loses money,
one has no value added, and one stands alone.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb
import pytest
from tests.indicators.cabinet import REPOSITORY, Cabinet, Row, settings_in

from greenmfg.queries.exports import EXPORTS, ExportRefused, csv_chunks, export_for
from greenmfg.warehouse import build, publish, reader, stage_release

MONTHS = ("2025-01-01", "2025-02-01")
MONTH = "2025-02-01"

# industry, firm, tce and value added of January and of February, land in hectares
FIRMS: tuple[tuple[str, str, tuple[str, str], tuple[str, str], str | None], ...] = (
    ("33", "A", ("30", "20"), ("600", "400"), "2"),
    ("33", "B", ("30", "30"), ("400", "600"), "1"),
    ("33", "C", ("50", "40"), ("500", "500"), None),
    ("33", "D", ("60", "40"), ("500", "500"), "1"),
    ("33", "E", ("110", "90"), ("500", "500"), "1"),
    ("34", "F", ("30", "20"), ("600", "400"), "2"),
    ("34", "G", ("30", "30"), ("400", "600"), "1"),
    ("34", "H", ("50", "40"), ("500", "500"), "1"),
    ("34", "J", ("60", "40"), ("500", "500"), "1"),
    ("34", "K", ("70", "50"), ("250", "250"), "1"),
    ("34", "L", ("40", "40"), ("250", "250"), "1"),
    ("36", "M", ("5", "5"), ("20", "-25"), "1"),
    ("36", "N", ("5", "5"), ("0", "0"), "1"),
    ("36", "P", ("20", "20"), ("100", "100"), "1"),
)


def code(letter: str) -> str:
    return f"91310151MA0G0000{letter}X"


def _register() -> list[Row]:
    return [
        {
            "uscc": code(firm), "name": f"示例企业{firm}", "industry_code": industry,
            "park": "崇明工业园区", "cluster": "其他", "town_code": "310151101",
            "land_zone": "104", "land_area_ha": land, "river_strip": "no", "above_scale": "yes",
            "valid_from": "2025-01-01",
        }
        for industry, firm, _, _, land in FIRMS
    ]  # fmt: skip


def _parameters() -> list[Row]:
    """The product's own, but a score after two months and the quartile by which excess is read."""
    with (REPOSITORY / "reference" / "check_parameters.csv").open(encoding="utf-8") as file:
        rows = [{k: v or None for k, v in row.items()} for row in csv.DictReader(file)]
    changed = {"efficiency_min_months": "2", "benchmark_quartile": "2", "benchmark_min_firms": "4"}
    return [{**row, "value": changed.get(row["parameter"] or "", row["value"])} for row in rows]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    cabinet = Cabinet(settings_in(tmp_path_factory.mktemp("benchmarks")), date(2025, 3, 31))
    cabinet.submit_reference(but={"check_parameters": _parameters()})
    cabinet.submit("enterprise_register", _register())
    cabinet.submit(
        "energy_monthly",
        [
            {
                "uscc": code(firm), "period": month, "energy_item": "other_fuel_tce",
                "unit": "吨标准煤", "production_use": tce,
            }
            for _, firm, energy, _, _ in FIRMS
            for month, tce in zip(MONTHS, energy, strict=True)
        ],
    )  # fmt: skip
    cabinet.submit(
        "output_monthly",
        [
            {
                "uscc": code(firm), "period": month, "gross_output_10k_cny": "2000",
                "value_added_10k_cny": value, "tax_10k_cny": "10", "employees": "60",
                "nil_return": "no",
            }
            for _, firm, _, value_added, _ in FIRMS
            for month, value in zip(MONTHS, value_added, strict=True)
        ],
    )  # fmt: skip
    cabinet.load()
    build(cabinet.settings)
    stage_release(cabinet.settings, "benchmarks")
    publish(cabinet.settings, "benchmarks")
    return reader(cabinet.settings)


def rows(
    release: duckdb.DuckDBPyConnection, mart: str, where: str, key: str
) -> Mapping[str, dict[str, Any]]:
    cursor = release.execute(f"select * from marts.{mart} where month = '{MONTH}' and {where}")
    names = [column[0] for column in cursor.description or ()]
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {str(row[key]): row for row in found}


def industries(release: duckdb.DuckDBPyConnection) -> Mapping[str, dict[str, Any]]:
    return rows(release, "industry_benchmarks", "window_name = 'ytd'", "industry_code")


def benchmarks(release: duckdb.DuckDBPyConnection) -> Mapping[str, dict[str, Any]]:
    return rows(release, "enterprise_benchmarks", "window_name = 'ytd'", "uscc")


def _quartiles(row: dict[str, Any]) -> tuple[float, float, float]:
    return row["q1_tce_per_10k_cny"], row["median_tce_per_10k_cny"], row["q3_tce_per_10k_cny"]


def test_quartiles_are_of_the_firms_own_ratios_of_sums_over_the_window(
    release: duckdb.DuckDBPyConnection,
) -> None:
    industry = industries(release)["33"]
    assert industry["firms_measured"] == 5
    assert _quartiles(industry) == pytest.approx((0.06, 0.09, 0.10))


def test_splitting_a_firm_moves_the_quartiles_and_leaves_the_ratio_of_sums(
    release: duckdb.DuckDBPyConnection,
) -> None:
    whole, split = industries(release)["33"], industries(release)["34"]
    assert whole["aggregate_tce_per_10k_cny"] == pytest.approx(500 / 5000)
    assert split["aggregate_tce_per_10k_cny"] == whole["aggregate_tce_per_10k_cny"]
    assert split["firms_measured"] == 6
    # 0.05 0.06 0.09 0.10 0.16 0.24: places 2¼, 3½ and 4¾
    assert _quartiles(split) == pytest.approx((0.0675, 0.095, 0.145))


def test_excess_is_what_is_above_the_median_and_the_rest_is_no_credit(
    release: duckdb.DuckDBPyConnection,
) -> None:
    firms = benchmarks(release)
    over = {letter: float(firms[code(letter)]["energy_over_benchmark_tce"]) for letter in "ABCDE"}
    assert over == pytest.approx({"A": -40, "B": -30, "C": 0, "D": 10, "E": 110}, abs=1e-6)
    excess = {letter: float(firms[code(letter)]["excess_tce"]) for letter in "ABCDE"}
    assert excess == pytest.approx({"A": 0, "B": 0, "C": 0, "D": 10, "E": 110}, abs=1e-6)
    # All of an industry's differences are its energy less the median times its value added.
    assert sum(over.values()) == pytest.approx(500 - 0.09 * 5000)
    assert firms[code("E")]["excess_rank"] == 1


def test_a_firm_without_value_added_is_listed_and_says_why_it_has_no_number(
    release: duckdb.DuckDBPyConnection,
) -> None:
    firms = benchmarks(release)
    scores = rows(release, "resource_efficiency", "true", "uscc")
    for letter in "MN":
        for row in (firms[code(letter)], scores[code(letter)]):
            assert (row["status"], row["reason"]) == ("not_measurable", "value_added_not_positive")
        assert firms[code(letter)]["excess_tce"] is None
        assert scores[code(letter)]["efficiency_class"] is None


def test_a_firm_alone_in_its_industry_is_held_against_the_plans_target(
    release: duckdb.DuckDBPyConnection,
) -> None:
    alone = benchmarks(release)[code("P")]
    assert alone["benchmark_basis"] == "district_target"
    assert float(alone["excess_tce"]) == pytest.approx(40 - 0.08 * 200)
    assert alone["peers_suppressed_reason"] == "too_few_firms"
    assert industries(release)["36"]["quartiles_suppressed_reason"] == "too_few_firms"


def test_a_firm_without_land_is_scored_by_the_rest_and_the_new_weights_are_shown(
    release: duckdb.DuckDBPyConnection,
) -> None:
    score = rows(release, "resource_efficiency", "true", "uscc")[code("C")]
    parts = rows(release, "resource_efficiency_indicators", f"uscc = '{code('C')}'", "indicator")
    assert parts["tax_per_land"]["reason"] == "land_area_missing"
    assert parts["output_per_land"]["reason"] == "land_area_missing"
    assert parts["value_added_per_energy"]["weight_used"] == pytest.approx(0.6)
    assert parts["value_added_per_employee"]["weight_used"] == pytest.approx(0.4)
    assert score["weight_measured_share"] == pytest.approx(0.5)
    # All firms: 10195 ÷ 1060 per tce and 10195 ÷ 140 per person (60 for two months are 10).
    per_tce = (1000 / 90) / (10195 / 1060)
    per_person = (1000 / 10) / (10195 / 140)
    assert score["score"] == pytest.approx(100 * (0.6 * per_tce + 0.4 * per_person))


def test_land_counts_by_the_months_filed(release: duckdb.DuckDBPyConnection) -> None:
    firm = rows(release, "resource_efficiency", "true", "uscc")[code("A")]
    # 20 of tax in two months on 2 hectares: 2 × 2 ÷ 12 hectare-years
    assert firm["tax_10k_cny_per_ha"] == pytest.approx(20 / (2 * 2 / 12))
    assert firm["output_10k_cny_per_ha"] == pytest.approx(4000 / (2 * 2 / 12))


@pytest.mark.parametrize(
    "mart",
    [
        "industry_benchmarks",
        "enterprise_benchmarks",
        "resource_efficiency",
        "resource_efficiency_indicators",
    ],
)
def test_the_bureau_exports_a_benchmark_mart_and_a_firm_never_gets_it(
    release: duckdb.DuckDBPyConnection, mart: str
) -> None:
    lines = b"".join(csv_chunks(release, EXPORTS[mart], None, {"month": "2025-02"}))
    assert lines.count(b"\r\n") > 3
    with pytest.raises(ExportRefused):
        export_for(mart, code("A"))


def test_a_firm_exports_its_own_quality_and_no_others(
    release: duckdb.DuckDBPyConnection,
) -> None:
    export = export_for("enterprise_quality_months", code("A"))
    text = b"".join(csv_chunks(release, export, code("A"), {})).decode()
    assert code("A") in text
    assert code("B") not in text
