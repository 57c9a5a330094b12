"""From a source's records to columns of text, line numbers kept."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from greenmfg.intake.furniture import TAIL_ROWS, is_blank, signature_rows, text_of
from greenmfg.intake.header import Located
from greenmfg.intake.refusals import Refused
from greenmfg.intake.source import Record
from greenmfg.intake.tidied import TidiedLog
from greenmfg.records import TidiedKind
from greenmfg.settings import Limits

# Python lists of cells are ten times their text: so many rows at a time.
_CHUNK_ROWS = 20_000


@dataclass(frozen=True)
class Grid:
    """Data rows below a header, as the file had them.

    `lines`, `cells`: int64 per row; `columns`: one string array per mapped column, null where the
    cell was empty; `is_cut`: the file breaks off in the last row; `filled`: 0-based positions of
    columns without a known header that hold data; `width`: cells of the longest row.
    """

    lines: pa.Array
    cells: pa.Array
    columns: dict[str, pa.Array]
    is_cut: bool
    filled: frozenset[int]
    width: int


def read(located: Located, is_signed: bool, limits: Limits, log: TidiedLog) -> Grid:
    """Reads what stands below the header; lists blank, short and signature rows.

    Args:
        is_signed: signatures may stand below (a reference table has none).
    Raises:
        Refused: no data, or beyond a limit of rows, columns or characters.
    """
    reading = _Reading(located, limits, log)
    line = 0
    for line, record in enumerate(located.source.records(), start=1):
        if line > located.line:
            reading.take(line, record)
    if is_signed:
        reading.drop_signatures()
    return reading.finish(last_line=line)


@dataclass
class _Reading:
    located: Located
    limits: Limits
    log: TidiedLog
    rows: list[Record] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    line_chunks: list[pa.Array] = field(default_factory=list)
    cell_chunks: list[pa.Array] = field(default_factory=list)
    filled: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.header_width = self.located.width
        self.width = len(self.located.record)
        self.positions = self.located.position_of
        self.unmapped = sorted(set(range(self.header_width)) - set(self.positions.values()))
        self.chunks: dict[str, list[pa.Array]] = {name: [] for name in self.positions}

    def take(self, line: int, record: Record) -> None:
        if line > self.limits.max_rows:
            raise Refused("too_many_rows", limit=self.limits.max_rows)
        if not (record and record[0] and not record[0].isspace()) and is_blank(record):
            self.log.add(TidiedKind.BLANK_ROWS, line)
            self.width = max(self.width, len(record))
            return
        self.rows.append(record)
        self.lines.append(line)
        if len(self.rows) >= _CHUNK_ROWS + TAIL_ROWS:
            self._flush(_CHUNK_ROWS)

    def finish(self, last_line: int) -> Grid:
        if not self.rows:
            raise Refused("header_only", line=self.located.line)
        is_cut = self.lines[-1] == last_line and self._breaks_off(self.rows[-1])
        self._flush(len(self.rows), cut_line=last_line if is_cut else None)
        return Grid(
            lines=pa.concat_arrays(self.line_chunks),
            cells=pa.concat_arrays(self.cell_chunks),
            columns={name: pa.concat_arrays(chunks) for name, chunks in self.chunks.items()},
            is_cut=is_cut,
            filled=frozenset(self.filled),
            width=self.width,
        )

    def drop_signatures(self) -> None:
        for _ in range(signature_rows(self.rows[-TAIL_ROWS:])):
            line, record = self.lines.pop(), self.rows.pop()
            self.log.add(TidiedKind.SIGNATURE_ROWS, line, before=text_of(record))

    def _breaks_off(self, record: Record) -> bool:
        ending = self.located.source.ending
        short = len(record) < self.header_width
        return ending.breaks_off or (short and not ending.has_line_end)

    def _flush(self, count: int, cut_line: int | None = None) -> None:
        rows, lines = self.rows[:count], self.lines[:count]
        self.rows, self.lines = self.rows[count:], self.lines[count:]
        cells = [len(record) for record in rows]
        self.width = max(self.width, *cells)
        if min(cells) != self.header_width or max(cells) != self.header_width:
            cells = [self._squared(rows, index, lines, cut_line) for index in range(len(rows))]
        self.line_chunks.append(pa.array(lines, pa.int64()))
        self.cell_chunks.append(pa.array(cells, pa.int64()))
        columns = list(zip(*rows, strict=True))
        for position in self.unmapped:
            if position not in self.filled and not is_blank(list(columns[position])):
                self.filled.add(position)
        for name, position in self.positions.items():
            texts = pa.array(columns[position], pa.string())
            self._refuse_long_cells(texts, lines)
            blank = pc.equal(texts, "")
            self.chunks[name].append(pc.if_else(blank, pa.scalar(None, pa.string()), texts))

    def _squared(
        self, rows: list[Record], index: int, lines: list[int], cut_line: int | None
    ) -> int:
        """Brings one row to the header's width and returns how many cells it really had.

        Empty cells to the right of the last header do not count: Excel leaves them behind.
        """
        record, wanted = rows[index], self.header_width
        had = len(record)
        if had < wanted:
            rows[index] = record + [""] * (wanted - had)
            if lines[index] != cut_line:
                self.log.add(TidiedKind.SHORT_ROW, lines[index], before=str(had), after=str(wanted))
            return had
        rows[index] = record[:wanted]
        beyond = [at for at in range(wanted, had) if record[at] and not record[at].isspace()]
        self.filled.update(beyond)
        if beyond and beyond[-1] >= self.limits.max_columns:
            raise Refused("too_many_columns", columns=beyond[-1] + 1, limit=self.limits.max_columns)
        return beyond[-1] + 1 if beyond else wanted

    def _refuse_long_cells(self, texts: pa.Array, lines: list[int]) -> None:
        limit = self.limits.max_cell_characters
        lengths = pc.utf8_length(texts)
        if pc.max(lengths).as_py() > limit:
            row = pc.index(pc.greater(lengths, limit), True).as_py()
            raise Refused("cell_too_long", line=lines[row], limit=limit)
