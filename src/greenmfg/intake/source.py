"""Sources: one table of text cells, from a text file or from one sheet of a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Record = list[str]


@dataclass(frozen=True)
class Ending:
    """How a text file ends: what tells a cut row from a short one."""

    has_line_end: bool = True
    # Stray bytes of half a character, or a quotation that the last line opens and does not close.
    breaks_off: bool = False


@dataclass(frozen=True)
class Source:
    """A table whose cells are text as a spreadsheet shows them.

    `records()` starts over each time and yields every row from line 1 on, blank ones included,
    so that counting gives the spreadsheet's line. It may raise `Refused`. `notes_at`: 0-based
    column of notes of ours (see `intake.notes`), which `records()` leaves out.
    """

    encoding: str
    records: Callable[[], Iterator[Record]]
    ending: Ending = Ending()
    sheet: str | None = None
    delimiter: str | None = None
    notes_at: int | None = None

    @property
    def is_workbook(self) -> bool:
        return self.sheet is not None
