"""Whom a row is about, who may say so, and from and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
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
    SHIPS_CLERK,
    STARTED,
    Bench,
    places,
)

from greenmfg.records import Account, ReferenceRows, Verdict

E, OUT, A = "energy_monthly", "output_monthly", "audit_progress"
G, P = "enterprise_register", "plan_projects"
AGENT = Account("agent-changxing", "agent", frozenset([SHIPS, POTS]))


def states(verdict: Verdict) -> list[tuple[str, str]]:
    return [(filing.key.subject, str(filing.state)) for filing in verdict.filings]


def on(bench: Bench, today: date) -> Bench:
    return replace(bench, world=replace(bench.world, today=today))


def test_a_firm_files_its_own_month(bench: Bench) -> None:
    assert states(bench.judge(E, [ELECTRICITY, DIESEL], SHIPS_CLERK)) == [(SHIPS, "accepted")]


def test_a_firm_that_files_for_others_files_nothing(bench: Bench) -> None:
    others = [{**ELECTRICITY, "uscc": POTS}, {**DIESEL, "uscc": POTS}]
    verdict = bench.judge(E, others, SHIPS_CLERK)
    assert places(verdict.findings) == [("S003", 2, "uscc")]
    assert states(verdict) == []


def test_a_row_for_another_firm_returns_the_firms_own_month(bench: Bench) -> None:
    # It may be the firm's own row under a wrong code: its month is then not complete.
    verdict = bench.judge(E, [ELECTRICITY, {**DIESEL, "uscc": POTS}], SHIPS_CLERK)
    assert places(verdict.findings) == [("S003", 3, "uscc")]
    assert states(verdict) == [(SHIPS, "returned")]


def test_a_firm_does_not_learn_whether_another_code_is_registered(bench: Bench) -> None:
    said = [
        bench.judge(E, [{**ELECTRICITY, "uscc": code}], SHIPS_CLERK).findings
        for code in (POTS, "91350100M000100Y43")
    ]
    assert [[f.id for f in findings] for findings in said] == [["S003"], ["S003"]]


def test_an_agents_stranger_holds_back_none_of_its_firms(bench: Bench) -> None:
    rows = [ELECTRICITY, {**ELECTRICITY, "uscc": POTS}, {**ELECTRICITY, "uscc": FOOD}]
    verdict = bench.judge(E, rows, AGENT)
    assert "S003" in {f.id for f in verdict.findings}
    assert states(verdict) == [(SHIPS, "accepted"), (POTS, "accepted")]


def test_one_firms_mistake_in_an_agents_file_is_its_own(bench: Bench) -> None:
    verdict = bench.judge(E, [ELECTRICITY, {**DIESEL, "uscc": POTS, "closing_stock": 9}], AGENT)
    assert states(verdict) == [(SHIPS, "accepted"), (POTS, "returned")]
    assert verdict.unattached == ()


@pytest.mark.parametrize(("form", "row"), [(G, REGISTERED), (P, PROJECT)])
@pytest.mark.parametrize("account", [SHIPS_CLERK, AGENT], ids=["firm", "agent"])
def test_what_stewards_file_nobody_else_may(
    bench: Bench, form: str, row: Mapping[str, object], account: Account
) -> None:
    verdict = bench.judge(form, [row, {**row, "uscc": POTS, "project_id": "JG-2"}], account)
    assert [f.id for f in verdict.findings] == ["S004"]
    assert account.name in verdict.findings[0].message.en
    assert states(verdict) == []


def test_a_firm_reports_its_own_audit_stages_and_the_bureau_the_others(bench: Bench) -> None:
    assert states(bench.judge(A, [STARTED], SHIPS_CLERK)) == [(SHIPS, "accepted")]
    assert [f.id for f in bench.judge(A, [LISTED], SHIPS_CLERK).findings] == ["A101"]
    assert states(bench.judge(A, [LISTED])) == [(SHIPS, "accepted")]


@pytest.mark.parametrize(
    ("today", "finding"),
    [(date(2026, 11, 26), ["S005"]), (date(2026, 11, 27), []), (date(2026, 12, 15), [])],
)
def test_a_month_opens_three_days_before_its_end(
    bench: Bench, today: date, finding: list[str]
) -> None:
    verdict = on(bench, today).judge(OUT, [{**OUTPUT, "period": "202611"}])
    assert [f.id for f in verdict.findings] == finding


def test_the_calendar_may_open_a_month_otherwise(bench: Bench) -> None:
    calendar: ReferenceRows = (
        {"period": "2026-11-01", "form": OUT, "opens_on": "2026-11-20", "due_on": "2026-12-20",
         "source": "示例通知"},
    )  # fmt: skip
    opened = bench.with_reference(filing_calendar=calendar)
    assert opened.judge(OUT, [{**OUTPUT, "period": "202611"}]).findings == ()
    late = opened.judge(E, [{**ELECTRICITY, "period": "202611"}])
    assert [f.id for f in late.findings] == ["S005"]


def test_a_parameter_holds_from_its_own_month_on(bench: Bench) -> None:
    dear = {"parameter": "price_high:electricity", "value": "1000", "unit": None, "basis": "示例",
            "valid_from": "2026-10-01", "valid_to": None}  # fmt: skip
    parameters = (*bench.world.reference["check_parameters"], dear)
    raised = bench.with_reference(check_parameters=parameters)
    row = {**ELECTRICITY, "purchase_cost_1k_cny": 72_100}
    verdict = raised.judge(E, [row, {**row, "period": "202609"}])
    assert [(f.id, f.line) for f in verdict.findings] == [("E111", 3)]


@pytest.mark.parametrize(
    ("period", "finding"),
    [("202112", ["S002"]), ("202201", []), ("202512", []), ("202601", ["S002"])],
)
def test_an_enterprise_files_from_its_first_month_to_its_last(
    bench: Bench, period: str, finding: list[str]
) -> None:
    verdict = bench.judge(OUT, [{**OUTPUT, "uscc": FOOD, "period": period}])
    assert [f.id for f in verdict.findings] == finding


def test_without_a_register_no_enterprise_is_called_unknown(bench: Bench) -> None:
    offline = replace(bench, world=replace(bench.world, register=None, register_known=False))
    verdict = offline.judge(E, [{**ELECTRICITY, "uscc": "91350100M000100Y43"}])
    assert verdict.findings == ()
    with_no_rows = replace(bench, world=replace(bench.world, register=None))
    assert [f.id for f in with_no_rows.judge(E, [ELECTRICITY]).findings] == ["S001"]


def test_a_combined_february_wants_no_january(bench: Bench) -> None:
    february = {**OUTPUT, "period": "202602", "months_covered": 2}
    assert states(bench.judge(OUT, [february])) == [(SHIPS, "accepted")]


def test_a_combined_february_is_held_against_half_of_itself(bench: Bench) -> None:
    year = [
        {**ELECTRICITY, "energy_item": "electricity", "period": date(2025, m, 1),
         "months_covered": 1}
        for m in range(1, 13)
    ]  # fmt: skip
    february = {**ELECTRICITY, "period": "202602", "months_covered": 2, "production_use": 201,
                "purchased": None, "purchase_cost_1k_cny": None}  # fmt: skip
    twice = bench.with_past(E, year).judge(E, [february])
    slipped = bench.with_past(E, year).judge(E, [{**february, "production_use": 2010}])
    assert twice.findings == ()
    assert [f.id for f in slipped.findings] == ["E121"]
    assert "201" in slipped.findings[0].remedy.en
