"""XLSX packages: refused before they can do harm, and what the workbook reader leaves out.

The reader (calamine) lays a sheet out as one block from its first to its last cell, so a
five-kilobyte file with a cell at XFD1048576 ends the process; and it gives `#DIV/0!` and formulas
that were never computed as blanks. Both are looked for here, in the sheet's own XML.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from html import unescape
from xml.etree import ElementTree

from greenmfg.intake.refusals import Refused
from greenmfg.settings import Limits

# (row, column), both 1-based, → the text that belongs there.
Overlooked = Mapping[tuple[int, int], str]

# A block of this many cells takes about 1.5 GiB in the reader.
MAX_BLOCK_CELLS = 48_000_000
_HARMLESS_BYTES = 16 * 1024 * 1024
_PIECE_BYTES = 1 << 20
_LONGEST_ROW_BYTES = 32 * 1024 * 1024
_LOCAL_HEADER_BYTES = 30
_ALPHABET = 26

# Tags are matched with [^<>], never across one another: a hostile file must not make this slow.
_ROW = re.compile(rb"<(?:\w+:)?row\b[^<>]*?\sr=[\"'](\d+)[\"']")
_CELL_ROW = re.compile(rb"\sr=[\"'][A-Za-z]+(\d{7,})[\"']")
_CELL_NAME = re.compile(rb"\sr=[\"']([A-Za-z]+)(\d+)[\"']")
_ERROR_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*\st=[\"']e[\"'][^<>]*)>\s*"
    rb"(?:<(?:\w+:)?f\b[^<>]*>(?:[^<]*</(?:\w+:)?f>)?\s*)?<(?:\w+:)?v>([^<]*)<"
)
_FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*[^<>/])>\s*<(?:\w+:)?f\b[^<>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATIONSHIP = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def inspect(data: bytes, limits: Limits) -> list[Overlooked]:
    """By sheet, in the workbook's order, the cells that would be read as blank though they are not.

    Raises:
        Refused: the package is damaged, would expand beyond the limits, or has a sheet whose
            block of cells would not fit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _refuse_expansion(entries, len(data), limits)
            _verify_sizes(data, entries, limits)
            # Every part, whatever its name: readers differ in how they find a sheet's part.
            for entry in entries:
                _refuse_far_cells(data, entry, limits)
            by_name = {entry.filename.lower(): entry for entry in entries}
            parts = [by_name.get(part.lower()) for part in _sheet_parts(package)]
            return [_overlooked(data, entry) if entry else {} for entry in parts]
    except (zipfile.BadZipFile, zlib.error, struct.error, ElementTree.ParseError, KeyError):
        raise Refused("damaged") from None


