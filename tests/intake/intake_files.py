"""Files as firms and their programs make them, built in memory."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence

import openpyxl

ENERGY = (
    "统一社会信用代码",
    "报告期",
    "报告期月数",
    "能源品种",
    "计量单位",
    "期初库存量",
    "购进量",
    "购进金额(千元)",
    "工业生产消费量",
    "备注",
)
ELECTRICITY = (
    "91310151MA00000013",
    "202610",
    "1",
    "电力",
    "万千瓦时",
    "",
    "103.0",
    "721",
    "100.5",
    "",
)
DIESEL = ("91310151MA00000013", "202610", "1", "柴油", "吨", "1.5", "9.0", "68.4", "8.0", "柴油车")
OUTPUT = (
    "统一社会信用代码",
    "报告期",
    "报告期月数",
    "工业总产值(万元)",
    "工业增加值(万元)",
    "零申报",
    "备注",
)
STOPPED = ("91310151MA00000026", "202610", "1", "0", "0", "是", "停产检修")

_SECTOR = 512
_END_OF_CHAIN = 0xFFFFFFFE
_FREE = 0xFFFFFFFF
_FAT_SECTOR = 0xFFFFFFFD


def csv_text(rows: Iterable[Sequence[str]], delimiter: str = ",", line_end: str = "\r\n") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return buffer.getvalue()


def csv_bytes(*rows: Sequence[str], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    return csv_text(rows, delimiter).encode(encoding)


def energy(*rows: Sequence[str]) -> bytes:
    return csv_bytes(ENERGY, *rows)


def energy_row(**cells: str) -> tuple[str, ...]:
    """The electricity row with some cells replaced, by English name."""
    names = (
        "uscc",
        "period",
        "months_covered",
        "energy_item",
        "unit",
        "opening_stock",
        "purchased",
        "purchase_cost_1k_cny",
        "production_use",
        "note",
    )
    return tuple((dict(zip(names, ELECTRICITY, strict=True)) | cells)[name] for name in names)


def xlsx(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return saved(workbook)


def saved(workbook: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def zipped(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def with_part(package: bytes, name: str, content: bytes) -> bytes:
    """The same package with one part added or replaced."""
    with zipfile.ZipFile(io.BytesIO(package)) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    return zipped(parts | {name: content})


def part(package: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return opened.read(name)


def compound_file(streams: Mapping[str, bytes], storages: Sequence[str] = ()) -> bytes:
    """A minimal OLE file; streams are padded to 4096 bytes, so that none is a "mini" stream."""
    padded = {name: body.ljust(4096, b"\0") for name, body in streams.items()}
    count = 1 + len(padded) + len(storages)
    directory_sectors = -(-count * 128 // _SECTOR)
    fat = [_FAT_SECTOR, *range(2, directory_sectors + 1), _END_OF_CHAIN]
    bodies, entries = b"", [_entry("Root Entry", 5, _END_OF_CHAIN, 0, 1 if count > 1 else _FREE)]
    names = [(name, 1, b"") for name in storages] + [(n, 2, b) for n, b in padded.items()]
    for index, (name, kind, body) in enumerate(names, start=1):
        first = len(fat) if body else 0
        sectors = -(-len(body) // _SECTOR)
        if sectors:
            fat += [*range(first + 1, first + sectors), _END_OF_CHAIN]
        bodies += body.ljust(sectors * _SECTOR, b"\0")
        sibling = index + 1 if index < len(names) else _FREE
        entries.append(_entry(name, kind, first, len(body), _FREE, sibling))
    fat += [_FREE] * (_SECTOR // 4 - len(fat))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        _END_OF_CHAIN,
        0,
        _END_OF_CHAIN,
        0,
    ) + struct.pack("<109I", 0, *[_FREE] * 108)
    table = struct.pack(f"<{len(fat)}I", *fat)
    return header + table + b"".join(entries).ljust(directory_sectors * _SECTOR, b"\0") + bodies


def _entry(name: str, kind: int, first: int, size: int, child: int, sibling: int = _FREE) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(encoded), kind, 1, _FREE, sibling, child)
        + b"\0" * 36
        + struct.pack("<III", first, size, 0)
    )


def biff(*records: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records)
