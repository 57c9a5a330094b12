"""Alembic environment of the account tables; their own version table, the registry's database."""

from __future__ import annotations

from alembic import context

from greenmfg.access.database import VERSION_TABLE
from greenmfg.access.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
