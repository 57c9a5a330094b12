"""CSV as firms' programs write it: which encoding, which delimiter, where it breaks off."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from greenmfg.intake.refusals import Refused
from greenmfg.intake.source import Ending, Record, Source
from greenmfg.settings import Limits

DELIMITERS = (",", ";", "\t")

_PIECE_BYTES = 1 << 20
_SNIFFED_BYTES = 4096
# This many bytes of well-formed UTF-8 beyond ASCII do not come about by chance in GB18030.
_SURELY_UTF8_BYTES = 30
# Tab, line feed, vertical tab, form feed, return, and Ctrl-Z, which old DOS programs end with.
_BENIGN_CONTROLS = b"\t\n\x0b\x0c\r\x1a"
_CONTROLS = bytes(set(range(32)) - set(_BENIGN_CONTROLS)) + b"\x7f"
_BINARY_SHARE = 0.02
_DOS_END_OF_FILE = "\x1a"


@dataclass(frozen=True)
class Encoding:
    """`name` as reported, `codec` as Python calls it; text lies in `start` … `end` of the bytes."""

    name: str
    codec: str
    start: int
    end: int
    breaks_off: bool


def sources(data: bytes, limits: Limits) -> tuple[Source, ...]:
    """The file read with each delimiter it might have; the header decides among them.

    Raises:
        Refused: not text, or one line of it is longer than any row of a form.
    """
    encoding = detect_encoding(data)
    _refuse_long_lines(data, limits)
    ending = _ending(data, encoding)
    return tuple(
        Source(
            encoding=encoding.name,
            records=lambda delimiter=delimiter: _records(data, encoding, delimiter, limits),  # type: ignore[misc]
            ending=ending,
            delimiter=delimiter,
        )
        for delimiter in DELIMITERS
    )


def detect_encoding(data: bytes) -> Encoding:
    """UTF-8 with or without BOM, UTF-16 with BOM or evidently, else GB18030.

    Raises:
        Refused: NUL bytes, control characters, or bytes that no encoding explains.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        little = data.startswith(codecs.BOM_UTF16_LE)
        return _utf16(data, "utf-16-le" if little else "utf-16-be", start=2)
    if b"\0" in data:
        codec = _evident_utf16(data[:_SNIFFED_BYTES])
        if codec is None:
            raise Refused("binary")
        return _utf16(data, codec, start=0)
    head = data[:_SNIFFED_BYTES]
    if len(head) - len(head.translate(None, _CONTROLS)) > _BINARY_SHARE * len(head):
        raise Refused("binary")
    if data.startswith(codecs.BOM_UTF8):
        return _decoded_as("utf-8-sig", "utf-8", data, start=3)
    # UTF-8 first: plain ASCII passes as either, and GB18030 takes almost any bytes.
    try:
        return _decoded_as("utf-8", "utf-8", data, start=0)
    except _Undecodable as failed:
        if _beyond_ascii(data[: failed.position]) >= _SURELY_UTF8_BYTES:
            raise
    return _decoded_as("gb18030", "gb18030", data, start=0)


class _Undecodable(Refused):
    def __init__(self, position: int, line: int) -> None:
        super().__init__("not_text", line=line)
        self.position = position


def _decoded_as(name: str, codec: str, data: bytes, start: int) -> Encoding:
    decoder = codecs.getincrementaldecoder(codec)()
    for position in range(start, len(data), _PIECE_BYTES):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(data[position : position + _PIECE_BYTES])
        except UnicodeDecodeError as error:
            bad = position - pending + error.start
            raise _Undecodable(bad, data.count(b"\n", 0, bad) + 1) from None
    # Half a character at the end means that the file was cut there, not that it is no text.
    stray = len(decoder.getstate()[0])
    end = len(data) - stray
    end_of_file = _DOS_END_OF_FILE.encode(codec)
    aligned = (end - start) % len(end_of_file) == 0
    if end > start and aligned and data[end - len(end_of_file) : end] == end_of_file:
        end -= len(end_of_file)
    return Encoding(name, codec, start, end, breaks_off=stray > 0)


