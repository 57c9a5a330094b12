"""Notes of ours in a firm's file: a corrected copy carries them, reading overlooks them.

A corrected copy says what is wrong in one more column, headed by `HEADING`. The sign it begins
with is in no contract, so the column is no header's alias: it is taken out of the table before
anything looks for a form, and the rows read as they would have without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from greenmfg.intake.header import HEAD_ROWS
from greenmfg.intake.refusals import Refused
from greenmfg.intake.source import Record, Source

SIGN = "※核验意见"
HEADING = f"{SIGN} Check notes（重新上传时自动忽略 · ignored when uploaded again）"

# What a spreadsheet would run. The apostrophes are those of an earlier guard: a guard is taken off
# exactly as often as it was put on.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?(\d[\d,]*\.?\d*|\.\d+)([Ee][+-]?\d+)?\s*%?")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """The text so that no spreadsheet runs it as a formula; a plain number stays a number."""
    runs = _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if runs else text


def without(source: Source) -> Source:
    """The source without a column of our notes; the source itself if it has none."""
    try:
        found = _find(source)
    except Refused:
        # Said when the rows are read: a wrong delimiter may be to blame, and another serve.
        return source
    if found is None:
        return source
    line, position = found
    return replace(source, records=lambda: _without(source, line, position), notes_at=position)


def _find(source: Source) -> tuple[int, int] | None:
    for line, record in enumerate(islice(source.records(), HEAD_ROWS), start=1):
        for position, text in enumerate(record):
            if text.lstrip().startswith(SIGN):
                return line, position
    return None


def _without(source: Source, line: int, position: int) -> Iterator[Record]:
    for number, record in enumerate(source.records(), start=1):
        if number < line:
            yield record
            continue
        own = record[:position] + record[position + 1 :]
        yield own if source.is_workbook else [_unguarded(text) for text in own]


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text
