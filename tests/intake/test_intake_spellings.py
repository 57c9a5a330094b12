"""Months, days, numbers, codes: every spelling that people and Excel make."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake_files import energy, energy_row

from greenmfg.intake import spellings
from greenmfg.records import TidiedKind

OCTOBER = [
    "2026-10",
    "2026/10",
    "2026.10",
    "2026年10月",
    "2026年10月份",
    "2026 年 10 月",
    "2026年10",
    "2026年度10月",
    "2026年第10月",
    "202610月",
    "2026M10",
    "2026-10-01",
    "2026-10-31",
    "2026/10/1",
    "2026.10.1",
    "2026年10月1日",
    "20261001",
    "2026-10-01 00:00:00",
    "2026-10-01T00:00:00",
    "Oct-26",
    "oct-26",
    "26-Oct",
    "Oct 2026",
    "Oct-2026",
    "October 2026",
    "2026-Oct",
    "1-Oct-26",
    "10/2026",
    "10-2026",
    "10月-2026",
    "二〇二六年十月",
    "二零二六年十月份",
    "２０２６年１０月",
    "２０２６１０",
    "'202610",
    " 202610 ",
    "202610.0",
    '="202610"',
]


@pytest.mark.parametrize("spelled", OCTOBER)
def test_a_month_is_read_in_every_spelling_and_the_change_is_listed(spelled, read):
    parsed = read(energy(energy_row(period=spelled)))
    assert parsed.rows.column("period").to_pylist() == ["2026-10-01"]
    assert parsed.given.column("period").to_pylist() == [spelled]
    assert parsed.tidied[0].before == spelled
    assert parsed.tidied[-1].after == "202610"
    assert {(entry.line, entry.column) for entry in parsed.tidied} == {(2, "period")}


@pytest.mark.parametrize(
    ("spelled", "iso"),
    [
        ("202601", "2026-01-01"),
        ("2026-1", "2026-01-01"),
        ("2026.9", "2026-09-01"),
        ("2026年1月", "2026-01-01"),
        ("二〇二六年一月", "2026-01-01"),
        ("二〇二六年元月", "2026-01-01"),
        ("二〇二五年十二月", "2025-12-01"),
        ("Sept 2026", "2026-09-01"),
        ("May-26", "2026-05-01"),
    ],
)
def test_other_months_are_read_too(spelled, iso):
    assert spellings.month(spelled, in_workbook=False)[0] == iso


@pytest.mark.parametrize(
    "given",
    [
        "202613",
        "202600",
        "2026",
        "2026-13",
        "2026.1",
        "10/26",
        "2026年1-2月",
        "十月",
        "46296",
        "2026Q4",
    ],
)
def test_an_impossible_or_ambiguous_month_stays_as_given(given, read):
    parsed = read(energy(energy_row(period=given)))
    assert parsed.rows.column("period").to_pylist() == [given]
    assert parsed.tidied == ()


def test_the_form_s_own_month_is_not_listed(read):
    parsed = read(energy(energy_row(period="202610")))
    assert parsed.rows.column("period").to_pylist() == ["2026-10-01"]
    assert parsed.tidied == ()


@given(st.dates())
def test_no_month_is_ever_moved_to_another(day):
    if not 1900 <= day.year <= 2099:
        return
    for spelled in (
        f"{day:%Y%m}",
        f"{day:%Y-%m}",
        f"{day.year}年{day.month}月",
        f"{day.year}/{day.month}/{day.day}",
        day.isoformat(),
    ):
        assert spellings.month(spelled, in_workbook=True)[0] == day.replace(day=1).isoformat()


@pytest.mark.parametrize(
    "spelled",
    [
        "20250520",
        "2025/5/20",
        "2025.5.20",
        "2025-5-20",
        "2025年5月20日",
        "2025年5月20号",
        "20-May-2025",
        "20-May-25",
        "May 20, 2025",
        "2025-05-20 14:30",
        "二〇二五年五月二十日",
    ],
)
def test_a_day_is_read_in_every_spelling(spelled):
    assert spellings.day(spelled, in_workbook=False) == ("2025-05-20", TidiedKind.PERIOD_SPELLING)


@pytest.mark.parametrize("given", ["2025-02-30", "5/6/2025", "202505", "2025年5月", "昨天"])
def test_what_is_no_day_or_could_be_two_is_not_read(given):
    assert spellings.day(given, in_workbook=False) is None


@pytest.mark.parametrize(
    ("given", "stored", "kinds"),
    [
        ("1,103.0", "1103.0", ["thousands_separator"]),
        ("-1,234,567", "-1234567", ["thousands_separator"]),
        ("１，１０３．５", "1103.5", ["full_width", "thousands_separator"]),
        (" 8.0\u00a0", "8.0", ["spaces"]),
        ("'8.0", "8.0", ["spaces"]),
        ("1.5E3", "1500", ["excel_number"]),
        ("1.5e-3", "0.0015", ["excel_number"]),
        (".5", "0.5", ["excel_number"]),
        ("100.49999999999", "100.5", ["rounded"]),
        ("0.0000005", "0.000001", ["rounded"]),
        ("2.5000004", "2.5", ["rounded"]),
        ("100.50", "100.50", []),
        ("007", "007", []),
        ("1,10", "1,10", []),
        ("1,1034", "1,1034", []),
        ("约8吨", "约8吨", []),
        ("abc", "abc", []),
        ("nan", "nan", []),
        ("1_000", "1_000", []),
        ("1 103", "1 103", []),
        ("50%", "50%", []),
        ("-", "-", []),
    ],
)
def test_numbers_are_written_plainly_and_words_left_alone(given, stored, kinds, read):
    parsed = read(energy(energy_row(production_use=given)))
    assert parsed.rows.column("production_use").to_pylist() == [stored]
    assert [entry.kind.value for entry in parsed.tidied] == kinds


@given(st.decimals(-(10**9), 10**9, places=9))
def test_rounding_is_half_up_and_exact(value):
    text, _ = spellings.number(format(value, "f"), decimals=6)
    assert Decimal(text) == value.quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)


def test_a_coefficient_keeps_twelve_decimals():
    assert spellings.number("0.09142631424", decimals=12) == ("0.09142631424", [])


def test_whole_numbers_lose_excels_point_but_are_never_rounded(read):
    parsed = read(energy(energy_row(months_covered="1.0"), energy_row(months_covered="1.5")))
    assert parsed.rows.column("months_covered").to_pylist() == ["1", "1.5"]
    assert [entry.kind for entry in parsed.tidied] == [TidiedKind.EXCEL_NUMBER]


@pytest.mark.parametrize(
    ("given", "stored", "kind", "after"),
    [
        ("电力", "electricity", None, None),
        ("electricity", "electricity", None, None),
        ("33", "electricity", "item_alias", "电力"),
        (" 电力", "electricity", "spaces", None),
        ("电 力", "electricity", "spaces", "电力"),
        ("1", "raw_coal", "excel_number", "01"),
        ("煤气", "煤气", None, None),
    ],
)
def test_an_energy_item_is_stored_by_its_code(given, stored, kind, after, read):
    parsed = read(energy(energy_row(energy_item=given)))
    assert parsed.rows.column("energy_item").to_pylist() == [stored]
    assert [entry.kind.value for entry in parsed.tidied] == ([kind] if kind else [])
    if after:
        assert parsed.tidied[0].after == after


def test_a_unit_is_stored_as_the_form_names_it_and_never_converted(read):
    parsed = read(energy(*(energy_row(unit=unit) for unit in ("GJ", "gj", "吨", "kWh", "m³"))))
    assert parsed.rows.column("unit").to_pylist() == ["百万千焦", "百万千焦", "吨", "kWh", "m³"]
    assert [(entry.kind.value, entry.line) for entry in parsed.tidied] == [
        ("unit_spelling", 2),
        ("unit_spelling", 3),
    ]


@pytest.mark.parametrize(
    ("given", "stored", "kinds"),
    [
        ("91310151ma00000013", "91310151MA00000013", ["full_width"]),
        ("９１３１０１５１ＭＡ００００００１３", "91310151MA00000013", ["full_width"]),
        ("91310151 MA00000013 ", "91310151MA00000013", ["spaces", "spaces"]),
        ('="91310151MA00000013"', "91310151MA00000013", ["excel_number"]),
        ("9.13102E+17", "9.13102E+17", []),
        ("91310151MA00000010", "91310151MA00000010", []),
    ],
)
def test_an_enterprise_code_is_tidied_but_never_guessed(given, stored, kinds, read):
    parsed = read(energy(energy_row(uscc=given)))
    assert parsed.rows.column("uscc").to_pylist() == [stored]
    assert [entry.kind.value for entry in parsed.tidied] == kinds


def test_a_cell_of_spaces_is_blank_and_listed(read):
    parsed = read(energy(energy_row(opening_stock="  ")))
    assert parsed.rows.column("opening_stock").to_pylist() == [None]
    assert [entry.kind for entry in parsed.tidied] == [TidiedKind.SPACES]


def test_a_list_too_long_to_read_ends_in_counts(read):
    parsed = read(energy(*[energy_row(period="2026-10", unit="kWh ")] * 10_100))
    assert len(parsed.tidied) == 10_000 + 2
    by_column = {entry.column: entry for entry in parsed.tidied[-2:]}
    assert all(entry.line is None for entry in by_column.values())
    listed = [entry.column for entry in parsed.tidied[:10_000]]
    for column, entry in by_column.items():
        assert listed.count(column) + int(entry.after) == 10_100
