"""Which releases were published, which builds failed their checks, and when one was retired."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from greenmfg.registry import events, tables
from greenmfg.registry.engine import next_id
from greenmfg.registry.errors import UnknownRelease
from greenmfg.registry.nouns import Publication, PublicationState

_publication = tables.publication


def record(connection: sa.Connection, publication: Publication) -> None:
    """Records a build's outcome. The same release again changes nothing."""
    there = sa.select(_publication.c.id).where(_publication.c.release == publication.release)
    if connection.scalar(there) is not None:
        return
    values = asdict(publication)
    values["checks"] = dict(publication.checks)
    connection.execute(_publication.insert(), {"id": next_id(connection, _publication), **values})
    payload = {"state": publication.state, "reason": publication.reason}
    events.append(
        connection,
        publication.built_at,
        "system",
        f"release.{publication.state}",
        publication.release,
        payload,
    )


def retire(connection: sa.Connection, release: str, now: datetime) -> None:
    """Marks a published release whose file was removed.

    Raises:
        UnknownRelease: it was never recorded.
    """
    done = connection.execute(
        _publication.update()
        .where(_publication.c.release == release)
        .values(state="retired", retired_at=now)
    )
    if done.rowcount == 0:
        raise UnknownRelease(release)
    events.append(connection, now, "system", "release.retired", release, {})


def latest(connection: sa.Connection, state: PublicationState) -> Publication | None:
    query = (
        sa.select(_publication)
        .where(_publication.c.state == state)
        .order_by(_publication.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _noun(row)


def select(connection: sa.Connection, limit: int | None) -> tuple[Publication, ...]:
    query = sa.select(_publication).order_by(_publication.c.id.desc())
    if limit is not None:
        query = query.limit(limit)
    return tuple(_noun(row) for row in connection.execute(query))


def _noun(row: sa.Row[Any]) -> Publication:
    values = row._asdict()
    del values["id"]
    return Publication(**values)
