"""People, sessions, known devices, throttled sign-ins.

Revision ID: access_0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "access_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("login", sa.String(64), primary_key=True),
        sa.Column("display_name_zh", sa.String(120), nullable=False),
        sa.Column("display_name_en", sa.String(120), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("uscc", sa.String(18)),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("must_change_password", sa.Boolean, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("password_set_at", sa.DateTime, nullable=False),
        sa.CheckConstraint(
            "role in ('officer', 'steward', 'firm', 'administrator')", name="person_role"
        ),
        sa.CheckConstraint("(role = 'firm') = (uscc is not null)", name="person_firm_has_uscc"),
    )
    op.create_table(
        "session",
        sa.Column("token_sha256", sa.String(64), primary_key=True),
        sa.Column("login", sa.String(64), sa.ForeignKey("person.login"), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("seen_at", sa.DateTime, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
    )
    op.create_index("ix_session_login", "session", ["login"])
    op.create_table(
        "known_device",
        sa.Column("token_sha256", sa.String(64), primary_key=True),
        sa.Column("login", sa.String(64), sa.ForeignKey("person.login"), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_known_device_login", "known_device", ["login"])
    op.create_table(
        "sign_in_throttle",
        sa.Column("subject", sa.String(200), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_failure_at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_sign_in_throttle_last_failure_at", "sign_in_throttle", ["last_failure_at"])


def downgrade() -> None:
    for table in ("sign_in_throttle", "known_device", "session", "person"):
        op.drop_table(table)
