"""A form as a workbook: data-entry sheet, code lists, help; the same form gives the same bytes."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.writer.excel import ExcelWriter

from greenmfg.contract.codes import CodeLists
from greenmfg.contract.forms import Column, Contract
from greenmfg.contract.wording import column_type, is_required, list_name

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

# Drop-downs and cell checks reach this far down; agents that file more use CSV.
LAST_ROW = 2_000
# The moment of writing would make every template another file. Office documents carry no zone.
_WRITTEN = datetime(2020, 1, 1)  # noqa: DTZ001
_TEXT = "@"
_FORMATS = {"integer": "0", "decimal": "General", "date": "yyyy-mm-dd"}
_REQUIRED_FILL = PatternFill("solid", start_color="FFF8CBAD")
_OPTIONAL_FILL = PatternFill("solid", start_color="FFE2EFDA")
_LEGEND = ("橙色表头为必填列，绿色为选填列。", "Orange headers are required, green ones optional.")
_SHEETS = {
    "zh": ("填报表", "代码表", "填报说明"),
    "en": ("Data entry", "Code lists", "Help"),
}
# Excel's own limits on the note that appears beside a chosen cell.
_PROMPT_TITLE, _PROMPT = 32, 255


def write_workbook(
    contract: Contract,
    codes: CodeLists,
    rows: Sequence[Sequence[str]],
    language: Literal["zh", "en"],
) -> bytes:
    """The workbook's bytes; `rows` hold text cells in the contract's order, blank where empty.

    Credit codes, months and codes are text cells, so that Excel cannot turn them into 9.13E+17,
    Oct-26 or 6. Code lists and help name headers downwards, never across: only the data-entry
    sheet reads as a form.
    """
    workbook = Workbook()
    entry = workbook.worksheets[0]
    entry.title, lists_title, help_title = _SHEETS[language]
    ranges = _write_code_lists(workbook.create_sheet(lists_title), contract, codes)
    _write_header(entry, contract, language)
    for row in rows:
        entry.append([_value(c, text) for c, text in zip(contract.columns, row, strict=True)])
    for index, column in enumerate(contract.columns, start=1):
        _format_column(entry, index, column)
        validation = _validation(column, ranges, language)
        validation.add(f"{get_column_letter(index)}2:{get_column_letter(index)}{LAST_ROW}")
        entry.add_data_validation(validation)
    _write_help(workbook.create_sheet(help_title), contract)
    return _bytes(workbook)


def _value(column: Column, text: str) -> str | int | Decimal | date | None:
    if not text:
        return None
    match column.type:
        case "integer":
            return int(text)
        case "decimal":
            return Decimal(text)
        case "date":
            return date.fromisoformat(text)
        case _:
            return text


# The data-entry sheet ------------------------------------------------------------------------


def _write_header(sheet: Worksheet, contract: Contract, language: str) -> None:
    sheet.append([column.header for column in contract.columns])
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 45
    for cell, column in zip(sheet[1], contract.columns, strict=True):
        cell.font = Font(bold=True)
        cell.fill = _REQUIRED_FILL if is_required(column) else _OPTIONAL_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.comment = Comment(_advice(column, language), "greenmfg", height=160, width=320)


def _format_column(sheet: Worksheet, index: int, column: Column) -> None:
    """Formats the column itself, so that rows not yet there are text or number from the start."""
    dimension = sheet.column_dimensions[get_column_letter(index)]
    dimension.width = 22 if column.type == "uscc" else max(10, min(28, _width(column.header) + 2))
    dimension.number_format = _FORMATS.get(column.type, _TEXT)
    for (cell,) in sheet.iter_rows(min_row=2, min_col=index, max_col=index):
        cell.number_format = dimension.number_format


def _validation(column: Column, ranges: Mapping[str, str], language: str) -> DataValidation:
    """A drop-down or a bound that warns; the verdict is the checks' alone, aliases stay allowed."""
    rule = _rule(column, ranges)
    return DataValidation(
        **rule,
        allow_blank=True,
        errorStyle="warning",
        showErrorMessage=bool(rule),
        showInputMessage=True,
        promptTitle=column.header[:_PROMPT_TITLE],
        prompt=_advice(column, language)[:_PROMPT],
    )


def _rule(column: Column, ranges: Mapping[str, str]) -> dict[str, str]:
    name = list_name(column)
    if name:
        return {"type": "list", "formula1": ranges[name]}
    match column.type:
        case "uscc":
            return {"type": "textLength", "operator": "equal", "formula1": "18"}
        case "text" if column.max_characters:
            most = str(column.max_characters)
            return {"type": "textLength", "operator": "lessThanOrEqual", "formula1": most}
        case "integer" | "decimal":
            kind = "whole" if column.type == "integer" else "decimal"
            return {"type": kind, **_bounds(column)}
        case _:
            return {}


def _bounds(column: Column) -> dict[str, str]:
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return {"operator": "between", "formula1": low, "formula2": high}
    if low is not None:
        operator = "greaterThan" if column.above_minimum else "greaterThanOrEqual"
        return {"operator": operator, "formula1": low}
    if high is not None:
        return {"operator": "lessThanOrEqual", "formula1": high}
    # Any number at all, but a number: value added may be negative, never a word.
    return {"operator": "between", "formula1": "-1E+13", "formula2": "1E+13"}


def _advice(column: Column, language: str) -> str:
    if language == "en":
        unit = f" ({column.unit})" if column.unit and column.unit not in column.label.en else ""
        return f"{'Required. ' * is_required(column)}{column.label.en}{unit}\n{column.help.en}"
    return f"{'【必填】' * is_required(column)}{column.help.zh}"


# The other sheets ----------------------------------------------------------------------------


def _write_code_lists(sheet: Worksheet, contract: Contract, codes: CodeLists) -> dict[str, str]:
    """One line per code, list after list. Returns: list name → the cells of its words."""
    sheet.append(["适用列 Column", "代码 Code", "填写用语 Write"])
    ranges: dict[str, str] = {}
    title = sheet.title.replace("'", "''")
    for column in contract.columns:
        name = list_name(column)
        if name is None or name in ranges:
            continue
        first = sheet.max_row + 1
        for code, word in codes[name].names.items():
            sheet.append([column.header, code, word])
        ranges[name] = f"'{title}'!$C${first}:$C${sheet.max_row}"
    _finish(sheet, (28, 26, 44))
    return ranges


def _write_help(sheet: Worksheet, contract: Contract) -> None:
    sheet.append(
        ["列 Column", "English", "必填 Required", "类型 Type", "计量 Unit", "填报要求", "Help"]
    )
    for column in contract.columns:
        words = column_type(column)
        sheet.append(
            [
                column.header,
                column.label.en,
                "必填 yes" if is_required(column) else None,
                f"{words.zh} {words.en}",
                column.unit,
                column.help.zh,
                column.help.en,
            ]
        )
    sheet.append([])
    sheet.append([contract.title.zh, contract.title.en])
    sheet.append([contract.each_row_is.zh, contract.each_row_is.en])
    sheet.append(_LEGEND)
    _finish(sheet, (30, 30, 12, 24, 18, 64, 64))


def _finish(sheet: Worksheet, widths: Sequence[int]) -> None:
    sheet.freeze_panes = "A2"
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.number_format = _TEXT
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _width(text: str) -> int:
    """Width in half-width characters: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _bytes(workbook: Workbook) -> bytes:
    """The archive without the moment of writing, in its properties and in its entries."""
    workbook.properties.creator = "greenmfg"
    workbook.properties.created = workbook.properties.modified = _WRITTEN
    written, fixed = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(workbook, archive).save()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return fixed.getvalue()
