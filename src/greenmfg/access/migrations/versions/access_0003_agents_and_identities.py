"""Agents' accounts, and accounts that an identity provider vouches for.

Revision ID: access_0003
Revises: access_0002

Everybody signs in once more after this upgrade: SQLite cannot change a table's checks, so `person`
is made anew, and a table that others point to can only be replaced while nobody points.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "access_0003"
down_revision = "access_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("delete from known_device")
    op.execute("delete from session")
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("agent", sa.String(64)))
        person.add_column(sa.Column("identity", sa.String(254)))
        person.drop_constraint("person_role", type_="check")
        person.create_check_constraint(
            "person_role", "role in ('officer', 'steward', 'firm', 'agent', 'administrator')"
        )
        person.create_check_constraint(
            "person_agent_is_named", "(role = 'agent') = (agent is not null)"
        )
        person.create_unique_constraint("person_identity", ["identity"])
    op.add_column(
        "session",
        sa.Column("by_identity", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("session", "by_identity")
    op.execute("delete from known_device")
    op.execute("delete from session")
    with op.batch_alter_table("person") as person:
        person.drop_constraint("person_identity", type_="unique")
        person.drop_constraint("person_agent_is_named", type_="check")
        person.drop_column("identity")
        person.drop_column("agent")
