"""The list of what was tidied: never silent, and never longer than a person or a page can bear."""

from __future__ import annotations

from collections import Counter

from greenmfg.records import Tidied, TidiedKind

# A million months written 2026-10 are one fact, not a million.
LISTED = 10_000


class TidiedLog:
    """Collects entries; beyond `LISTED` of them only counts, by kind and column."""

    def __init__(self) -> None:
        self._entries: list[Tidied] = []
        self._counts: Counter[tuple[TidiedKind, str | None]] = Counter()
        self._kept: Counter[tuple[TidiedKind, str | None]] = Counter()

    def add(
        self,
        kind: TidiedKind,
        line: int | None,
        column: str | None = None,
        before: str | None = None,
        after: str | None = None,
    ) -> None:
        self._counts[kind, column] += 1
        if self._kept[kind, column] < LISTED:
            self._kept[kind, column] += 1
            self._entries.append(Tidied(kind, line, column, before, after))

    def count(self, kind: TidiedKind, column: str, cells: int) -> None:
        """Counts cells that `add` would not list any more."""
        self._counts[kind, column] += cells

    def entries(self) -> tuple[Tidied, ...]:
        """The first `LISTED` entries in the order of the file, then one per kind and column.

        The summary entries have no line and no `before`; `after` is the number not listed.
        """
        listed = sorted(self._entries, key=lambda entry: entry.line or 0)[:LISTED]
        shown = Counter((entry.kind, entry.column) for entry in listed)
        return (
            *listed,
            *(
                Tidied(kind, None, column, None, str(count - shown[kind, column]))
                for (kind, column), count in self._counts.items()
                if count > shown[kind, column]
            ),
        )
