"""Grants: for which firms an agent may file. Dated, revocable, and never deleted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from greenmfg.records import Grant
from greenmfg.registry import events, tables
from greenmfg.registry.engine import next_id
from greenmfg.registry.errors import GrantRefused, UnknownGrant
from greenmfg.settings import DISTRICT_TIME

_grant = tables.agent_grant


def select(connection: sa.Connection, agent: str | None = None) -> tuple[Grant, ...]:
    """All grants, ended ones too, or those of one agent, in the order they were given."""
    query = sa.select(_grant).order_by(_grant.c.id)
    if agent is not None:
        query = query.where(_grant.c.agent == agent)
    return tuple(_noun(row) for row in connection.execute(query))


def live_firms(
    connection: sa.Connection, at: datetime, agent: str | None = None
) -> dict[str, frozenset[str]]:
    """By agent, the firms it may file for at that instant."""
    found: dict[str, set[str]] = {}
    for grant in select(connection, agent):
        if grant.live(at):
            found.setdefault(grant.agent, set()).add(grant.uscc)
    return {name: frozenset(firms) for name, firms in found.items()}


def give(
    connection: sa.Connection,
    agent: str,
    uscc: str,
    until: date | None,
    by: str,
    now: datetime,
) -> Grant:
    """Lets the agent file for the firm from today on. One that stands with another last day is
    replaced; one that stands with the same is given back as it is.

    Raises:
        GrantRefused: there is no such agent or firm, or the last day is over.
    """
    query = sa.select(tables.account.c.name, tables.account.c.kind)
    kinds = {row.name: row.kind for row in connection.execute(query)}
    today = now.astimezone(DISTRICT_TIME).date()
    if kinds.get(agent) != "agent":
        raise GrantRefused.no_agent(agent)
    if kinds.get(uscc) != "firm":
        raise GrantRefused.no_firm(uscc)
    if until is not None and until < today:
        raise GrantRefused.over(until)
    for standing in _standing(connection, agent, uscc, now):
        if standing.until == until:
            return standing
        _end(connection, standing, by, now)
    row: dict[str, Any] = {
        "id": next_id(connection, _grant),
        "agent": agent,
        "uscc": uscc,
        "since": today,
        "until": until,
        "granted_by": by,
        "granted_at": now,
    }
    connection.execute(_grant.insert(), row)
    told = {"firm": uscc, "until": until.isoformat() if until else None}
    events.append(connection, now, by, "grant.given", agent, told)
    return Grant(agent, uscc, today, until, by, now)


def revoke(connection: sa.Connection, agent: str, uscc: str, by: str, now: datetime) -> None:
    """Ends the grant at once; what was filed under it stays.

    Raises:
        UnknownGrant: none stands.
    """
    standing = _standing(connection, agent, uscc, now)
    if not standing:
        raise UnknownGrant(agent, uscc)
    for grant in standing:
        _end(connection, grant, by, now)
    events.append(connection, now, by, "grant.revoked", agent, {"firm": uscc})


def keep_only(
    connection: sa.Connection, agent: str, firms: Iterable[str], by: str, now: datetime
) -> None:
    """Brings the agent's standing grants to exactly these firms, without a last day. A firm whose
    register row comes later may be named already: its account opens with it."""
    wanted = set(firms)
    standing = {grant.uscc: grant for grant in select(connection, agent) if grant.live(now)}
    for uscc in sorted(standing.keys() - wanted):
        _end(connection, standing[uscc], by, now)
    first = next_id(connection, _grant)
    rows = [
        {
            "id": first + offset,
            "agent": agent,
            "uscc": uscc,
            "since": now.astimezone(DISTRICT_TIME).date(),
            "granted_by": by,
            "granted_at": now,
        }
        for offset, uscc in enumerate(sorted(wanted - standing.keys()))
    ]
    if rows:
        connection.execute(_grant.insert(), rows)


def _standing(connection: sa.Connection, agent: str, uscc: str, now: datetime) -> list[Grant]:
    return [one for one in select(connection, agent) if one.uscc == uscc and one.live(now)]


def _end(connection: sa.Connection, grant: Grant, by: str, now: datetime) -> None:
    connection.execute(
        _grant.update()
        .where(
            _grant.c.agent == grant.agent,
            _grant.c.uscc == grant.uscc,
            _grant.c.granted_at == grant.granted_at,
            _grant.c.revoked_at.is_(None),
        )
        .values(revoked_by=by, revoked_at=now)
    )


def _noun(row: sa.Row[Any]) -> Grant:
    return Grant(
        row.agent,
        row.uscc,
        row.since,
        row.until,
        row.granted_by,
        row.granted_at,
        row.revoked_by,
        row.revoked_at,
    )
