"""XLSX and old XLS: the same rows and lines as the spreadsheet shows."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import openpyxl
import pytest
from intake_files import ELECTRICITY, ENERGY, OUTPUT, part, saved, with_part, xlsx

from greenmfg.intake.workbook import shown
from greenmfg.records import TidiedKind

FILES = Path(__file__).resolve().parent / "files"
CODE = "91310151MA00000013"


def energy_sheet(**cells):
    row = [CODE, 202610, 1, "电力", "万千瓦时", None, 103.0, 721, 100.5, None]
    names = ["uscc", "period", "months_covered", "energy_item", "unit", "opening_stock"]
    names += ["purchased", "purchase_cost_1k_cny", "production_use", "note"]
    return xlsx({"能源": [ENERGY, [cells.get(n, v) for n, v in zip(names, row, strict=True)]]})


def test_a_workbook_reads_like_the_same_text_file(read):
    row = read(energy_sheet()).rows.to_pylist()[0]
    assert row["period"] == "2026-10-01"
    assert (row["months_covered"], row["purchased"], row["production_use"]) == ("1", "103", "100.5")
    assert read(energy_sheet()).tidied == ()


def test_an_old_xls_with_titles_and_signature_reads_with_its_lines(read):
    parsed = read((FILES / "output_title_rows.xls").read_bytes())
    assert (parsed.form, parsed.encoding, parsed.header_line) == ("output_monthly", "xls", 3)
    (row,) = parsed.rows.to_pylist()
    assert (row["line"], row["gross_output_10k_cny"], row["nil_return"]) == (4, "2150.25", "false")
    assert row["period"] == "2026-10-01"
    assert [(e.kind.value, e.line) for e in parsed.tidied] == [
        ("title_rows", 1),
        ("blank_rows", 2),
        ("period_spelling", 4),
        ("blank_rows", 5),
        ("signature_rows", 6),
    ]


def test_empty_rows_and_columns_before_the_table_count(read):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["C3"] = "工业产值月报"
    sheet.merge_cells("C3:I3")
    for at, (header, value) in enumerate(
        zip(OUTPUT, [CODE, 202610, 1, 2150, 516, "否", None], strict=True), start=3
    ):
        sheet.cell(5, at, header)
        sheet.cell(6, at, value)
    parsed = read(saved(workbook))
    assert parsed.header_line == 5
    assert parsed.rows.column("line").to_pylist() == [6]
    assert parsed.header[0].position == 3
    assert [(e.kind.value, e.line, e.before) for e in parsed.tidied] == [
        ("blank_rows", 1, None),
        ("blank_rows", 2, None),
        ("title_rows", 3, "工业产值月报"),
        ("blank_rows", 4, None),
        ("blank_columns", 5, "A:B"),
    ]


@pytest.mark.parametrize(
    ("cell", "kind", "before"),
    [
        (datetime.date(2026, 10, 1), TidiedKind.PERIOD_SPELLING, "2026-10-01"),
        (datetime.datetime(2026, 10, 31, 8, 30), TidiedKind.PERIOD_SPELLING, "2026-10-31 08:30:00"),
        (46296, TidiedKind.EXCEL_NUMBER, "46296"),
        ("2026年10月", TidiedKind.PERIOD_SPELLING, "2026年10月"),
    ],
)
def test_a_month_in_a_workbook_may_be_a_date_or_excels_own_count(cell, kind, before, read):
    parsed = read(energy_sheet(period=cell))
    assert parsed.rows.column("period").to_pylist() == ["2026-10-01"]
    (entry,) = parsed.tidied
    assert (entry.kind, entry.line, entry.before, entry.after) == (kind, 2, before, "202610")


def test_binary_noise_of_excel_is_rounded_and_listed(read):
    parsed = read(energy_sheet(production_use=100.49999999999))
    assert parsed.rows.column("production_use").to_pylist() == ["100.5"]
    assert [entry.kind for entry in parsed.tidied] == [TidiedKind.ROUNDED]


def test_an_enterprise_code_that_excel_made_a_number_is_shown_as_excel_shows_it(read):
    parsed = read(energy_sheet(uscc=913101510000000013))
    assert parsed.rows.column("uscc").to_pylist() == ["9.13102E+17"]


def test_a_leading_zero_that_excel_dropped_is_restored(read):
    register = ["统一社会信用代码", "企业名称", "行业代码", "乡镇代码", "规模以上", "生效月份"]
    parsed = read(xlsx({"名录": [register, [CODE, "示例", 6, 310151116, True, 202001]]}))
    (row,) = parsed.rows.to_pylist()
    assert (row["industry_code"], row["town_code"], row["above_scale"]) == (
        "06",
        "310151116",
        "true",
    )
    assert [(e.kind.value, e.before, e.after) for e in parsed.tidied] == [
        ("excel_number", "6", "06"),
        ("item_alias", "TRUE", "是"),
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (2150.0, "2150"),
        (True, "TRUE"),
        (9.1310151e17, "9.13102E+17"),
        (datetime.date(2026, 10, 1), "2026-10-01"),
        (datetime.time(8, 30), "08:30:00"),
    ],
)
def test_a_cell_is_shown_as_the_spreadsheet_shows_it(cell, text):
    assert shown(cell) == text


def test_an_error_of_excel_is_no_blank(read):
    workbook = openpyxl.load_workbook(filename=io.BytesIO(energy_sheet()))
    cell = workbook.active["F2"]
    cell.value, cell.data_type = "#DIV/0!", "e"
    parsed = read(saved(workbook))
    assert parsed.rows.column("opening_stock").to_pylist() == ["#DIV/0!"]


def test_a_formula_that_was_never_computed_is_no_blank(read):
    parsed = read(energy_sheet(production_use="=1+1", note='=HYPERLINK("http://x","y")'))
    assert parsed.rows.column("production_use").to_pylist() == ["=1+1"]
    assert parsed.rows.column("note").to_pylist() == ['=HYPERLINK("http://x","y")']


def test_a_computed_formula_is_its_result(read):
    data = energy_sheet(production_use="=50+50.5")
    sheet = part(data, "xl/worksheets/sheet1.xml")
    computed = sheet.replace(b"<f>50+50.5</f><v />", b"<f>50+50.5</f><v>100.5</v>").replace(
        b"<f>50+50.5</f><v></v>", b"<f>50+50.5</f><v>100.5</v>"
    )
    assert computed != sheet
    parsed = read(with_part(data, "xl/worksheets/sheet1.xml", computed))
    assert parsed.rows.column("production_use").to_pylist() == ["100.5"]


def test_sheets_beside_the_form_are_left_alone(read):
    data = xlsx(
        {
            "填表说明": [["请填写“能源月报”"], ["统一社会信用代码", "18 位"]],
            "代码表": [["能源品种", "计量单位"], ["电力", "万千瓦时"]],
            "能源月报": [ENERGY, ELECTRICITY],
        }
    )
    assert read(data).rows.column("energy_item").to_pylist() == ["electricity"]


def test_a_damaged_xls_that_would_end_the_reader_ends_in_a_refusal(refuse):
    data = bytearray((FILES / "output_title_rows.xls").read_bytes())
    data[1929] = 0xFF  # a count of texts: the reader sets out to reserve two terabytes for them
    assert refuse(bytes(data)).id == "R022"


def test_an_error_of_excel_in_an_old_xls_is_no_blank(read):
    parsed = read((FILES / "output_excel_error.xls").read_bytes())
    assert parsed.rows.column("intermediate_input_10k_cny").to_pylist() == ["#DIV/0!"]
