"""Engines and transactions: one writer at a time, readers never wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

# A bulk decision of a whole history holds the lock for seconds, not for a minute.
BUSY_TIMEOUT_S = 60
# Any fixed number will do, as long as every writer of one PostgreSQL database uses the same.
_POSTGRES_WRITER_LOCK = 5_310_151


def make_engine(url: str) -> sa.Engine:
    """Makes an engine; connects to nothing yet.

    SQLite connections are opened per transaction (0.2 ms): a forked worker then never inherits
    one, which SQLite forbids.
    """
    address = sa.make_url(url)
    if address.get_backend_name() != "sqlite":
        return sa.create_engine(address, pool_pre_ping=True)
    engine = sa.create_engine(
        address, poolclass=sa.pool.NullPool, connect_args={"timeout": BUSY_TIMEOUT_S}
    )
    sa.event.listen(engine, "connect", _configure_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: object) -> None:
    # The driver's own implicit BEGIN is deferred and skips DDL: we say BEGIN ourselves.
    connection.isolation_level = None
    connection.execute("pragma foreign_keys = on")
    # FULL: a receipt is a promise that outlives a power cut.
    connection.execute("pragma synchronous = full")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("greenmfg_writes", False)
    # A deferred transaction that turns into a writer can fail at once with "database is locked",
    # whatever the time-out; one that begins as a writer waits its turn.
    connection.exec_driver_sql("begin immediate" if writes else "begin")


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One consistent view of the registry."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction of the only writer; committed on leaving, rolled back on any exception."""
    with engine.connect() as connection:
        connection.execution_options(greenmfg_writes=True)
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_POSTGRES_WRITER_LOCK)))
            yield connection


def next_id(connection: sa.Connection, table: sa.Table) -> int:
    """The next id of a table. Call it inside `writing`: the only writer gives ids without gaps."""
    highest = connection.scalar(sa.select(sa.func.max(table.c.id)))
    return int(highest or 0) + 1
