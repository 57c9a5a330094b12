"""Explanations: what a sender says to the warnings of one checking of a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from greenmfg.records import Explanation
from greenmfg.registry import tables
from greenmfg.registry.batches import pieces
from greenmfg.registry.engine import next_id

_table = tables.explanation


def of_attempts(
    connection: sa.Connection, attempts: Iterable[int]
) -> dict[int, tuple[Explanation, ...]]:
    """Explanations by attempt id; attempts without any are left out."""
    found: dict[int, tuple[Explanation, ...]] = {}
    for piece in pieces(attempts):
        query = sa.select(_table).where(_table.c.attempt_id.in_(piece)).order_by(_table.c.id)
        for row in connection.execute(query):
            one = Explanation(row.check_id, row.line, row.column_name, row.reason)
            found[row.attempt_id] = (*found.get(row.attempt_id, ()), one)
    return found


def write(connection: sa.Connection, by_attempt: Mapping[int, Iterable[Explanation]]) -> None:
    """Writes the explanations of attempts, in place of what these attempts had."""
    rows: list[dict[str, Any]] = []
    first = next_id(connection, _table)
    for attempt, explanations in by_attempt.items():
        connection.execute(_table.delete().where(_table.c.attempt_id == attempt))
        for one in explanations:
            rows.append(
                {
                    "id": first + len(rows),
                    "attempt_id": attempt,
                    "check_id": one.check_id,
                    "line": one.line,
                    "column_name": one.column,
                    "reason": one.reason,
                }
            )
    if rows:
        connection.execute(_table.insert(), rows)


def carry_over(connection: sa.Connection, to_from: Mapping[int, int]) -> None:
    """Gives new attempts what earlier ones had: (new attempt id → the one it repeats)."""
    earlier = of_attempts(connection, to_from.values())
    write(connection, {new: earlier[old] for new, old in to_from.items() if old in earlier})