def _refuse_expansion(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    expanded = sum(entry.file_size for entry in entries)
    ratio = expanded // max(size, 1)
    if expanded > limits.max_expanded_bytes or (
        expanded > _HARMLESS_BYTES and ratio > limits.max_expansion_ratio
    ):
        raise Refused("expansion", megabytes=expanded // 1024 // 1024, ratio=ratio)


def _verify_sizes(data: bytes, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """The directory may lie about sizes; the workbook reader would believe the stream instead."""
    for entry in entries:
        produced = 0
        for piece in _inflate(data, entry):
            produced += len(piece)
            if produced > entry.file_size:
                raise Refused(
                    "expansion",
                    megabytes=limits.max_expanded_bytes // 1024 // 1024,
                    ratio=limits.max_expansion_ratio,
                )
        if produced != entry.file_size:
            raise Refused("damaged")


def _inflate(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    name_bytes, extra_bytes = struct.unpack_from("<HH", data, entry.header_offset + 26)
    start = entry.header_offset + _LOCAL_HEADER_BYTES + name_bytes + extra_bytes
    packed = memoryview(data)[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise Refused("damaged")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    pending: bytes | memoryview = packed
    while not inflater.eof:
        piece = inflater.decompress(pending, _PIECE_BYTES)
        pending = inflater.unconsumed_tail
        if not piece:
            return  # cut short: the sizes will not match
        yield piece


def _sheet_parts(package: zipfile.ZipFile) -> list[str]:
    workbook_part = next(
        info.filename for info in package.infolist() if info.filename.lower() == "xl/workbook.xml"
    )
    folder, _, file = workbook_part.rpartition("/")
    workbook = _xml(package.read(workbook_part))
    relations = _xml(package.read(f"{folder}/_rels/{file}.rels"))
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    parts = []
    for element in workbook.iter():
        if element.tag.rpartition("}")[2] == "sheet":
            key = element.get(_RELATIONSHIP) or element.get(_STRICT_RELATIONSHIP)
            target = targets.get(key, "")
            parts.append(target.lstrip("/") if target.startswith("/") else f"{folder}/{target}")
    return parts


def _xml(text: bytes) -> ElementTree.Element:
    # A document type is where entity bombs live; no office program writes one.
    if b"<!DOCTYPE" in text:
        raise Refused("damaged")
    return ElementTree.fromstring(text)


def _refuse_far_cells(data: bytes, entry: zipfile.ZipInfo, limits: Limits) -> None:
    last_row = 0
    for chunk in _chunks(data, entry, b">"):
        for pattern in (_ROW, _CELL_ROW):
            last_row = max(last_row, max((int(n) for n in pattern.findall(chunk)), default=0))
    if last_row > limits.max_rows:
        raise Refused("too_many_rows", limit=limits.max_rows)
    widest = min(limits.max_columns, MAX_BLOCK_CELLS // max(last_row, 1))
    far_cell = re.compile(
        rb"<(?:\w+:)?c\b[^<>]*?\sr=[\"'](" + _columns_beyond(widest) + rb")\d+[\"'][^<>]*(?<!/)>",
        re.IGNORECASE,
    )
    for chunk in _chunks(data, entry, b">"):
        far = far_cell.search(chunk)
        if far:
            raise Refused("too_many_columns", columns=column_number(far[1].decode()), limit=widest)


def _overlooked(data: bytes, entry: zipfile.ZipInfo) -> Overlooked:
    return {
        place: text
        for chunk in _chunks(data, entry, b"row>")
        for place, text in _overlooked_cells(chunk)
    }


def _chunks(data: bytes, entry: zipfile.ZipInfo, end: bytes) -> Iterator[bytes]:
    """The part's XML in pieces that end where a tag (or a row) does."""
    carried = b""
    for piece in _inflate(data, entry):
        carried += piece
        split = carried.rfind(end)
        if split >= 0:
            yield carried[: split + len(end)]
            carried = carried[split + len(end) :]
        elif len(carried) > _LONGEST_ROW_BYTES:
            raise Refused("damaged")
    yield carried


def _overlooked_cells(chunk: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    if b't="e"' in chunk or b"t='e'" in chunk:
        for cell in _ERROR_CELL.finditer(chunk):
            yield from _at(cell[1], unescape(cell[2].decode("utf-8", errors="replace")))
    if b"<f" in chunk or b":f" in chunk:
        for cell in _FORMULA_CELL.finditer(chunk):
            # t="str" with an empty value is a formula whose result is an empty text.
            if b't="str"' not in cell[1] and b't="e"' not in cell[1]:
                formula = unescape((cell[2] or b"").decode("utf-8", errors="replace"))
                yield from _at(cell[1], f"={formula}")


def _at(attributes: bytes, text: str) -> Iterator[tuple[tuple[int, int], str]]:
    name = _CELL_NAME.search(attributes)
    if name:
        yield (int(name[2]), column_number(name[1].decode())), text


def column_number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * _ALPHABET + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, _ALPHABET)
        letters = chr(ord("A") + rest) + letters
    return letters


def _columns_beyond(widest: int) -> bytes:
    """A pattern of all column letters to the right of a column (at most ZZ)."""
    letters = column_letters(max(widest, 1))
    if len(letters) == 1:
        one = f"[{chr(ord(letters) + 1)}-Z]|" if letters != "Z" else ""
        return f"{one}[A-Z]{{2,}}".encode()
    first, second = letters[0], letters[1]
    same = f"{first}[{chr(ord(second) + 1)}-Z]|" if second != "Z" else ""
    later = f"[{chr(ord(first) + 1)}-Z][A-Z]|" if first != "Z" else ""
    return f"{same}{later}[A-Z]{{3,}}".encode()
