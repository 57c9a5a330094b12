"""The append-only log of who did what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from greenmfg.registry import tables
from greenmfg.registry.engine import next_id
from greenmfg.registry.nouns import Event


def append(
    connection: sa.Connection,
    at: datetime,
    actor: str,
    kind: str,
    subject: str,
    payload: Mapping[str, Any],
) -> int:
    """Appends one event inside a writing transaction.

    Returns: its id, which is the registry's new revision.
    """
    row = {
        "id": next_id(connection, tables.event),
        "at": at,
        "actor": actor,
        "kind": kind,
        "subject": subject,
        "payload": dict(payload),
    }
    connection.execute(tables.event.insert(), row)
    return int(row["id"])  # type: ignore[call-overload,no-any-return]


def append_all(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Appends many events whose ids the caller has given, in one statement."""
    if rows:
        connection.execute(tables.event.insert(), [dict(row) for row in rows])


def revision(connection: sa.Connection, as_of: datetime | None = None) -> int:
    """The id of the last event, of all or of those up to an instant; 0 where there is none."""
    query = sa.select(sa.func.max(tables.event.c.id))
    if as_of is not None:
        query = query.where(tables.event.c.at <= as_of)
    return int(connection.scalar(query) or 0)


def select(
    connection: sa.Connection, subject: str | None, after: int, limit: int | None
) -> tuple[Event, ...]:
    """Events in order, all or of one subject."""
    query = sa.select(tables.event).where(tables.event.c.id > after).order_by(tables.event.c.id)
    if subject is not None:
        query = query.where(tables.event.c.subject == subject)
    if limit is not None:
        query = query.limit(limit)
    return tuple(_event(row) for row in connection.execute(query))


def newest(
    connection: sa.Connection, kinds: Sequence[str], limit: int, not_by: str
) -> tuple[Event, ...]:
    """The last events of these kinds by anybody but one actor, newest first."""
    query = (
        sa.select(tables.event)
        .where(tables.event.c.kind.in_(kinds), tables.event.c.actor != not_by)
        .order_by(tables.event.c.id.desc())
        .limit(limit)
    )
    return tuple(_event(row) for row in connection.execute(query))


def _event(row: sa.Row[Any]) -> Event:
    return Event(row.id, row.at, row.actor, row.kind, row.subject, row.payload)
