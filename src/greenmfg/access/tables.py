"""The tables of accounts: people, their sessions, known devices, throttled sign-ins and API keys.

They live in the registry's database under a version table of their own, so that accounts and
filings may be migrated, and moved apart, independently.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    false,
)
from sqlalchemy.engine import Dialect


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. SQLite drops the zone of a timestamp, so UTC is stored and given back as such."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData()

person = Table(
    "person",
    metadata,
    Column("login", String(64), primary_key=True),
    Column("display_name_zh", String(120), nullable=False),
    Column("display_name_en", String(120), nullable=False),
    Column("role", String(16), nullable=False),
    Column("uscc", String(18)),
    Column("password_hash", String(255), nullable=False),
    Column("must_change_password", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("password_set_at", UtcDateTime, nullable=False),
    # The registry's account of the agent whose clerk this is.
    Column("agent", String(64)),
    # What an identity provider says of this person: a verified e-mail address, or its subject.
    Column("identity", String(254)),
    CheckConstraint(
        "role in ('officer', 'steward', 'firm', 'agent', 'administrator')", name="person_role"
    ),
    CheckConstraint("(role = 'agent') = (agent is not null)", name="person_agent_is_named"),
    UniqueConstraint("identity", name="person_identity"),
    CheckConstraint("(role = 'firm') = (uscc is not null)", name="person_firm_has_uscc"),
)

# Only the digest of a token is kept: a stolen copy of this table opens no session.
session = Table(
    "session",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("login", String(64), ForeignKey("person.login"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("address", String(64), nullable=False),
    # Whether an identity provider vouched for it, instead of a password.
    Column("by_identity", Boolean, nullable=False, server_default=false()),
)

known_device = Table(
    "known_device",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("login", String(64), ForeignKey("person.login"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
)

sign_in_throttle = Table(
    "sign_in_throttle",
    metadata,
    Column("subject", String(200), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_failure_at", UtcDateTime, nullable=False, index=True),
)

# A firm's own system has no session: it shows the key with each request.
api_key = Table(
    "api_key",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("uscc", String(18), nullable=False, index=True),
    Column("label", String(80), nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("used_at", UtcDateTime),
)
