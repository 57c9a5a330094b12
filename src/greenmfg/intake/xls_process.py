"""Reads an old .xls in a process of its own: bytes in at stdin, pickled sheets out at stdout.

Run as a script by `workbook`. On a damaged .xls the reader may ask for terabytes of memory, which
ends the process it runs in (seen with one changed byte); here it ends only this one. It imports
nothing of the package, so that it starts in some 50 ms.

Output: {"sheets": [(name, kind, rows)]}, rows from the sheet's first line and column on, or
{"refused": "password" | "damaged"}.
"""

from __future__ import annotations

import io
import pickle
import sys

import python_calamine as calamine

_MEMORY_BYTES = 4 * 1024**3


def _read(data: bytes) -> dict[str, object]:
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [
            (
                sheet.name,
                str(sheet.typ).rpartition(".")[2],
                workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet
                else [],
            )
            for sheet in workbook.sheets_metadata
        ]
    except calamine.PasswordError:
        return {"refused": "password"}
    except (calamine.CalamineError, OSError, ValueError):
        return {"refused": "damaged"}
    return {"sheets": sheets}


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))


if __name__ == "__main__":
    _bound_memory()
    pickle.dump(_read(sys.stdin.buffer.read()), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
