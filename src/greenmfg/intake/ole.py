"""OLE compound files (old .xls, .doc, and password-protected .xlsx): what they hold, by name.

Only as much of [MS-CFB] as telling them apart needs: the directory and whole streams.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END_OF_CHAIN = 0xFFFFFFFA  # this and all above are markers, not sector numbers
_DIRECTORY_ENTRY_BYTES = 128
_HEADER_BYTES = 512
_DIFAT_IN_HEADER = 109
_ROOT = 5


class OleError(ValueError):
    """The compound file contradicts itself or was cut short."""


@dataclass(frozen=True)
class Entry:
    """One storage or stream of the directory. `size` in bytes."""

    name: str
    kind: int
    first_sector: int
    size: int


class CompoundFile:
    """A compound file in memory.

    Raises:
        OleError: on construction and on reading, where the file is damaged.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER_BYTES or not data.startswith(MAGIC):
            raise OleError("no compound file header")
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise OleError("sector size")
        self._sector_bytes = 1 << shift
        self._mini_sector_bytes = 1 << mini_shift
        first_directory, self._mini_cutoff, first_mini_fat = (
            struct.unpack_from("<I", data, offset)[0] for offset in (48, 56, 60)
        )
        self._fat = self._read_fat()
        directory = self._chain(first_directory)
        self.entries = tuple(_entries(directory))
        self._mini_fat = _numbers(self._chain(first_mini_fat))
        root = next((entry for entry in self.entries if entry.kind == _ROOT), None)
        self._mini_stream = self._chain(root.first_sector) if root else b""

    @property
    def names(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self.entries)

    def stream(self, name: str) -> bytes:
        """The bytes of a stream.

        Raises:
            KeyError: there is no such stream.
        """
        entry = next((entry for entry in self.entries if entry.name == name), None)
        if entry is None:
            raise KeyError(name)
        if entry.size < self._mini_cutoff:
            return self._mini_chain(entry.first_sector)[: entry.size]
        return self._chain(entry.first_sector)[: entry.size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._sector_bytes
        sector = self._data[start : start + self._sector_bytes]
        if not sector:
            raise OleError(f"sector {number} lies beyond the end")
        return sector

    def _read_fat(self) -> tuple[int, ...]:
        numbers = list(struct.unpack_from(f"<{_DIFAT_IN_HEADER}I", self._data, 76))
        next_difat = struct.unpack_from("<I", self._data, 68)[0]
        seen: set[int] = set()
        while next_difat < _END_OF_CHAIN:
            if next_difat in seen:
                raise OleError("the sector table runs in a circle")
            seen.add(next_difat)
            *more, next_difat = _numbers(self._sector(next_difat))
            numbers.extend(more)
        sectors = (self._sector(number) for number in numbers if number < _END_OF_CHAIN)
        return _numbers(b"".join(sectors))

    def _chain(self, number: int) -> bytes:
        return b"".join(self._sector(each) for each in _follow(number, self._fat))

    def _mini_chain(self, number: int) -> bytes:
        size = self._mini_sector_bytes
        return b"".join(
            self._mini_stream[each * size : (each + 1) * size]
            for each in _follow(number, self._mini_fat)
        )


def _follow(number: int, table: tuple[int, ...]) -> Iterator[int]:
    steps = 0
    while number < _END_OF_CHAIN:
        if number >= len(table) or steps > len(table):
            raise OleError("a chain of sectors leads nowhere")
        yield number
        number = table[number]
        steps += 1


def _numbers(sector: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4])


def _entries(directory: bytes) -> Iterator[Entry]:
    for start in range(0, len(directory) - _DIRECTORY_ENTRY_BYTES + 1, _DIRECTORY_ENTRY_BYTES):
        entry = directory[start : start + _DIRECTORY_ENTRY_BYTES]
        length, kind = struct.unpack_from("<HB", entry, 64)
        if kind == 0 or not 2 <= length <= 64:
            continue
        first_sector, size = struct.unpack_from("<II", entry, 116)
        yield Entry(
            entry[: length - 2].decode("utf-16-le", errors="replace"), kind, first_sector, size
        )
