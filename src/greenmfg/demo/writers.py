"""Files as offices make them: CSV in several encodings and workbooks, always the same bytes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from openpyxl import Workbook

from greenmfg.contract import Column, Contract

# English column name → the cell's text; a column that is absent is a blank cell.
Row = dict[str, str]

# Zip entries cannot be dated earlier, and openpyxl stamps each with the present moment.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")

_BOM = {"utf-8-sig": ("utf-8", b"\xef\xbb\xbf"), "utf-16": ("utf-16-le", b"\xff\xfe")}


@dataclass(frozen=True)
class Layout:
    """How an office saves a form.

    `titles` stand above the header (with a blank row between), `signatures` below the rows.
    `header_aliases` maps a column name to the header that this office prints instead.
    """

    kind: Literal["csv", "xlsx"] = "csv"
    encoding: Literal["gb18030", "utf-8-sig", "utf-16"] = "gb18030"
    delimiter: str = ","
    titles: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    header_aliases: Mapping[str, str] = field(default_factory=dict)
    numbers_as_text: bool = False
    drops_trailing_blanks: bool = False

    @property
    def header_line(self) -> int:
        """The line of the header as a spreadsheet shows it."""
        return len(self.titles) + 2 if self.titles else 1


# What offices use day to day; drawn with equal chance.
EVERYDAY_LAYOUTS = (
    *(Layout(),) * 11,
    *(Layout(encoding="utf-8-sig"),) * 5,
    *(Layout(kind="xlsx"),) * 3,
    Layout(encoding="utf-16", delimiter="\t"),
)


def render(contract: Contract, rows: Sequence[Row], layout: Layout) -> bytes:
    """The file's bytes: all columns of the contract in its order, one line per row."""
    columns = contract.columns
    header = [layout.header_aliases.get(column.name, column.header) for column in columns]
    above = [[title] for title in layout.titles] + ([[""]] if layout.titles else [])
    below = ([[""]] if layout.signatures else []) + [[text] for text in layout.signatures]
    if layout.kind == "xlsx":
        return _workbook(contract, [*above, header], rows, below, layout.numbers_as_text)
    body = [[row.get(column.name, "") for column in columns] for row in rows]
    lines = [*above, header, *body, *below]
    if layout.drops_trailing_blanks:
        lines = [_without_trailing_blanks(line) for line in lines]
    else:
        lines = [line + [""] * (len(columns) - len(line)) for line in lines]
    return _csv(lines, layout)


def _csv(lines: Sequence[Sequence[str]], layout: Layout) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=layout.delimiter, lineterminator="\r\n").writerows(lines)
    codec, mark = _BOM.get(layout.encoding, (layout.encoding, b""))
    return mark + text.getvalue().encode(codec)


def _without_trailing_blanks(line: Sequence[str]) -> list[str]:
    filled = [position for position, text in enumerate(line) if text]
    return list(line[: filled[-1] + 1]) if filled else [""]


def _workbook(
    contract: Contract,
    above: Sequence[Sequence[str]],
    rows: Sequence[Row],
    below: Sequence[Sequence[str]],
    numbers_as_text: bool,
) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for line in above:
        sheet.append(line)
    for row in rows:
        sheet.append([_cell(row.get(c.name, ""), c, numbers_as_text) for c in contract.columns])
    for line in below:
        sheet.append(line)
    raw = io.BytesIO()
    book.save(raw)
    return _undated(raw.getvalue())


def _cell(text: str, column: Column, numbers_as_text: bool) -> str | int | float | None:
    if not text:
        return None
    if numbers_as_text or column.type not in ("integer", "decimal", "month"):
        return text
    try:
        number = float(text)
    except ValueError:
        return text  # a clerk typed words into a number's cell
    return int(number) if number.is_integer() else number


def _undated(book: bytes) -> bytes:
    """The same workbook without the moment it was made, and without a compressor's version."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as source, zipfile.ZipFile(target, "w") as copy:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>2020-01-01T00:00:00Z", content)
            plain = zipfile.ZipInfo(entry.filename, _EPOCH)
            plain.create_system = 0  # the platform would be written otherwise
            copy.writestr(plain, content)
    return target.getvalue()
