"""Templates: the exact header row, safe cells, drop-downs, and nothing else that reads as data."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from greenmfg.contract import Contract
from greenmfg.contract.codes import CodeLists, plain
from greenmfg.contract.templates import csv_template, xlsx_template

FORMS = (
    *("energy_monthly", "output_monthly", "audit_progress"),
    *("enterprise_register", "plan_projects"),
)
FIRM = "91310151MA00000013"
OCTOBER = date(2026, 10, 1)


@pytest.mark.parametrize("form", FORMS)
def test_both_templates_have_the_forms_exact_header_row(
    form: str, contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    headers = [column.header for column in contracts[form].columns]
    assert read_csv(csv_template(contracts[form], codes)) == [headers]
    assert read_sheets(xlsx_template(contracts[form], codes))["填报表"] == [headers]


def test_a_csv_template_says_that_it_is_utf8_so_that_excel_reads_it(
    contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    assert csv_template(contracts["energy_monthly"], codes).startswith(b"\xef\xbb\xbf")


def test_the_firm_and_its_month_are_filled_in_as_text(
    contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    form = contracts["output_monthly"]
    assert read_csv(csv_template(form, codes, enterprise=FIRM, period=OCTOBER))[1][:3] == [
        *(FIRM, "202610", "")
    ]
    sheet = entry_sheet(xlsx_template(form, codes, enterprise=FIRM, period=OCTOBER))
    assert (sheet["A2"].value, sheet["B2"].value) == (FIRM, "202610")
    assert (sheet["A2"].number_format, sheet["B2"].number_format) == ("@", "@")


def test_a_form_without_months_takes_the_firm_alone(
    contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    rows = read_csv(
        csv_template(contracts["audit_progress"], codes, enterprise=FIRM, period=OCTOBER)
    )
    assert rows[1] == [FIRM, *[""] * 14]


def test_rows_to_fill_in_use_the_forms_own_words(
    contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    form = contracts["energy_monthly"]
    rows = [
        {"energy_item": "electricity", "unit": "万千瓦时"},
        {"energy_item": "diesel", "unit": "吨", "opening_stock": "1.5", "months_covered": "1"},
    ]
    given = {"enterprise": FIRM, "period": OCTOBER, "rows": rows}
    _, power, diesel = read_csv(csv_template(form, codes, **given))
    assert power[:5] == [FIRM, "202610", "", "电力", "万千瓦时"]
    assert diesel[:6] == [FIRM, "202610", "1", "柴油", "吨", "1.5"]
    sheet = entry_sheet(xlsx_template(form, codes, **given))
    assert [cell.value for cell in sheet[3]][:6] == [FIRM, "202610", 1, "柴油", "吨", 1.5]


def test_yes_and_no_and_dates_are_written_as_the_form_has_them(
    contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    register = [{"uscc": FIRM, "above_scale": "yes", "land_area_ha": "12.5"}]
    sheet = entry_sheet(xlsx_template(contracts["enterprise_register"], codes, rows=register))
    assert sheet["J2"].value == "是"
    assert Decimal(str(sheet["H2"].value)) == Decimal("12.5")
    audits = [{"uscc": FIRM, "event_date": "2025-05-20"}]
    sheet = entry_sheet(xlsx_template(contracts["audit_progress"], codes, rows=audits))
    assert sheet["F2"].value.date() == date(2025, 5, 20)
    assert sheet["F2"].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("form", FORMS)
def test_no_code_or_month_that_is_typed_in_can_turn_into_a_number(
    form: str, contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    sheet = entry_sheet(xlsx_template(contracts[form], codes))
    for cell, column in zip(sheet[1], contracts[form].columns, strict=True):
        if column.type in ("uscc", "month", "code"):
            assert sheet.column_dimensions[cell.column_letter].number_format == "@", column.name


@pytest.mark.parametrize("form", FORMS)
def test_every_list_drops_down_with_the_words_that_the_form_takes(
    form: str, contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_template(contracts[form], codes)))
    lists = {
        str(validation.sqref).partition("2:")[0]: validation.formula1
        for validation in book["填报表"].data_validations.dataValidation
        if validation.type == "list"
    }
    for cell, column in zip(book["填报表"][1], contracts[form].columns, strict=True):
        name = "yes_no" if column.type == "yes_no" else column.code_list
        if name is None:
            assert cell.column_letter not in lists
            continue
        sheet, _, cells = lists[cell.column_letter].partition("!")
        words = [row[0].value for row in book[sheet.strip("'")][cells.replace("$", "")]]
        assert words == list(codes[name].names.values())
        assert all(codes[name].code_of(word) for word in words)


@pytest.mark.parametrize("form", FORMS)
def test_the_header_stays_in_sight_and_explains_itself(
    form: str, contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    for language, sheet_name in (("zh", "填报表"), ("en", "Data entry")):
        data = xlsx_template(contracts[form], codes, language=language)
        sheet = openpyxl.load_workbook(io.BytesIO(data))[sheet_name]
        assert sheet.freeze_panes == "A2"
        for cell, column in zip(sheet[1], contracts[form].columns, strict=True):
            assert getattr(column.help, language) in cell.comment.text


@pytest.mark.parametrize("form", FORMS)
def test_the_help_sheet_explains_every_column_in_both_languages(
    form: str, contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    sheet = read_sheets(xlsx_template(contracts[form], codes))["填报说明"]
    rows = {row[0]: row for row in sheet}
    for column in contracts[form].columns:
        row = rows[column.header]
        assert row[1] == column.label.en
        assert (row[2] != "") == column.column_required
        assert row[4:] == [column.unit or "", column.help.zh, column.help.en]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_only_the_data_entry_sheet_has_headers_side_by_side(
    language: str, contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    for form in FORMS:
        data = xlsx_template(contracts[form], codes, language=language)
        entry, *others = read_sheets(data).values()
        assert headers_of(contracts[form], entry[0]) == len(contracts[form].columns)
        for contract in contracts.values():
            assert max(headers_of(contract, row) for sheet in others for row in sheet) <= 1


def test_the_same_template_is_the_same_file(
    contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    form = contracts["energy_monthly"]
    first = xlsx_template(form, codes, enterprise=FIRM, period=OCTOBER)
    assert first == xlsx_template(form, codes, enterprise=FIRM, period=OCTOBER)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2020, 1, 1, 0, 0, 0)}
        assert b"2020-01-01T00:00:00Z</dcterms:modified>" in archive.read("docProps/core.xml")


def headers_of(contract: Contract, row: list[str]) -> int:
    """How many cells of a row the contract would take for headers."""
    known = {
        plain(spelling)
        for column in contract.columns
        for spelling in (column.header, *column.aliases)
    }
    return sum(plain(cell) in known for cell in row)


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_sheets(data: bytes) -> dict[str, list[list[str]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        name: [[str(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python()]
        for name in book.sheet_names
    }


def entry_sheet(data: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data))["填报表"]
