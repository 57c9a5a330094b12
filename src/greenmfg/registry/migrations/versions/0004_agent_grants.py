"""Grants: for which firms an agent may file, since when, until when, by whose word.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from greenmfg.registry.types import UtcDateTime
from greenmfg.settings import DISTRICT_TIME

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent_grant",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("agent", sa.String(64), nullable=False),
        sa.Column("uscc", sa.String(18), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("granted_by", sa.String(64), nullable=False),
        sa.Column("granted_at", UtcDateTime, nullable=False),
        sa.Column("revoked_by", sa.String(64)),
        sa.Column("revoked_at", UtcDateTime),
        sa.ForeignKeyConstraint(["agent"], ["account.name"], name="fk_agent_grant_agent"),
        sa.PrimaryKeyConstraint("id", name="pk_agent_grant"),
    )
    op.create_index("ix_agent_grant_agent_uscc", "agent_grant", ["agent", "uscc"])
    _carry_over()


def _carry_over() -> None:
    """An agent keeps the firms of its list, as of the day on which the list was made."""
    account = sa.table(
        "account",
        sa.column("name", sa.String),
        sa.column("kind", sa.String),
        sa.column("enterprises", sa.JSON),
        sa.column("created_at", UtcDateTime),
    )
    grant = sa.table(
        "agent_grant",
        sa.column("id", sa.BigInteger),
        sa.column("agent", sa.String),
        sa.column("uscc", sa.String),
        sa.column("since", sa.Date),
        sa.column("granted_by", sa.String),
        sa.column("granted_at", UtcDateTime),
    )
    connection = op.get_bind()
    agents = connection.execute(
        sa.select(account).where(account.c.kind == "agent").order_by(account.c.name)
    ).all()
    rows = [
        {
            "agent": agent.name,
            "uscc": uscc,
            "since": agent.created_at.astimezone(DISTRICT_TIME).date(),
            "granted_by": "system",
            "granted_at": agent.created_at,
        }
        for agent in agents
        for uscc in agent.enterprises
    ]
    if rows:
        connection.execute(
            grant.insert(), [{"id": number, **row} for number, row in enumerate(rows, start=1)]
        )
    connection.execute(account.update().where(account.c.kind == "agent").values(enterprises=[]))
