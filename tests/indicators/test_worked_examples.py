"""The worked examples of the domain come out exactly, from checked rows to the published marts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest
from tests.indicators.cabinet import Cabinet, settings_in
from tests.indicators.golden import KWH, A, B, C, T

from greenmfg.warehouse import build, publish, reader, stage_release

MONTH = "2025-01-01"
FIRM = {"town_code": "310151101", "above_scale": "yes", "valid_from": "2025-01-01"}
REGISTER = (
    {"uscc": A, "name": "示例一", "industry_code": "37", "park": "崇明工业园区", **FIRM},
    {"uscc": B, "name": "示例二", "industry_code": "14", "park": "富盛经济开发区", **FIRM},
    {"uscc": C, "name": "示例三", "industry_code": "34", "park": "富盛经济开发区", **FIRM},
)
ENERGY = tuple(
    {
        "uscc": uscc,
        "period": MONTH,
        "energy_item": item,
        "unit": unit,
        "production_use": use,
        "own_coefficient_tce": own,
    }
    for uscc, item, unit, use, own in (
        (A, "electricity", KWH, "1000", None),
        (A, "natural_gas", "万立方米", "50", "12.143"),
        (A, "diesel", T, "200", None),
        (A, "steam_sat_8", T, "5000", None),
        (B, "other_fuel_tce", "吨标准煤", "100", None),
        (C, "other_fuel_tce", "吨标准煤", "300", None),
    )
)
OUTPUT = (
    {
        "uscc": A,
        "period": MONTH,
        "gross_output_10k_cny": "2150",
        "intermediate_input_10k_cny": "1620",
        "vat_payable_10k_cny": "48",
        "revenue_10k_cny": "2080",
    },
    {"uscc": B, "period": MONTH, "gross_output_10k_cny": "9000", "value_added_10k_cny": "2000"},
    {"uscc": C, "period": MONTH, "gross_output_10k_cny": "9500", "value_added_10k_cny": "2500"},
)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    cabinet = Cabinet(settings_in(tmp_path_factory.mktemp("examples")), date(2025, 2, 28))
    cabinet.submit_reference()
    cabinet.submit("enterprise_register", REGISTER)
    cabinet.submit("energy_monthly", ENERGY)
    cabinet.submit("output_monthly", OUTPUT)
    cabinet.load()
    build(cabinet.settings)
    stage_release(cabinet.settings, "examples")
    publish(cabinet.settings, "examples")
    return reader(cabinet.settings)


def test_power_gas_diesel_and_steam_make_2584_7015712_tce(
    examples: duckdb.DuckDBPyConnection,
) -> None:
    rows = examples.execute(
        "select energy_item, energy_tce from marts.enterprise_energy_months where uscc = ?", [A]
    ).fetchall()
    assert dict(rows) == {
        "electricity": Decimal("1229"),
        "natural_gas": Decimal("607.15"),
        "diesel": Decimal("291.42"),
        "steam_sat_8": Decimal("457.1315712"),
    }
    total = examples.execute(
        "select energy_tce from marts.enterprise_months where uscc = ? and energy_filed", [A]
    ).fetchall()
    assert total == [(Decimal("2584.7015712"),)]


def test_a_tonne_of_saturated_steam_is_13397_76_gj_per_5000_and_no_rounded_factor(
    examples: duckdb.DuckDBPyConnection,
) -> None:
    coefficient = examples.execute(
        "select coefficient_tce from marts.lineage where energy_item = 'steam_sat_8'"
    ).fetchall()
    assert coefficient == [(Decimal("13397.76") / 5000 * Decimal("0.03412"),)]
    assert coefficient == [(Decimal("0.09142631424"),)]


def test_value_added_derived_from_output_input_and_vat_is_578(
    examples: duckdb.DuckDBPyConnection,
) -> None:
    rows = examples.execute(
        "select value_added_10k_cny, value_added_basis from marts.enterprise_months "
        "where uscc = ? and output_filed",
        [A],
    ).fetchall()
    assert rows == [(Decimal("578"), "derived")]


def test_the_ratio_of_an_aggregate_is_0_0889_and_not_the_mean_of_ratios(
    examples: duckdb.DuckDBPyConnection,
) -> None:
    [(intensity, energy, value_added)] = examples.execute(
        "select intensity_constant_tce_per_10k_cny, energy_tce, value_added_constant_10k_cny "
        "from marts.group_months where grouping = 'park' and group_key = '富盛经济开发区' "
        "and month = date '2025-01-01' and window_name = 'ytd'"
    ).fetchall()
    assert (energy, value_added) == (Decimal(400), Decimal(4500))
    assert round(intensity, 4) == 0.0889
    assert intensity == 400 / 4500


def test_the_ratio_divides_by_value_added_not_by_output_or_revenue(
    examples: duckdb.DuckDBPyConnection,
) -> None:
    [(intensity,)] = examples.execute(
        "select intensity_constant_tce_per_10k_cny from marts.group_months "
        "where grouping = 'enterprise' and group_key = ? and window_name = 'month' "
        "and month = date '2025-01-01'",
        [A],
    ).fetchall()
    assert intensity == pytest.approx(2584.7015712 / 578, rel=1e-15)
