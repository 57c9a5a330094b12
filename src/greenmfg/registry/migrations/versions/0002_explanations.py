"""Explanations of warnings, given with a file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "explanation",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("attempt_id", sa.BigInteger, nullable=False),
        sa.Column("check_id", sa.String(length=64), nullable=False),
        sa.Column("line", sa.BigInteger),
        sa.Column("column_name", sa.String(length=64)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name="fk_explanation_attempt_id"),
        sa.PrimaryKeyConstraint("id", name="pk_explanation"),
    )
    op.create_index("ix_explanation_attempt_id", "explanation", ["attempt_id"])
