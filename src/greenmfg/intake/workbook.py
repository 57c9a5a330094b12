"""Workbooks, XLSX and old XLS: every sheet as rows of text, as the spreadsheet would show them."""

from __future__ import annotations

import datetime
import io
import math
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Literal, TypeVar

import python_calamine as calamine

from greenmfg.intake import biff, ole, ooxml
from greenmfg.intake.ooxml import Overlooked
from greenmfg.intake.refusals import Refused
from greenmfg.intake.source import Record, Source
from greenmfg.settings import Limits

T = TypeVar("T")

Cell = (
    int
    | float
    | str
    | bool
    | datetime.time
    | datetime.date
    | datetime.datetime
    | datetime.timedelta
)

_WORKSHEET = "WorkSheet"
_MACRO_SHEETS = ("MacroSheet", "Vba")
# An .xls of the greatest size there is takes some five seconds.
_XLS_SECONDS = 120
# What the Rust reader says when a damaged file brings it down; anything else is our own fault.
_READER_DIED = (b"memory allocation of", b"panicked at", b"PanicException", b"MemoryError")

# Excel keeps and shows fifteen digits; from here on "General" shows 9.13102E+17.
_SIGNIFICANT_DIGITS = 15
_FIRST_SCIENTIFIC = 10**_SIGNIFICANT_DIGITS


def sources(data: bytes, kind: Literal["xlsx", "xls"], limits: Limits) -> tuple[Source, ...]:
    """One source per worksheet, in the workbook's order.

    Raises:
        Refused: protected, with macros, damaged, or too large once unpacked.
    """
    if kind == "xlsx":
        overlooked = ooxml.inspect(data, limits)
        sheets = _xlsx_sheets(data)
    else:
        overlooked = _inspect_xls(data, limits)
        sheets = _xls_sheets(data)
    if len(sheets) != len(overlooked):
        raise Refused("damaged")
    if any(sheet.kind in _MACRO_SHEETS for sheet in sheets):
        raise Refused("macros")
    return tuple(
        Source(encoding=kind, records=partial(_records, sheet.rows, cells), sheet=sheet.name)
        for sheet, cells in zip(sheets, overlooked, strict=True)
        if sheet.kind == _WORKSHEET
    )


@dataclass(frozen=True)
class _Sheet:
    """A sheet as the reader has it; `rows()` starts at the sheet's first row and column."""

    name: str
    kind: str
    rows: Callable[[], Iterator[list[Cell]]]


def _xlsx_sheets(data: bytes) -> list[_Sheet]:
    workbook = _calling_reader(lambda: calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)))

    def sheet(name: str, kind: str) -> _Sheet:
        loaded = cache(lambda: _calling_reader(lambda: workbook.get_sheet_by_name(name)))

        def rows() -> Iterator[list[Cell]]:
            start = loaded().start
            if start is None:
                return
            # iter_rows keeps empty rows above the first cell but not empty columns before it.
            left: list[Cell] = [""] * start[1]
            for cells in loaded().iter_rows():
                yield left + cells

        return _Sheet(name, kind, rows)

    return [sheet(each.name, str(each.typ).rpartition(".")[2]) for each in workbook.sheets_metadata]


def _calling_reader(call: Callable[[], T]) -> T:
    """Calls calamine; whatever it cannot read is a damaged workbook, not a failure of ours."""
    try:
        return call()
    except calamine.PasswordError:
        raise Refused("password") from None
    except (calamine.CalamineError, OSError, ValueError):
        raise Refused("damaged") from None
    except BaseException as failure:
        # A panic of the Rust reader is no Exception and its class cannot be imported.
        if type(failure).__name__ != "PanicException":
            raise
        raise Refused("damaged") from None


def _xls_sheets(data: bytes) -> list[_Sheet]:
    script = Path(__file__).with_name("xls_process.py")
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(script)],
            input=data,
            capture_output=True,
            timeout=_XLS_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused("damaged") from None
    if done.returncode != 0:
        if any(sign in done.stderr for sign in _READER_DIED):
            raise Refused("damaged")
        raise RuntimeError(f"{script.name} failed: {done.stderr.decode(errors='replace')}")
    answer = pickle.loads(done.stdout)
    if "refused" in answer:
        raise Refused(answer["refused"])
    return [_Sheet(name, kind, partial(iter, rows)) for name, kind, rows in answer["sheets"]]


def _inspect_xls(data: bytes, limits: Limits) -> list[Overlooked]:
    try:
        compound = ole.CompoundFile(data)
        stream = "Workbook" if "Workbook" in compound.names else "Book"
        return biff.inspect(compound.stream(stream), limits)
    except ole.OleError:
        raise Refused("damaged") from None


def _records(rows: Callable[[], Iterator[list[Cell]]], overlooked: Overlooked) -> Iterator[Record]:
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in overlooked.items():
        by_row.setdefault(row, {})[column] = text
    line = 0
    for line, cells in enumerate(rows(), start=1):
        record = [cell if type(cell) is str else shown(cell) for cell in cells]
        yield _overlaid(record, by_row[line]) if line in by_row else record
    for row in range(line + 1, max(by_row, default=0) + 1):
        yield _overlaid([], by_row.get(row, {}))


def _overlaid(record: Record, texts: dict[int, str]) -> Record:
    record += [""] * (max(texts, default=0) - len(record))
    for column, text in texts.items():
        record[column - 1] = text
    return record


def shown(cell: Cell) -> str:
    """A cell's value as text: dates as ISO, whole numbers without a point, no binary noise."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | int):
        return _number(cell)
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def _number(value: float | int) -> str:
    if not math.isfinite(value):
        return str(value)
    if abs(value) >= _FIRST_SCIENTIFIC:
        mantissa, _, exponent = f"{value:.5E}".partition("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"
    if value == int(value):
        return str(int(value))
    # Eliminates 0.30000000000000004 as Excel does, and writes 1E-7 out.
    return format(Decimal(f"{value:.{_SIGNIFICANT_DIGITS}g}"), "f")
