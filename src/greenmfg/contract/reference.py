"""The reference tables as they are delivered, before any of them was filed."""

from __future__ import annotations

import csv
from pathlib import Path

from greenmfg.contract.codes import ReferenceRows


def read_reference(folder: Path) -> dict[str, ReferenceRows]:
    """Reads every `*.csv` of the folder as text.

    Returns: rows by table name, in file order; a blank cell is None.
    """
    return {path.stem: _rows(path) for path in sorted(folder.glob("*.csv"))}


def _rows(path: Path) -> ReferenceRows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(
            {name: value or None for name, value in row.items()}
            for row in csv.DictReader(file, strict=True)
        )
