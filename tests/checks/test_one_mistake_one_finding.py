"""One mistake is one finding: what follows from it is not said again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from bench_of_checks import (
    DIESEL,
    ELECTRICITY,
    FOOD,
    LISTED,
    OUTPUT,
    POTS,
    PROJECT,
    REGISTERED,
    SHIPS,
    STARTED,
    Bench,
    Row,
    places,
)

E, OUT, A = "energy_monthly", "output_monthly", "audit_progress"
G, P = "enterprise_register", "plan_projects"
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
STRANGER = "91350100M000100Y43"
ACCEPTED = {**STARTED, "stage": "验收", "event_date": "2025-12-20", "result": "合格",
            "document_no": "示例9号"}  # fmt: skip


def in_force(row: Row, item: str, month: date, **changes: object) -> Row:
    return {"months_covered": 1, **row, "energy_item": item, "period": month, **changes}


# What is in force before: a year of electricity, last month's diesel with a stock of 1.5 t.
YEAR: Sequence[Row] = [
    *(
        in_force(ELECTRICITY, "electricity", date(2026, m, 1), ytd_production_use=100.5 * m)
        for m in range(1, 10)
    ),
    in_force(DIESEL, "diesel", SEPTEMBER, closing_stock=1.5, ytd_production_use=72),
    # A first version of October, so that an item could be missing from the second.
    in_force(ELECTRICITY, "electricity", OCTOBER),
    in_force(DIESEL, "diesel", OCTOBER),
]

KWH = {"unit": "千瓦时", "purchased": 1_030_000, "production_use": 1_005_000,
       "non_production_use": 25_000, "ytd_production_use": 10_050_000}  # fmt: skip
KG = {"unit": "千克", "opening_stock": 1_500, "purchased": 9_000, "production_use": 8_000,
      "closing_stock": 2_500, "ytd_production_use": 80_000}  # fmt: skip

# What was done wrong: (rows, the one finding).
ENERGY_MISTAKES: dict[str, tuple[Sequence[Row], tuple[str, int | None, str | None]]] = {
    "kWh where 万kWh is wanted breaks price, median and YTD as well": (
        [{**ELECTRICITY, **KWH}, DIESEL], ("E101", 2, "unit")),
    "kilograms where tonnes are wanted break stock and YTD as well": (
        [ELECTRICITY, {**DIESEL, **KG}], ("E101", 3, "unit")),
    "an item that nobody knows has no unit, stock or coefficient of its own": (
        [ELECTRICITY, {**DIESEL, "energy_item": "柴由", "unit": "瓦", "own_coefficient_tce": 9}],
        ("C013", 3, "energy_item")),
    "a quantity that is no number is in no balance": (
        [ELECTRICITY, {**DIESEL, "production_use": "x", "feedstock_use": 9, "transport_use": 40}],
        ("C007", 3, "production_use")),
    "a closing stock that is no number is in no balance": (
        [ELECTRICITY, {**DIESEL, "closing_stock": "二点五"}], ("C007", 3, "closing_stock")),
    "a blank closing stock is one gap": (
        [ELECTRICITY, {**DIESEL, "closing_stock": None}], ("E104", 3, "closing_stock")),
    "a month that is none is neither early nor late": (
        [{**ELECTRICITY, "period": "202699"}, {**DIESEL, "period": OCTOBER.strftime("%Y%m")}],
        ("C005", 2, "period")),
}  # fmt: skip


@pytest.mark.parametrize("mistake", ENERGY_MISTAKES)
def test_one_mistake_in_an_energy_file_is_one_finding(bench: Bench, mistake: str) -> None:
    rows, finding = ENERGY_MISTAKES[mistake]
    verdict = bench.with_past(E, YEAR).judge(E, rows)
    assert places(verdict.findings) == [finding]
    assert [str(f.state) for f in verdict.filings] == ["returned"]


OTHER_MISTAKES: dict[str, tuple[str, Sequence[Row], list[tuple[str, int | None, str | None]]]] = {
    "an unknown enterprise is said once per file": (
        E, [{**ELECTRICITY, "uscc": STRANGER}, {**DIESEL, "uscc": STRANGER},
            {**ELECTRICITY, "uscc": STRANGER, "period": "202609"}], [("S001", 2, "uscc")]),
    "two unknown enterprises are said once each": (
        E, [{**ELECTRICITY, "uscc": STRANGER}, {**ELECTRICITY, "uscc": "91310151MA0G000B2T"},
            {**DIESEL, "uscc": STRANGER}], [("S001", 2, "uscc"), ("S001", 3, "uscc")]),
    "a closed enterprise is said once per month": (
        E, [{**ELECTRICITY, "uscc": FOOD}, {**DIESEL, "uscc": FOOD},
            {**ELECTRICITY, "uscc": FOOD, "period": "202609"}],
        [("S002", 2, "uscc"), ("S002", 4, "uscc")]),
    "a month too early is said once per filing": (
        E, [{**ELECTRICITY, "period": "202612"}, {**DIESEL, "period": "202612"}],
        [("S005", 2, "period")]),
    "rows that disagree about the months they cover are said once": (
        E, [{**ELECTRICITY, "period": "202602", "months_covered": 2},
            {**DIESEL, "period": "202602"}], [("S008", 2, "months_covered")]),
    "output in a nil return does not also fault its value added": (
        OUT, [{**OUTPUT, "nil_return": "是"}], [("O102", 2, "nil_return")]),
    "two months covered outside February is not also compared with January": (
        OUT, [{**OUTPUT, "months_covered": 2, "ytd_gross_output_10k_cny": 1}],
        [("S007", 2, "months_covered")]),
    "of two acceptances of one round the later one is too many": (
        A, [{**ACCEPTED, "event_date": "2025-12-22"}, ACCEPTED], [("A121", 2, "stage")]),
    "an acceptance without a result is not compared with others": (
        A, [{**ACCEPTED, "result": None, "event_date": "2025-12-10"}, ACCEPTED],
        [("A103", 2, "result")]),
    "a start before its listing is said of the start, not of the listing": (
        A, [{**STARTED, "event_date": "2025-03-01"}, LISTED], [("A120", 2, "event_date")]),
    "a circular park without enterprise and park": (
        P, [{**PROJECT, "uscc": None, "kind": "循环经济示范园区"}], [("P101", 2, "uscc")]),
    "a circular park given by its enterprise": (
        P, [{**PROJECT, "kind": "循环经济示范园区"}], [("P103", 2, "park")]),
    "two overlapping rows of the register overlap once": (
        G, [{**REGISTERED, "valid_to": "202512"}, {**REGISTERED, "valid_from": "202506"}],
        [("G120", 2, "valid_to")]),
    "the same row twice": (OUT, [OUTPUT, OUTPUT], [("S006", 3, "period")]),
}  # fmt: skip


@pytest.mark.parametrize("mistake", OTHER_MISTAKES)
def test_one_mistake_is_one_finding(bench: Bench, mistake: str) -> None:
    form, rows, findings = OTHER_MISTAKES[mistake]
    assert places(bench.judge(form, rows).findings) == findings


def test_two_mistakes_in_two_rows_are_two_findings_in_the_files_order(bench: Bench) -> None:
    verdict = bench.judge(
        E, [{**ELECTRICITY, "unit": "度"}, {**DIESEL, "closing_stock": 9}, {"uscc": SHIPS}]
    )
    lines = [finding.line for finding in verdict.findings]
    assert lines == sorted(line for line in lines if line is not None)
    assert {(f.id, f.line) for f in verdict.findings} >= {("E101", 2), ("E104", 3), ("C001", 4)}


def test_a_row_that_is_wrong_in_every_cell_names_every_cell_once(bench: Bench) -> None:
    names = ("uscc", "period", "months_covered", "energy_item", "purchased", "production_use")
    verdict = bench.judge(E, [{**dict.fromkeys(names, "x"), "unit": "吨"}])
    assert sorted(f.column or "" for f in verdict.findings) == sorted(names)
    assert verdict.filings == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"closing_stock": None}, ("没有填（按 0 计）", "blank (counted as 0)")),
        ({"closing_stock": 9}, ("填的是 9", "closing stock is 9")),
    ],
)
def test_a_balance_says_what_was_given_or_that_nothing_was(
    bench: Bench, change: Row, words: tuple[str, str]
) -> None:
    [finding] = bench.judge(E, [{**DIESEL, **change}]).findings
    assert words[0] in finding.message.zh
    assert words[1] in finding.message.en


def test_a_missing_item_is_still_said_when_no_row_is_unreadable(bench: Bench) -> None:
    verdict = bench.with_past(E, YEAR).judge(E, [ELECTRICITY])
    assert places(verdict.findings) == [("E123", None, None)]
    assert "柴油（8）" in verdict.findings[0].message.zh
    assert [str(f.state) for f in verdict.filings] == ["awaiting_review"]


def test_a_lost_row_of_a_park_hides_no_firms_missing_item(bench: Bench) -> None:
    lost = {**ELECTRICITY, "uscc": "91310151MA00000010"}
    other = {**DIESEL, "uscc": POTS}
    verdict = bench.with_past(E, YEAR).judge(E, [ELECTRICITY, other, lost])
    assert {f.id for f in verdict.findings} == {"E123", "C004"}
    assert [str(f.state) for f in verdict.filings] == ["awaiting_review", "accepted"]


def test_months_in_messages_are_written_as_months(bench: Bench) -> None:
    past = [{**REGISTERED, "valid_from": date(2024, 1, 1), "above_scale": True}]
    [finding] = bench.with_past(G, past).judge(G, [{**REGISTERED, "valid_to": "202406"}]).findings
    assert "2024-01 起" in finding.message.zh
    [closed] = bench.judge(E, [{**ELECTRICITY, "uscc": POTS, "period": "201912"}]).findings[:1]
    assert "2020-01 – …" in closed.message.en
