"""Alembic's entry: runs migrations on the connection that `registry.schema` hands over."""

from __future__ import annotations

from alembic import context

from greenmfg.registry.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite's DDL is transactional once BEGIN is ours (see `registry.engine`).
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
