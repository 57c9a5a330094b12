"""A marked workbook made anew, row by row: for old XLS and for workbooks too large to rewrite."""

from __future__ import annotations

import io
from collections.abc import Iterator, Set
from decimal import Decimal, InvalidOperation

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from greenmfg.contract import Contract
from greenmfg.intake.header import Located
from greenmfg.pipeline.correcting import book
from greenmfg.pipeline.correcting.remarks import CellRemark, Remarks

_NUMBERS = ("decimal", "integer")
# Excel keeps fifteen digits; a longer number stays the text it was.
_MOST_DIGITS = 15


def marked(located: Located, contract: Contract, remarks: Remarks) -> bytes:
    """Every row of the sheet as text, numbers of number columns as numbers."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(located.source.sheet)
    width = max(len(record) for record in located.source.records())
    sheet.column_dimensions[get_column_letter(width + 1)].width = book.NOTES_WIDTH
    numbers = {
        position
        for name, position in located.position_of.items()
        if contract[name].type in _NUMBERS
    }
    marks = {(remark.line, remark.position - 1): remark for remark in remarks.cells}
    said = {**remarks.by_line, located.line: remarks.heading}
    for line, record in enumerate(located.source.records(), start=1):
        below = numbers if line > located.line else frozenset()
        row = list(_cells(sheet, line, record, below, marks))
        if line in said:
            note = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", said[line]))
            book.style_note(note)
            row += [None] * (width - len(row)) + [note]
        sheet.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _cells(
    sheet: object,
    line: int,
    record: list[str],
    numbers: Set[int],
    marks: dict[tuple[int, int], CellRemark],
) -> Iterator[object]:
    for position, text in enumerate(record):
        remark = marks.get((line, position))
        value = _value(text, position in numbers)
        if remark is None and not (isinstance(value, str) and value.startswith("=")):
            yield value
            continue
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, str):
            cell.data_type, cell.quotePrefix = "s", True
        if remark is not None:
            cell.fill = book.FILLS[remark.severity]
            cell.comment = book.comment(remark.text)
        yield cell


def _value(text: str, is_number: bool) -> str | Decimal | None:
    if not text:
        return None
    if is_number and text.isascii() and sum(map(str.isdigit, text)) <= _MOST_DIGITS:
        try:
            number = Decimal(text)
        except InvalidOperation:
            pass
        else:
            if number.is_finite() and f"{number:f}" == text:
                return number
    return str(ILLEGAL_CHARACTERS_RE.sub("", text))
