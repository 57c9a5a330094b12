"""The registry's tables. All instants are UTC; ids are given by the one writer, without gaps.

A change here wants a migration in `migrations/versions`; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import sqlalchemy as sa

from greenmfg.records import FilingState, SubmissionState
from greenmfg.registry.types import FreeText, UtcDateTime

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False)


def _one_of(column: str, values: Iterable[str | StrEnum]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} in ({listed})", name=column)


account = sa.Table(
    "account",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("enterprises", sa.JSON, nullable=False),
    sa.Column("email", sa.Text),
    sa.Column("display_name", sa.Text),
    sa.Column("created_at", UtcDateTime, nullable=False),
    _one_of("kind", ("system", "steward", "firm", "agent")),
)

# For which firms an agent may file. Rows are added and ended, never deleted.
agent_grant = sa.Table(
    "agent_grant",
    metadata,
    _id(),
    sa.Column("agent", sa.ForeignKey("account.name"), nullable=False),
    sa.Column("uscc", sa.String(18), nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("granted_by", sa.String(64), nullable=False),
    sa.Column("granted_at", UtcDateTime, nullable=False),
    sa.Column("revoked_by", sa.String(64)),
    sa.Column("revoked_at", UtcDateTime),
    sa.Index(None, "agent", "uscc"),
)

# What was received, once per account and content. What became of it is told by its attempts;
# `attempt` is the number of the current one.
submission = sa.Table(
    "submission",
    metadata,
    _id(),
    sa.Column("receipt", sa.String(16), nullable=False, unique=True),
    sa.Column("account", sa.ForeignKey("account.name"), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("file_name", FreeText, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("raw_path", sa.Text, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.UniqueConstraint("account", "sha256"),
    _one_of("channel", ("inbox", "cli", "portal", "init")),
)

# The chain of receipts (see `registry.chain`), append-only: triggers refuse update and delete.
receipt_link = sa.Table(
    "receipt_link",
    metadata,
    sa.Column(
        "submission_id", sa.ForeignKey("submission.id"), primary_key=True, autoincrement=False
    ),
    sa.Column("hash", sa.String(64), nullable=False),
)

# One checking of a submission. `arrival` orders what senders said, which is not the order of
# checking: our own retry of a failed check keeps the arrival of the attempt it repeats.
attempt = sa.Table(
    "attempt",
    metadata,
    _id(),
    sa.Column("submission_id", sa.ForeignKey("submission.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("arrival", sa.BigInteger, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("decided_at", UtcDateTime),
    sa.Column("run_id", sa.Text),
    sa.Column("form", sa.String(64)),
    sa.Column("encoding", sa.String(32)),
    sa.Column("row_count", sa.BigInteger),
    sa.Column("unattached_errors", sa.Integer),
    sa.Column("refusal_id", sa.String(64)),
    sa.Column("refusal_message_zh", FreeText),
    sa.Column("refusal_message_en", FreeText),
    sa.Column("refusal_remedy_zh", FreeText),
    sa.Column("refusal_remedy_en", FreeText),
    sa.Column("failure", FreeText),
    sa.Column("rules_version", sa.String(64)),
    sa.Column("rows_path", sa.Text),
    sa.Column("tidied", sa.JSON, nullable=False),
    sa.UniqueConstraint("submission_id", "number"),
    sa.Index(None, "state", "arrival"),
    _one_of("state", SubmissionState),
)

# What the sender says to a warning, given with the file; it holds for this one checking.
explanation = sa.Table(
    "explanation",
    metadata,
    _id(),
    sa.Column("attempt_id", sa.ForeignKey("attempt.id"), nullable=False, index=True),
    sa.Column("check_id", sa.String(64), nullable=False),
    sa.Column("line", sa.BigInteger),
    sa.Column("column_name", sa.String(64)),
    sa.Column("reason", FreeText, nullable=False),
)

# `revision` is the event that changed the filing last: what changed since a build is a range.
filing = sa.Table(
    "filing",
    metadata,
    _id(),
    sa.Column("submission_id", sa.ForeignKey("submission.id"), nullable=False, index=True),
    sa.Column("attempt_id", sa.ForeignKey("attempt.id"), nullable=False, index=True),
    sa.Column("form", sa.String(64), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("period", sa.Date),
    sa.Column("months_covered", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("decided_at", UtcDateTime, nullable=False),
    sa.Column("accepted_at", UtcDateTime),
    sa.Column("superseded_at", UtcDateTime),
    # Checked at commit: in one transaction a filing may be superseded by a later row. Without
    # its index SQLite reads the whole table for every insert while such a check is open.
    sa.Column(
        "superseded_by",
        sa.ForeignKey("filing.id", deferrable=True, initially="DEFERRED"),
        index=True,
    ),
    sa.Column("withdrawn_at", UtcDateTime),
    sa.Column("revision", sa.BigInteger, nullable=False, index=True),
    sa.UniqueConstraint("form", "subject", "period", "version"),
    sa.Index(None, "state", "form"),
    sa.Index(None, "subject"),
    _one_of("state", FilingState),
)

finding = sa.Table(
    "finding",
    metadata,
    _id(),
    sa.Column("attempt_id", sa.ForeignKey("attempt.id"), nullable=False, index=True),
    sa.Column("filing_id", sa.ForeignKey("filing.id"), index=True),
    sa.Column("check_id", sa.String(64), nullable=False),
    sa.Column("severity", sa.String(16), nullable=False),
    sa.Column("line", sa.BigInteger),
    sa.Column("column_name", sa.String(64)),
    sa.Column("header", FreeText),
    sa.Column("enterprise", FreeText),
    sa.Column("period", sa.Date),
    sa.Column("given", FreeText),
    sa.Column("expected_zh", FreeText),
    sa.Column("expected_en", FreeText),
    sa.Column("message_zh", FreeText, nullable=False),
    sa.Column("message_en", FreeText, nullable=False),
    sa.Column("remedy_zh", FreeText, nullable=False),
    sa.Column("remedy_en", FreeText, nullable=False),
    sa.Column("explained_by", FreeText),
    _one_of("severity", ("error", "warning", "info")),
)

review = sa.Table(
    "review",
    metadata,
    _id(),
    sa.Column("filing_id", sa.ForeignKey("filing.id"), nullable=False, index=True),
    sa.Column("action", sa.String(16), nullable=False),
    sa.Column("reason", FreeText, nullable=False),
    sa.Column("account", sa.ForeignKey("account.name"), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    _one_of("action", ("accept", "return", "withdraw")),
)

# `digest_key` names the run and the recipient: a run that is repeated alerts once.
alert = sa.Table(
    "alert",
    metadata,
    _id(),
    sa.Column("digest_key", sa.String(255), nullable=False, unique=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("severity", sa.String(16), nullable=False),
    sa.Column("recipient_kind", sa.String(16), nullable=False),
    sa.Column("recipient", sa.Text),
    sa.Column("subject_zh", FreeText, nullable=False),
    sa.Column("subject_en", FreeText, nullable=False),
    sa.Column("body_zh", FreeText, nullable=False),
    sa.Column("body_en", FreeText, nullable=False),
    sa.Column("receipts", sa.JSON, nullable=False),
    sa.Column("filings", sa.JSON, nullable=False),
    sa.Column("run_id", sa.Text),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Index(None, "recipient_kind", "recipient"),
    _one_of("severity", ("error", "warning", "info")),
    _one_of("recipient_kind", ("steward", "account")),
)

# `claimed_until` is the lease of the process that is sending: two deliverers send once.
delivery = sa.Table(
    "delivery",
    metadata,
    _id(),
    sa.Column("alert_id", sa.ForeignKey("alert.id"), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("last_error", FreeText),
    sa.Column("next_attempt_at", UtcDateTime),
    sa.Column("claimed_until", UtcDateTime),
    sa.Column("sent_at", UtcDateTime),
    sa.UniqueConstraint("alert_id", "channel", "address"),
    sa.Index(None, "state", "next_attempt_at"),
    _one_of("channel", ("email", "webhook")),
    _one_of("state", ("pending", "sent", "failed")),
)

publication = sa.Table(
    "publication",
    metadata,
    _id(),
    sa.Column("release", sa.String(64), nullable=False, unique=True),
    sa.Column("built_at", UtcDateTime, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", FreeText),
    sa.Column("file", sa.Text),
    sa.Column("in_force_fingerprint", sa.String(64), nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("data_through", sa.Date),
    sa.Column("checks", sa.JSON, nullable=False),
    sa.Column("retired_at", UtcDateTime),
    sa.Index(None, "state", "built_at"),
    _one_of("state", ("published", "failed", "retired")),
)

# Append-only: triggers of the first migration refuse update and delete.
event = sa.Table(
    "event",
    metadata,
    _id(),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Index(None, "subject"),
)