def _utf16(data: bytes, codec: str, start: int) -> Encoding:
    encoding = _decoded_as("utf-16", codec, data, start)
    if "\0" in data[start : start + _SNIFFED_BYTES].decode(codec, errors="ignore"):
        raise Refused("binary")
    return encoding


def _evident_utf16(head: bytes) -> str | None:
    """Digits, delimiters and line ends have a zero half in UTF-16, always on the same side."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    # A few zeros on the other side are letters such as U+4E00 (一), which opens many a header.
    if max(even, odd) * 20 < len(head) // 2 or min(even, odd) * 5 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _beyond_ascii(data: bytes) -> int:
    return sum(byte >= 0x80 for byte in data[:_PIECE_BYTES])


def _refuse_long_lines(data: bytes, limits: Limits) -> None:
    # Two bytes a character in UTF-16, up to four in the others: the bound is generous.
    longest = 4 * limits.max_cell_characters * 16
    position = 0
    while len(data) - position > longest:
        line_end = max(
            data.rfind(b"\n", position, position + longest),
            data.rfind(b"\r", position, position + longest),
        )
        if line_end < 0:
            line = data.count(b"\n", 0, position) + 1
            raise Refused("cell_too_long", line=line, limit=limits.max_cell_characters)
        position = line_end + 1


def _ending(data: bytes, encoding: Encoding) -> Ending:
    tail = data[max(encoding.start, encoding.end - _PIECE_BYTES) : encoding.end]
    if encoding.name == "utf-16" and len(tail) % 2:
        tail = tail[1:]
    text = tail.decode(encoding.codec, errors="ignore")
    has_line_end = text.endswith(("\n", "\r"))
    last_line = text.splitlines()[-1] if text else ""
    quote_open = not has_line_end and last_line.count('"') % 2 == 1
    return Ending(has_line_end, encoding.breaks_off or quote_open)


def _records(data: bytes, encoding: Encoding, delimiter: str, limits: Limits) -> Iterator[Record]:
    # csv counts a cell's characters against one limit of the whole process: only ever raise it.
    csv.field_size_limit(max(csv.field_size_limit(), limits.max_cell_characters + 1))
    end = encoding.end
    raw = io.BytesIO(data if end == len(data) else data[:end])
    raw.seek(encoding.start)
    reader = csv.reader(
        io.TextIOWrapper(raw, encoding=encoding.codec, newline=""), delimiter=delimiter
    )
    number = 0
    first_text_line = 1
    record: Record = []
    try:
        for number, record in enumerate(reader, start=1):
            if reader.line_num > first_text_line:
                _refuse_swallowed_rows(record, delimiter, number)
            first_text_line = reader.line_num + 1
            yield record
    except csv.Error:
        # The only error left to a lenient reader: a cell beyond the limit.
        if reader.line_num > first_text_line:
            raise Refused("unclosed_quote", line=number + 1) from None
        raise Refused("cell_too_long", line=number + 1, limit=limits.max_cell_characters) from None
    if (
        record
        and record[-1].endswith(("\n", "\r"))
        and not _ends_in_quote(data[end - 8 : end], encoding)
    ):
        raise Refused("unclosed_quote", line=number)


def _ends_in_quote(tail: bytes, encoding: Encoding) -> bool:
    return tail.decode(encoding.codec, errors="ignore").rstrip("\r\n").endswith('"')


def _refuse_swallowed_rows(record: Record, delimiter: str, line: int) -> None:
    """A cell that holds whole rows was opened by a quotation mark that nothing closes.

    A line break that a person types into a cell (Alt+Enter) is followed by words, not by a row.
    """
    enough = max(2, len(record) // 2)
    for cell in record:
        if "\n" in cell or "\r" in cell:
            inner = cell.splitlines()[1:]
            if any(text.count(delimiter) >= enough for text in inner):
                raise Refused("unclosed_quote", line=line)
