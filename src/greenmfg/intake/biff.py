"""Old .xls workbooks (BIFF): what the workbook reader leaves out, as in `ooxml` for XLSX."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from greenmfg.intake.ooxml import MAX_BLOCK_CELLS, Overlooked
from greenmfg.intake.refusals import Refused
from greenmfg.settings import Limits

_BOF, _BOUNDSHEET, _FILEPASS = 0x0809, 0x0085, 0x002F
_FORMULA, _STRING, _BOOLERR, _MULRK = 0x0006, 0x0207, 0x0205, 0x00BD
_SHARED_FORMULA, _ARRAY, _TABLE = 0x04BC, 0x0221, 0x0236
_CELLS = {_FORMULA, _BOOLERR, _MULRK, 0x0203, 0x0204, 0x00D6, 0x027E, 0x00FD}
_RESULT_IS_NO_NUMBER = 0xFFFF
_RESULT_STRING, _RESULT_ERROR = 0, 2

_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}

_Record = tuple[int, int, bytes]


def inspect(stream: bytes, limits: Limits) -> list[Overlooked]:
    """By sheet, in the workbook's order, the cells that would be read as blank though they are not.

    Args:
        stream: the compound file's `Workbook` (or `Book`) stream.
    Raises:
        Refused: password-protected, damaged, or a block of cells that would not fit.
    """
    try:
        return _inspect(stream, limits)
    except (struct.error, IndexError):
        raise Refused("damaged") from None


def _inspect(stream: bytes, limits: Limits) -> list[Overlooked]:
    starts: list[int] = []
    found: list[dict[tuple[int, int], str]] = []
    sheet: dict[tuple[int, int], str] | None = None
    last_row = last_column = 0
    pending: tuple[int, int] | None = None
    for offset, kind, body in _records(stream):
        if pending is not None and kind not in (_SHARED_FORMULA, _ARRAY, _TABLE):
            if kind != _STRING and sheet is not None:
                sheet[pending] = "="
            pending = None
        if kind == _FILEPASS:
            raise Refused("password")
        if kind == _BOUNDSHEET:
            starts.append(struct.unpack_from("<I", body)[0])
            found.append({})
        elif kind == _BOF:
            sheet = found[starts.index(offset)] if offset in starts else None
            last_row = last_column = 0
        elif kind in _CELLS and sheet is not None:
            row, column = (n + 1 for n in struct.unpack_from("<HH", body))
            last_row, last_column = max(last_row, row), max(last_column, column)
            if kind == _MULRK:
                last_column = max(last_column, struct.unpack_from("<H", body, len(body) - 2)[0] + 1)
            _refuse_far_cells(last_row, last_column, limits)
            text = _error(kind, body)
            if text is not None:
                sheet[row, column] = text
            if _awaits_string(kind, body):
                pending = (row, column)
    return list(found)


def _records(stream: bytes) -> Iterator[_Record]:
    offset = 0
    while offset + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, offset)
        yield offset, kind, stream[offset + 4 : offset + 4 + length]
        offset += 4 + length


def _refuse_far_cells(row: int, column: int, limits: Limits) -> None:
    if column > limits.max_columns or row * column > MAX_BLOCK_CELLS:
        raise Refused("too_many_columns", columns=column, limit=limits.max_columns)
    if row > limits.max_rows:
        raise Refused("too_many_rows", limit=limits.max_rows)


def _error(kind: int, body: bytes) -> str | None:
    if kind == _BOOLERR and body[7] == 1:
        return _ERRORS.get(body[6], "#ERROR!")
    if kind == _FORMULA and _special_result(body) == _RESULT_ERROR:
        return _ERRORS.get(body[8], "#ERROR!")
    return None


def _awaits_string(kind: int, body: bytes) -> bool:
    return kind == _FORMULA and _special_result(body) == _RESULT_STRING


def _special_result(body: bytes) -> int | None:
    if struct.unpack_from("<H", body, 12)[0] != _RESULT_IS_NO_NUMBER:
        return None
    return body[6]
