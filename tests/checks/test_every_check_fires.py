"""Every rule is seen firing, on the line and column where a person would look."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache

import pytest
from bench_of_checks import (
    CHANGE,
    DIESEL,
    DUE_DAY,
    EDITION,
    ELECTRICITY,
    FOOD,
    LAND,
    LISTED,
    OLD,
    OUTPUT,
    POTS,
    PROJECT,
    REGISTERED,
    SHIPS,
    SHIPS_CLERK,
    STARTED,
    Bench,
    Row,
    form_csv,
    places,
)

from greenmfg.records import Verdict

E, OUT, A = "energy_monthly", "output_monthly", "audit_progress"
G, P = "enterprise_register", "plan_projects"
OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)

Judge = Callable[[Bench], Verdict]


def one(form: str, row: Row, **changes: object) -> Judge:
    return lambda bench: bench.judge(form, [{**row, **changes}])


def many(form: str, *rows: Row) -> Judge:
    return lambda bench: bench.judge(form, rows)


def after(form: str, past: Sequence[Row], *rows: Row) -> Judge:
    return lambda bench: bench.with_past(form, past).judge(form, rows)


def filed(row: Row, month: date, **changes: object) -> Row:
    """A row as it lies in force."""
    item = {"电力": "electricity", "柴油": "diesel"}.get(str(row.get("energy_item")))
    own = {"energy_item": item} if item else {}
    return {"months_covered": 1, **row, **own, "period": month, **changes}


def year_of_electricity() -> list[Row]:
    months = [date(2026, m, 1) for m in range(1, 10)]
    return [filed(ELECTRICITY, month) for month in months]


def duplicate_header(bench: Bench) -> Verdict:
    header = [column.header for column in bench.contracts[OUT].columns]
    header[-1] = header[3]
    return bench.judge_bytes(form_csv(bench.contracts[OUT], [OUTPUT], header))


def missing_column(bench: Bench) -> Verdict:
    header = [c.header for c in bench.contracts[OUT].columns]
    header[3] = "没有这一列"
    return bench.judge_bytes(form_csv(bench.contracts[OUT], [OUTPUT], header))


def cut_file(bench: Bench) -> Verdict:
    data = form_csv(bench.contracts[E], [ELECTRICITY, DIESEL])
    return bench.judge_bytes(data[: data.index(b",8,")])


def too_many_findings(bench: Bench) -> Verdict:
    rows = [
        {**ELECTRICITY, "period": f"2025{m:02d}", "production_use": "x"} for m in range(1, 13)
    ] * 90
    return bench.judge(E, rows)


RAW_COAL = {**DIESEL, "energy_item": "原煤", "purchase_cost_1k_cny": None}
ANTHRACITE = {**RAW_COAL, "energy_item": "无烟煤"}
ACCEPTED = {**STARTED, "stage": "验收", "event_date": "2025-12-20", "result": "合格",
            "document_no": "示例9号"}  # fmt: skip

# id: (what is filed, line, column). One mistake each, and no other finding but those in ALSO.
CASES: dict[str, tuple[Judge, int | None, str | None]] = {
    "C001": (one(E, ELECTRICITY, production_use=None), 2, "production_use"),
    "C002": (one(E, ELECTRICITY, uscc="9.13102E+17"), 2, "uscc"),
    "C003": (one(E, ELECTRICITY, uscc="9131015MA0000"), 2, "uscc"),
    "C004": (one(E, ELECTRICITY, uscc="91310151MA00000010"), 2, "uscc"),
    "C005": (one(E, ELECTRICITY, period="202613"), 2, "period"),
    "C006": (one(A, STARTED, event_date="2025-02-30"), 2, "event_date"),
    "C007": (one(E, ELECTRICITY, production_use="约8吨"), 2, "production_use"),
    "C008": (one(OUT, OUTPUT, employees="86.5"), 2, "employees"),
    "C009": (one(OUT, OUTPUT, gross_output_10k_cny="9" * 20), 2, "gross_output_10k_cny"),
    "C010": (one(E, ELECTRICITY, production_use=-2), 2, "production_use"),
    "C011": (one(E, {**ELECTRICITY, "energy_item": "天然气", "unit": "万立方米",
                     "purchase_cost_1k_cny": None}, own_coefficient_tce=0), 2,
             "own_coefficient_tce"),
    "C012": (one(OUT, OUTPUT, months_covered=3), 2, "months_covered"),
    "C013": (one(E, ELECTRICITY, energy_item="煤气"), 2, "energy_item"),
    "C014": (one(OUT, OUTPUT, nil_return="也许"), 2, "nil_return"),
    "C015": (one(E, ELECTRICITY, note="长" * 501), 2, "note"),
    "C016": (one(E, ELECTRICITY, note='=HYPERLINK("x")'), 2, "note"),
    "C017": (one(G, REGISTERED, contact_email="nobody"), 2, "contact_email"),
    "F001": (missing_column, 1, "gross_output_10k_cny"),
    "F002": (duplicate_header, 1, "gross_output_10k_cny"),
    "F003": (cut_file, 3, None),
    "S001": (many(E, {**ELECTRICITY, "uscc": "91350100M000100Y43"},
                  {**DIESEL, "uscc": "91350100M000100Y43"}), 2, "uscc"),
    "S002": (one(E, ELECTRICITY, uscc=FOOD), 2, "uscc"),
    "S003": (lambda b: b.judge(E, [{**ELECTRICITY, "uscc": POTS}], SHIPS_CLERK), 2, "uscc"),
    "S004": (lambda b: b.judge(G, [REGISTERED], SHIPS_CLERK), 2, None),
    "S005": (one(E, ELECTRICITY, period="202611"), 2, "period"),
    "S006": (many(E, ELECTRICITY, ELECTRICITY), 3, "energy_item"),
    "S007": (one(OUT, OUTPUT, months_covered=2), 2, "months_covered"),
    "S008": (many(E, {**ELECTRICITY, "period": "202602", "months_covered": 2},
                  {**DIESEL, "period": "202602"}), 2, "months_covered"),
    "S009": (after(OUT, [filed(OUTPUT, date(2026, 1, 1))],
                   {**OUTPUT, "period": "202602", "months_covered": 2}), 2, "period"),
    "E101": (one(E, ELECTRICITY, unit="千瓦时"), 2, "unit"),
    "E102": (one(E, ELECTRICITY, feedstock_use=101), 2, "feedstock_use"),
    "E103": (one(E, ELECTRICITY, transport_use=104), 2, "transport_use"),
    "E104": (one(E, DIESEL, closing_stock=5), 2, "closing_stock"),
    "E105": (one(E, DIESEL, closing_stock=5, sent_out=0), 2, "closing_stock"),
    "E106": (many(E, ANTHRACITE), 2, "energy_item"),
    "E107": (one(E, RAW_COAL, energy_item="煤泥"), 2, "own_coefficient_tce"),
    "E108": (one(E, ELECTRICITY, own_coefficient_tce=1.3), 2, "own_coefficient_tce"),
    "E109": (one(E, DIESEL, own_coefficient_tce=2), 2, "own_coefficient_tce"),
    "E110": (one(E, ELECTRICITY, closing_stock=1), 2, "closing_stock"),
    "E111": (one(E, ELECTRICITY, purchase_cost_1k_cny=72100), 2, "purchase_cost_1k_cny"),
    "E112": (one(E, DIESEL, green_power_certified=1), 2, "green_power_certified"),
    "E113": (many(E, {**ELECTRICITY, "uscc": OLD, "period": "201912"}), 2, "energy_item"),
    "E120": (after(E, [filed(DIESEL, SEPTEMBER, closing_stock=3)], DIESEL), 2, "opening_stock"),
    "E121": (after(E, year_of_electricity(), {**ELECTRICITY, "production_use": 100500,
             "purchased": None, "purchase_cost_1k_cny": None}), 2, "production_use"),
    "E122": (after(E, [filed(ELECTRICITY, SEPTEMBER, ytd_production_use=900)],
                   {**ELECTRICITY, "ytd_production_use": 1100}), 2, "ytd_production_use"),
    "E123": (after(E, [filed(ELECTRICITY, OCTOBER), filed(DIESEL, OCTOBER)], ELECTRICITY),
             None, None),
    "O101": (one(OUT, OUTPUT, intermediate_input_10k_cny=1620, vat_payable_10k_cny=48), 2,
             "value_added_10k_cny"),
    "O102": (one(OUT, OUTPUT, nil_return="是", value_added_10k_cny=0), 2, "nil_return"),
    "O103": (one(OUT, OUTPUT, nil_return="是", gross_output_10k_cny=0), 2, "value_added_10k_cny"),
    "O120": (after(OUT, [filed(OUTPUT, SEPTEMBER, ytd_gross_output_10k_cny=20000)],
                   {**OUTPUT, "ytd_gross_output_10k_cny": 25000}), 2, "ytd_gross_output_10k_cny"),
    "A101": (lambda b: b.judge(A, [ACCEPTED], SHIPS_CLERK), 2, "stage"),
    "A102": (one(A, STARTED, event_date="2026-12-01"), 2, "event_date"),
    "A103": (one(A, ACCEPTED, result=None), 2, "result"),
    "A104": (one(A, STARTED, category=None), 2, "category"),
    "A105": (one(A, LISTED, document_no=None), 2, "document_no"),
    "A120": (many(A, LISTED, {**STARTED, "event_date": "2025-03-01"}), 3, "event_date"),
    "A121": (after(A, [{**ACCEPTED, "stream": "mandatory", "category": "toxic",
                        "event_date": date(2025, 11, 1), "result": "passed"}], ACCEPTED), 2,
             "stage"),
    "A122": (many(A, STARTED, {**STARTED, "stage": "预审核", "event_date": "2025-05-01"}), 3,
             "event_date"),
    "G101": (one(G, REGISTERED, valid_to="201912"), 2, "valid_to"),
    "G120": (after(G, [{**REGISTERED, "valid_from": date(2024, 1, 1), "above_scale": True}],
                   {**REGISTERED, "valid_to": "202406"}), 2, "valid_to"),
    "G121": (after(G, [{**REGISTERED, "valid_from": date(2020, 1, 1), "above_scale": True,
                        "valid_to": date(2024, 12, 1)}],
                   {**REGISTERED, "valid_from": "202406"}), 2, "valid_from"),
    "G122": (one(G, REGISTERED, land_zone="198", valid_from="202601"), 2, "land_zone"),
    "P101": (one(P, PROJECT, park="崇明工业园区"), 2, "uscc"),
    "P102": (one(P, PROJECT, completed_on="2026-12-31"), 2, "completed_on"),
    "P103": (one(P, PROJECT, kind="循环经济示范园区"), 2, "park"),
    "R101": (one("park_land", LAND, valid_to="2019-12-31"), 2, "valid_to"),
    "R120": (after("park_land", [{**LAND, "valid_from": date(2024, 1, 1)}],
                   {**LAND, "valid_to": "2024-01-01"}), 2, "valid_to"),
    "R121": (after("park_land", [{**LAND, "valid_from": date(2020, 1, 1),
                                  "valid_to": date(2024, 12, 31)}],
                   {**LAND, "valid_from": "2024-12-31"}), 2, "valid_from"),
    "R122": (after("check_parameters", [{**DUE_DAY, "valid_from": date(2020, 1, 1)}],
                   {**DUE_DAY, "unit": "share", "valid_from": "2026-10-01"}), 2, "unit"),
    "R123": (after("energy_coefficients", [{**EDITION, "valid_from": date(2020, 1, 1)}],
                   {**EDITION, "form_unit": "千瓦时", "valid_from": "2026-10-01"}), 2, "form_unit"),
    "R124": (after("energy_coefficients", [{**EDITION, "valid_from": date(2020, 1, 1)}],
                   {**EDITION, "item_code": "electrisity"}), 2, "item_code"),
    "R125": (after("check_parameters", [{**DUE_DAY, "valid_from": date(2020, 1, 1)}],
                   {**DUE_DAY, "parameter": "filing_due_dya"}), 2, "parameter"),
    "R126": (after("energy_coefficients", [{**EDITION, "valid_from": date(2020, 1, 1)}],
                   {**EDITION, "tce_per_report_unit_default": "1.3", "valid_from": "2025-01-01"}),
             None, None),
    "U101": (one("enterprise_successors", CHANGE, successor_uscc=SHIPS), 2, "successor_uscc"),
    "U120": (after("enterprise_successors", [{**CHANGE, "valid_from": date(2024, 7, 1)}],
                   {**CHANGE, "uscc": POTS, "successor_uscc": SHIPS}), 2, "successor_uscc"),
}  # fmt: skip

# Where one deed breaks two rules, or the repaired past says something as well.
ALSO = {"A121": {"A122"}}


@pytest.fixture(scope="module")
def verdict_of(bench: Bench) -> Callable[[str], Verdict]:
    """The verdict of a case, reached once."""
    return cache(lambda check: CASES[check][0](bench))


@pytest.mark.parametrize("check", CASES)
def test_the_check_fires_where_a_person_would_look(
    verdict_of: Callable[[str], Verdict], check: str
) -> None:
    _, line, column = CASES[check]
    found = verdict_of(check).findings
    assert (check, line, column) in places(found)
    assert {f.id for f in found} <= {check} | ALSO.get(check, set())


@pytest.mark.parametrize("check", CASES)
def test_the_words_are_whole_in_both_languages(
    verdict_of: Callable[[str], Verdict], check: str
) -> None:
    for finding in verdict_of(check).findings:
        assert finding.expected is not None
        for words in (finding.message, finding.remedy, finding.expected):
            for text in (words.zh, words.en):
                assert text.strip()
                assert not re.search(r"[{}]|\[\[|None|nan", text), text
        if finding.line is not None and finding.id != "S004":
            assert f"第 {finding.line} 行" in finding.message.zh
            assert f"Line {finding.line}" in finding.message.en


def test_every_declared_check_has_its_case(bench: Bench) -> None:
    assert set(CASES) == bench.checker.rule_book.ids()


def test_findings_beyond_the_shown_are_counted_and_still_decide(bench: Bench) -> None:
    verdict = too_many_findings(bench)
    assert len(verdict.findings) == bench.settings.findings_shown + 1
    last = next(f for f in verdict.findings if f.id == "F000")
    assert "1148" in last.message.en  # 1,080 ill-typed cells and 1,068 repeated keys, 1,000 shown
    assert {str(f.state) for f in verdict.filings} == {"returned"}
