"""Who may file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from greenmfg.records import Account
from greenmfg.registry import events, granting, tables
from greenmfg.registry.errors import GrantRefused, UnknownAccount

AccountKind = Literal["system", "steward", "firm", "agent"]


def get(connection: sa.Connection, name: str, at: datetime) -> Account:
    """One account; an agent with the firms it may file for at that instant.

    Raises:
        UnknownAccount: there is none of this name.
    """
    row = connection.execute(
        sa.select(tables.account).where(tables.account.c.name == name)
    ).one_or_none()
    if row is None:
        raise UnknownAccount(name)
    granted = granting.live_firms(connection, at, name) if row.kind == "agent" else {}
    return _account(row, granted)


def kind_of(connection: sa.Connection, name: str) -> str:
    """Raises UnknownAccount."""
    kind = connection.scalar(sa.select(tables.account.c.kind).where(tables.account.c.name == name))
    if kind is None:
        raise UnknownAccount(name)
    return str(kind)


def all_of(connection: sa.Connection, at: datetime) -> tuple[Account, ...]:
    query = sa.select(tables.account).order_by(tables.account.c.name)
    granted = granting.live_firms(connection, at)
    return tuple(_account(row, granted) for row in connection.execute(query))


def display_names(connection: sa.Connection) -> dict[str, str]:
    """Display name by account name, where one is known."""
    query = sa.select(tables.account.c.name, tables.account.c.display_name)
    return {row.name: row.display_name for row in connection.execute(query) if row.display_name}


def ensure(
    connection: sa.Connection,
    name: str,
    kind: AccountKind,
    enterprises: Iterable[str],
    email: str | None,
    display_name: str | None,
    now: datetime,
) -> Account:
    """Creates the account, or brings an existing one to these values. Returns it. What an agent
    may do is told by its grants: `enterprises` brings them to these firms."""
    agent = kind == "agent"
    wanted = _row(name, kind, () if agent else enterprises, email, display_name)
    _write(connection, {name: wanted}, now)
    if agent:
        granting.keep_only(connection, name, enterprises, "system", now)
    return get(connection, name, now)


def ensure_agent(
    connection: sa.Connection,
    name: str,
    email: str | None,
    display_name: str,
    by: str,
    now: datetime,
) -> Account:
    """Opens an agent, or renews its address and name; its grants stay as they are.

    Raises:
        GrantRefused: the name is another kind of account's.
    """
    table = tables.account
    kind = connection.scalar(sa.select(table.c.kind).where(table.c.name == name))
    if kind not in (None, "agent"):
        raise GrantRefused.taken(name)
    _write(connection, {name: _row(name, "agent", (), email, display_name)}, now, by)
    return get(connection, name, now)


def ensure_firms(
    connection: sa.Connection, rows: Iterable[tuple[str, str | None, str | None]], now: datetime
) -> tuple[str, ...]:
    """Creates or renews the accounts of firms from (uscc, display name, e-mail).

    Returns: the USCCs whose account is new or changed.
    """
    wanted = {uscc: _row(uscc, "firm", [uscc], email, shown) for uscc, shown, email in rows}
    return _write(connection, wanted, now)


def _row(
    name: str,
    kind: AccountKind,
    enterprises: Iterable[str],
    email: str | None,
    display_name: str | None,
) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "enterprises": sorted(set(enterprises)),
        "email": email,
        "display_name": display_name,
    }


def _write(
    connection: sa.Connection, wanted: dict[str, dict[str, Any]], now: datetime, by: str = "system"
) -> tuple[str, ...]:
    table = tables.account
    there = {row.name: row._asdict() for row in connection.execute(sa.select(table))}
    new = [{**row, "created_at": now} for name, row in wanted.items() if name not in there]
    changed = [
        row
        for name, row in wanted.items()
        if name in there and any(there[name][column] != row[column] for column in row)
    ]
    if new:
        connection.execute(table.insert(), new)
    if changed:
        _update(connection, changed)
    for kind, rows in (("account.created", new), ("account.changed", changed)):
        if rows:
            names = [row["name"] for row in rows]
            subject = names[0] if len(names) == 1 else "accounts"
            events.append(connection, now, by, kind, subject, {"accounts": names})
    return tuple(row["name"] for row in (*new, *changed))


def _update(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    table = tables.account
    statement = (
        table.update()
        .where(table.c.name == sa.bindparam("of_name"))
        .values({column: sa.bindparam(f"to_{column}") for column in rows[0] if column != "name"})
    )
    values = [
        {"of_name": row["name"], **{f"to_{key}": row[key] for key in row if key != "name"}}
        for row in rows
    ]
    connection.execute(statement, values)


def _account(row: sa.Row[Any], granted: Mapping[str, frozenset[str]]) -> Account:
    agent = row.kind == "agent"
    firms = granted.get(row.name, frozenset()) if agent else frozenset(row.enterprises)
    return Account(row.name, row.kind, firms, row.email)
