"""A marked CSV: every line as it was, the notes after its last cell."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from greenmfg.intake import notes
from greenmfg.intake.header import Located
from greenmfg.intake.source import Record
from greenmfg.intake.text import detect_encoding
from greenmfg.pipeline.correcting.remarks import Remarks

# GB18030 has no mark and needs none; without one Excel takes UTF-8 for GBK.
_BYTE_ORDER_MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "gb18030": b"",
}


def marked(data: bytes, located: Located, remarks: Remarks) -> bytes:
    """The file in its own encoding, delimiter and line ends.

    A row that is neither marked nor has a cell that a spreadsheet would run stays as it was, to
    the character.
    """
    source = located.source
    encoding = detect_encoding(data)
    text = data[encoding.start : encoding.end].decode(encoding.codec)
    delimiter = source.delimiter or ","
    width = max(
        len(record) for line, record in enumerate(source.records(), start=1) if line >= located.line
    )
    said = {**remarks.by_line, located.line: remarks.heading}
    out = io.StringIO(newline="")
    rows = zip(source.records(), _raw_lines(text, delimiter), strict=True)
    for line, (record, raw) in enumerate(rows, start=1):
        had_notes = source.notes_at is not None and line >= located.line
        body, line_end = _parted(raw)
        if had_notes or any(notes.guarded(cell) != cell for cell in record):
            body = _written([notes.guarded(cell) for cell in record], delimiter)
        if line in said:
            body += delimiter * (width - len(record)) + _written(["", said[line]], delimiter)
            line_end = line_end or ("\r\n" if line == located.line else "")
        out.write(body + line_end)
    return _BYTE_ORDER_MARKS[encoding.codec] + out.getvalue().encode(encoding.codec)


def _raw_lines(text: str, delimiter: str) -> Iterator[str]:
    """The text of each record as the file has it: a quoted cell may hold line breaks."""
    taken: list[str] = []

    def recorded() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    for _ in csv.reader(recorded(), delimiter=delimiter):
        yield "".join(taken)
        taken.clear()


def _parted(raw: str) -> tuple[str, str]:
    body = raw.rstrip("\r\n")
    return body, raw[len(body) :]


def _written(cells: Record, delimiter: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(cells)
    return out.getvalue()
