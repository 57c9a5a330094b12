"""What a naive implementation gets wrong, each as a sentence, on the workbook of fourteen months.

`TESTED_ELSEWHERE` names the tests of those that lie nearer to the forms, the checks or the target.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal as D

import duckdb
import pytest
from tests.indicators.cabinet import REPOSITORY
from tests.indicators.golden_years import CHONGMING, FUSHENG, JAN_25, P, Q, R, S, U, V, W

from greenmfg.queries.explain import Subject, explain
from greenmfg.queries.explain_text import as_text

FEB_24, JUN_24, JUL_24, AUG_24, OCT_24, NOV_24, DEC_24 = (
    date(2024, month, 1) for month in (2, 6, 7, 8, 10, 11, 12)
)

TESTED_ELSEWHERE = {
    "8 growth rates are on firms present in both periods": (
        "test_energy_up_3_percent_and_value_added_up_8_is_a_decline_of_4_63_percent",
        "test_growth_is_of_the_same_firms_and_months",
    ),
    "9 a negative difference of two YTDs is a restatement": (
        "test_a_ytd_below_last_months_is_a_restatement_and_warns_only",
    ),
    "10 the system goes on after the plan": (
        "a_month_is_held_against_the_newest_plan_begun_and_after_its_end_still_against_the_last",
    ),
    "the headline month has enough coverage and later ones are provisional": (
        "the_headline_is_the_latest_due_month_with_enough_coverage_and_later_ones_are_provisional",
    ),
    "reached only at four decimals": (
        "the_target_is_reached_only_at_four_decimals_and_close_within_a_band_of_ours",
    ),
    "two months only in February, and no January beside it": (
        "test_two_months_may_be_filed_in_february_only",
        "test_a_january_beside_a_combined_february_is_an_error_in_either_order",
        "a_month_is_matched_only_if_both_forms_cover_the_same_interval_and_value_added_is_known",
    ),
    "a nil return with output is an error": ("test_a_nil_return_with_output_is_an_error",),
    "a month may be filed from some days before its end": (
        "test_a_month_opens_three_days_before_its_end",
    ),
    "an own coefficient outside its range wants a note": (
        "test_an_own_coefficient_outside_its_range_warns_and_a_note_explains_it",
        "test_a_required_own_coefficient_that_is_missing_is_an_error",
    ),
}


@pytest.mark.parametrize("sentence", TESTED_ELSEWHERE, ids=str)
def test_a_trap_that_is_tested_elsewhere_is_tested(sentence: str) -> None:
    texts = [p.read_text("utf-8") for p in (REPOSITORY / "tests").rglob("test_*.py")]
    units = (REPOSITORY / "dbt_project").rglob("_unit_tests*.yml")
    texts += [path.read_text("utf-8") for path in units]
    declared = {
        name for text in texts for name in re.findall(r"^(?:def|  - name:) (\w+)", text, re.M)
    }
    assert set(TESTED_ELSEWHERE[sentence]) <= declared


def group(
    years: duckdb.DuckDBPyConnection, key: str, month: date, columns: str, window: str = "month"
) -> tuple[object, ...]:
    [row] = years.execute(
        f"select {columns} from marts.group_months"
        " where group_key = ? and month = ? and window_name = ?",
        [key, month, window],
    ).fetchall()
    return tuple(row)


def firm(
    years: duckdb.DuckDBPyConnection, uscc: str, month: date, columns: str
) -> tuple[object, ...]:
    [row] = years.execute(
        f"select {columns} from marts.enterprise_months where uscc = ? and month = ?",
        [uscc, month],
    ).fetchall()
    return tuple(row)


def test_1_the_ratio_divides_by_value_added_and_neither_by_output_nor_by_revenue(
    years: duckdb.DuckDBPyConnection,
) -> None:
    ratio, tce, value_added, output = group(
        years, P, DEC_24,
        "intensity_current_tce_per_10k_cny, energy_tce, value_added_current_10k_cny,"
        " gross_output_10k_cny", "ytd",
    )  # fmt: skip
    assert isinstance(ratio, float)
    assert ratio == float(D(str(tce))) / float(D(str(value_added)))
    assert ratio > 4 * float(D(str(tce))) / float(D(str(output)))


def test_2_the_production_approach_adds_the_vat_payable(years: duckdb.DuckDBPyConnection) -> None:
    assert firm(years, Q, AUG_24, "value_added_10k_cny, value_added_basis") == (
        D("1250") - D("950") + D("30"), "derived",
    )  # fmt: skip


def test_3_a_park_has_the_ratio_of_its_sums_and_not_the_mean_of_its_firms(
    years: duckdb.DuckDBPyConnection,
) -> None:
    (ratio,) = group(years, FUSHENG, AUG_24, "intensity_constant_tce_per_10k_cny")
    firms = [
        group(years, key, AUG_24, "energy_tce, value_added_constant_10k_cny") for key in (R, S)
    ]
    energy, value_added = (
        sum(float(D(str(row[which]))) for row in firms) for which in (0, 1)
    )  # fmt: skip
    mean = sum(float(D(str(e))) / float(D(str(v))) for e, v in firms) / 2
    assert ratio == pytest.approx(energy / value_added, rel=1e-12)
    assert ratio != pytest.approx(mean, rel=0.01)


def test_4_energy_without_output_is_left_out_of_both_and_the_gap_is_visible(
    years: duckdb.DuckDBPyConnection,
) -> None:
    matched, filed, firms_filed, firms_matched = group(
        years, FUSHENG, NOV_24, "energy_tce, energy_filed_tce, firms_filed, firms_matched"
    )
    (alone,) = firm(years, R, NOV_24, "energy_tce")
    assert (firms_filed, firms_matched) == (2, 1)
    assert D(str(filed)) - D(str(matched)) == alone
    # The other way round: output without energy.
    matched, filed = group(
        years, FUSHENG, JAN_25, "value_added_current_10k_cny, value_added_filed_10k_cny"
    )
    assert D(str(filed)) - D(str(matched)) == 160


def test_5_the_current_price_stands_beside_the_constant_one_and_each_is_labelled(
    years: duckdb.DuckDBPyConnection,
) -> None:
    columns = "value_added_current_10k_cny, value_added_constant_10k_cny, price_status"
    current, constant, status = group(years, Q, AUG_24, columns)
    assert (current, constant, status) == (330, D("320.3883495146"), "deflated")
    # Of a mixed group the label is the weaker one, with the share that it holds for.
    status, share = group(years, "310151", AUG_24, "price_status, undeflated_share")
    assert status == "undeflated"
    assert isinstance(share, float)
    assert 0 < share < 1


def test_6_a_loss_stays_in_the_aggregate_and_has_no_ratio_of_its_own(
    years: duckdb.DuckDBPyConnection,
) -> None:
    columns = "value_added_current_10k_cny, intensity_constant_tce_per_10k_cny, status, reason"
    assert group(years, Q, JUN_24, columns) == (
        -98, None, "not_measurable", "value_added_not_positive",
    )  # fmt: skip
    # Park: Q −98, R 830 × 0.25, U 70, W 25.
    assert group(years, CHONGMING, JUN_24, "value_added_current_10k_cny, status") == (
        D("-98") + D("207.5") + 70 + 25, "measured",
    )  # fmt: skip


def test_6_no_value_added_becomes_neither_zero_nor_infinity(
    years: duckdb.DuckDBPyConnection,
) -> None:
    columns = "intensity_constant_tce_per_10k_cny, intensity_current_tce_per_10k_cny, reason"
    assert group(years, V, OCT_24, columns) == (None, None, "value_added_not_positive")


def test_7_january_inside_a_combined_february_is_not_missing(
    years: duckdb.DuckDBPyConnection,
) -> None:
    assert firm(years, P, JAN_25, "covered_by_february, matched, energy_tce") == (True, True, None)
    states = years.execute(
        "select state from marts.filing_coverage where uscc = ? and month = ?", [P, JAN_25]
    ).fetchall()
    assert states
    assert "missing" not in {state for (state,) in states}


def test_8_a_firm_that_entered_is_in_the_ratio_and_not_in_the_growth(
    years: duckdb.DuckDBPyConnection,
) -> None:
    (in_ratio,) = group(years, "310151", date(2025, 2, 1), "firms_matched", "ytd")
    panel = years.execute(
        "select panel_firms from marts.group_growth where grouping = 'district'"
        " and month = date '2025-02-01' and window_name = 'ytd'"
    ).fetchall()
    assert (in_ratio, panel) == (5, [(4,)])


def test_the_population_is_above_scale_in_that_month(years: duckdb.DuckDBPyConnection) -> None:
    assert firm(years, W, JUN_24, "in_population, matched") == (True, True)
    assert firm(years, W, JUL_24, "in_population, matched") == (False, True)
    assert group(years, "33", JUL_24, "firms_due, firms_filed") == (0, 0)


def test_a_firm_that_moved_counts_in_the_park_of_each_month(
    years: duckdb.DuckDBPyConnection,
) -> None:
    parks = [firm(years, R, month, "park")[0] for month in (JUN_24, JUL_24)]
    assert parks == [CHONGMING, FUSHENG]


def test_the_filed_month_is_the_number_and_the_ytd_a_check_on_it(
    years: duckdb.DuckDBPyConnection,
) -> None:
    # The YTD filed beside it says 999.
    assert firm(years, W, FEB_24, "gross_output_10k_cny") == (100,)
    assert group(years, W, FEB_24, "gross_output_10k_cny", "ytd") == (220,)


def test_a_nil_return_satisfies_energy_and_its_zeros_stay_in_the_sums(
    years: duckdb.DuckDBPyConnection,
) -> None:
    assert firm(years, V, OCT_24, "energy_filed, matched, energy_tce, value_added_10k_cny") == (
        False, True, 0, 0,
    )  # fmt: skip
    assert group(years, "17", OCT_24, "firms_matched, energy_tce") == (1, 0)


def test_the_edition_of_2020_holds_for_the_whole_series(years: duckdb.DuckDBPyConnection) -> None:
    editions = {
        edition
        for (edition,) in years.execute(
            "select distinct coefficient_edition from marts.enterprise_energy_months"
        ).fetchall()
    }
    # Items that the standard does not have are of the statistics' own practice.
    assert editions == {"GB/T 2589-2020", "NBS practice"}


def test_without_an_index_the_factor_is_1_and_the_month_says_undeflated(
    years: duckdb.DuckDBPyConnection,
) -> None:
    columns = "value_added_10k_cny, value_added_constant_10k_cny, price_status"
    assert firm(years, S, AUG_24, columns) == (146, 146, "undeflated")


def test_an_own_coefficient_outside_its_range_is_used_and_flagged_up_to_the_aggregate(
    years: duckdb.DuckDBPyConnection,
) -> None:
    [(coefficient, flag)] = years.execute(
        "select coefficient_tce, coefficient_flag from marts.enterprise_energy_months"
        " where uscc = ? and month = ? and energy_item = 'lng'",
        [S, JUL_24],
    ).fetchall()
    assert (coefficient, flag) == (D("2.3"), "own_outside_range")
    (share,) = group(years, "26", JUL_24, "flagged_coefficient_share")
    # Naphtha 98 × 1.5, heat (30 − 185) × 0.03412, LNG 11 × 2.3
    assert share == pytest.approx(25.3 / (147 - 5.2886 + 25.3), rel=1e-12)


def test_a_correction_replaces_the_whole_enterprise_month(
    years: duckdb.DuckDBPyConnection,
) -> None:
    # First filed as 800 t.
    rows = years.execute(
        "select production_use from marts.enterprise_energy_months"
        " where uscc = ? and month = date '2024-05-01' and energy_item = 'raw_coal'",
        [Q],
    ).fetchall()
    assert rows == [(80,)]


def test_a_firm_that_changed_its_code_is_one_firm_in_counts_coverage_and_growth(
    years: duckdb.DuckDBPyConnection,
) -> None:
    assert group(years, "17", DEC_24, "firms_due, firms_matched", "ytd") == (1, 1)
    columns = "firms_matched, energy_share"
    assert group(years, "17", JAN_25, columns) == (1, 1.0)
    assert firm(years, U, AUG_24, "firm_uscc") == (V,)


def test_an_explanation_says_on_what_the_value_added_and_the_coefficients_rest(
    years: duckdb.DuckDBPyConnection,
) -> None:
    explanation = explain(years, Subject.of(f"park:{FUSHENG}"), AUG_24)
    said = explanation.as_json()
    # R 870 × 0.25 is estimated, S 146 given.
    assert said["value_added_shares"] == {
        "given": f"{146 / 363.5:.6f}", "derived": "0.000000",
        "estimated": f"{217.5 / 363.5:.6f}", "undeflated": "1.000000",
    }  # fmt: skip
    assert said["flagged_coefficient_share"] == "0.000000"
    assert "企业填报 given 40.2%，推算 derived 0.0%，估算 estimated 59.8%" in as_text(explanation)


def test_coverage_stands_beside_the_ratio_of_every_view(years: duckdb.DuckDBPyConnection) -> None:
    beside = years.execute(
        "select distinct firms_due, firms_matched, energy_share, price_status"
        " from marts.energy_views where group_key = ? and month = ? and window_name = 'month'",
        [FUSHENG, NOV_24],
    ).fetchall()
    assert beside == [(2, 1, None, "undeflated")]
