"""What counts, exactly: the rules of months, nil returns and own coefficients, as sentences."""

from __future__ import annotations

from datetime import date

from bench_of_checks import DIESEL, ELECTRICITY, OUTPUT, SHIPS, Bench, Row

E, OUT = "energy_monthly", "output_monthly"
SLIME: Row = {
    "uscc": SHIPS, "period": "202610", "energy_item": "煤泥", "unit": "吨", "opening_stock": 1,
    "purchased": 9, "production_use": 8, "closing_stock": 2,
}  # fmt: skip
FEBRUARY = {**OUTPUT, "period": "202602", "months_covered": 2}
JANUARY = {**OUTPUT, "period": "202601"}


def in_force(row: Row, month: int, **changes: object) -> Row:
    """The row as it lies in force for a month of 2026."""
    return {"months_covered": 1, **row, "period": date(2026, month, 1), **changes}


def verdict(bench: Bench, form: str, *rows: Row) -> tuple[str, set[tuple[str, str]]]:
    """The state of the one filing, and its findings with their severity."""
    judged = bench.judge(form, list(rows))
    [filing] = judged.filings
    return str(filing.state), {(finding.id, str(finding.severity)) for finding in judged.findings}


def test_a_ytd_below_last_months_is_a_restatement_and_warns_only(bench: Bench) -> None:
    past = bench.with_past(
        E, [in_force(ELECTRICITY, 9, energy_item="electricity", ytd_production_use=900)]
    )
    state, found = verdict(past, E, {**ELECTRICITY, "ytd_production_use": 850})
    assert (state, found) == ("awaiting_review", {("E122", "warning")})


def test_two_months_may_be_filed_in_february_only(bench: Bench) -> None:
    assert verdict(bench, OUT, FEBRUARY) == ("accepted", set())
    assert verdict(bench, OUT, {**JANUARY, "months_covered": 2})[1] == {("S007", "error")}


def test_a_january_beside_a_combined_february_is_an_error_in_either_order(bench: Bench) -> None:
    january = bench.with_past(OUT, [in_force(OUTPUT, 1)])
    assert verdict(january, OUT, FEBRUARY) == ("returned", {("S009", "error")})
    combined = bench.with_past(OUT, [in_force(OUTPUT, 2, months_covered=2)])
    assert verdict(combined, OUT, JANUARY) == ("returned", {("S009", "error")})


def test_a_nil_return_with_output_is_an_error(bench: Bench) -> None:
    nil = {**OUTPUT, "nil_return": "是", "value_added_10k_cny": 0}
    assert verdict(bench, OUT, nil) == ("returned", {("O102", "error")})


def test_an_own_coefficient_outside_its_range_warns_and_a_note_explains_it(bench: Bench) -> None:
    outside = {**DIESEL, "own_coefficient_tce": 2}
    assert verdict(bench, E, outside) == ("awaiting_review", {("E109", "warning")})
    assert verdict(bench, E, {**outside, "note": "供应商检测报告"})[0] == "accepted"


def test_a_required_own_coefficient_that_is_missing_is_an_error(bench: Bench) -> None:
    assert verdict(bench, E, SLIME) == (
        "returned", {("E107", "error")},
    )  # fmt: skip


def test_an_own_coefficient_of_an_item_that_takes_none_warns(bench: Bench) -> None:
    state, found = verdict(bench, E, {**ELECTRICITY, "own_coefficient_tce": 1.3})
    assert (state, found) == ("awaiting_review", {("E108", "warning")})
