"""A marked XLSX: the firm's own workbook, bad cells coloured and commented, notes at the end."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from greenmfg.intake.header import Located
from greenmfg.pipeline.correcting.remarks import Remarks

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

AUTHOR = "greenmfg check"
NOTES_WIDTH = 80
FILLS = {
    "error": PatternFill("solid", start_color="FFFFC7CE"),
    "warning": PatternFill("solid", start_color="FFFFEB9C"),
    "info": PatternFill("solid", start_color="FFDDEBF7"),
}
_NO_FILL = PatternFill()
_SIZE = {"height": 150, "width": 320}


class LooksNotKept(Exception):
    """The library that rewrites workbooks cannot read this one, though its cells can be read."""


def marked(data: bytes, located: Located, remarks: Remarks) -> bytes:
    """The workbook with values in place of formulas (they are what was read) and no links.

    Raises:
        LooksNotKept: the workbook cannot be rewritten.
    """
    try:
        workbook = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        sheet = workbook[located.source.sheet or ""]
    except Exception as error:  # it stumbles in many ways over what other programs write
        raise LooksNotKept(str(error)) from error
    before = located.source.notes_at
    if before is not None:
        _take_off(sheet, located.line, before + 1)
    _fill_in(sheet, located)
    for remark in remarks.cells:
        # Earlier notes have moved what stands behind them.
        moved = before is not None and remark.position > before
        cell = sheet.cell(remark.line, remark.position + moved)
        cell.fill = FILLS[remark.severity]
        cell.comment = comment(remark.text)
    widths = [len(record) for record in located.source.records()]
    _write_notes(sheet, located.line, max(widths) + 1 if before is None else before + 1, remarks)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def comment(text: str) -> Comment:
    return Comment(text, AUTHOR, **_SIZE)


def style_note(cell: Cell) -> None:
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.font = Font(color="FF9C0006")


def _take_off(sheet: Worksheet, header_line: int, column: int) -> None:
    """Removes the marks of an earlier copy: what is still wrong is marked anew."""
    for row in sheet.iter_rows(min_row=header_line):
        for cell in row:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment, cell.fill = None, _NO_FILL
            if cell.column == column:
                cell.value = None


def _fill_in(sheet: Worksheet, located: Located) -> None:
    """What has no stored value but was read (a formula never computed) stays in sight as text, and
    no text can turn into a formula when its cell is edited."""
    at = located.source.notes_at
    for line, record in enumerate(located.source.records(), start=1):
        for position, text in enumerate(record):
            if not text.startswith("="):
                continue
            moved = at is not None and line >= located.line and position >= at
            cell = sheet.cell(line, position + 1 + moved)
            cell.value, cell.data_type = text, "s"
            cell.quotePrefix = True


def _write_notes(sheet: Worksheet, header_line: int, column: int, remarks: Remarks) -> None:
    sheet.column_dimensions[get_column_letter(column)].width = NOTES_WIDTH
    for line, text in {header_line: remarks.heading, **remarks.by_line}.items():
        cell = sheet.cell(line, column, text)
        style_note(cell)
