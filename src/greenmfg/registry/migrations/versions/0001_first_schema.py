"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from greenmfg.registry.types import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for create in (
        _create_account,
        _create_submission,
        _create_attempt,
        _create_filing,
        _create_finding,
        _create_review,
        _create_alert,
        _create_delivery,
        _create_publication,
        _create_event,
    ):
        create()
    if op.get_bind().dialect.name == "sqlite":
        _refuse_changes_on_sqlite()
    else:
        _refuse_changes_on_postgresql()


def _create_account() -> None:
    op.create_table(
        "account",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("enterprises", sa.JSON, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("display_name", sa.Text),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind in ('system', 'steward', 'firm', 'agent')", name=op.f("ck_account_kind")
        ),
        sa.PrimaryKeyConstraint("name", name="pk_account"),
    )


def _create_submission() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("receipt", sa.String(length=16), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("raw_path", sa.Text, nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "channel in ('inbox', 'cli', 'portal', 'init')", name=op.f("ck_submission_channel")
        ),
        sa.ForeignKeyConstraint(["account"], ["account.name"], name="fk_submission_account"),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint("account", "sha256", name="uq_submission_account_sha256"),
        sa.UniqueConstraint("receipt", name="uq_submission_receipt"),
    )


def _create_attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("submission_id", sa.BigInteger, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("arrival", sa.BigInteger, nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_at", UtcDateTime()),
        sa.Column("run_id", sa.Text),
        sa.Column("form", sa.String(length=64)),
        sa.Column("encoding", sa.String(length=32)),
        sa.Column("row_count", sa.BigInteger),
        sa.Column("unattached_errors", sa.Integer),
        sa.Column("refusal_id", sa.String(length=64)),
        sa.Column("refusal_message_zh", sa.Text),
        sa.Column("refusal_message_en", sa.Text),
        sa.Column("refusal_remedy_zh", sa.Text),
        sa.Column("refusal_remedy_en", sa.Text),
        sa.Column("failure", sa.Text),
        sa.Column("rules_version", sa.String(length=64)),
        sa.Column("rows_path", sa.Text),
        sa.Column("tidied", sa.JSON, nullable=False),
        sa.CheckConstraint(
            "state in ('received', 'checked', 'unreadable', 'check_failed')",
            name=op.f("ck_attempt_state"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_attempt_submission_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        sa.UniqueConstraint("submission_id", "number", name="uq_attempt_submission_id_number"),
    )
    op.create_index("ix_attempt_state_arrival", "attempt", ["state", "arrival"])


def _create_filing() -> None:
    op.create_table(
        "filing",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("submission_id", sa.BigInteger, nullable=False),
        sa.Column("attempt_id", sa.BigInteger, nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("period", sa.Date),
        sa.Column("months_covered", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("accepted_at", UtcDateTime()),
        sa.Column("superseded_at", UtcDateTime()),
        sa.Column("superseded_by", sa.BigInteger),
        sa.Column("withdrawn_at", UtcDateTime()),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.CheckConstraint(
            "state in ('returned', 'awaiting_review', 'accepted', 'superseded', 'withdrawn')",
            name=op.f("ck_filing_state"),
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name="fk_filing_attempt_id"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_filing_submission_id"
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by"],
            ["filing.id"],
            name="fk_filing_superseded_by",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_filing"),
        sa.UniqueConstraint(
            "form", "subject", "period", "version", name="uq_filing_form_subject_period_version"
        ),
    )
    op.create_index("ix_filing_attempt_id", "filing", ["attempt_id"])
    op.create_index("ix_filing_revision", "filing", ["revision"])
    op.create_index("ix_filing_state_form", "filing", ["state", "form"])
    op.create_index("ix_filing_subject", "filing", ["subject"])
    op.create_index("ix_filing_superseded_by", "filing", ["superseded_by"])
    op.create_index("ix_filing_submission_id", "filing", ["submission_id"])


def _create_finding() -> None:
    op.create_table(
        "finding",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("attempt_id", sa.BigInteger, nullable=False),
        sa.Column("filing_id", sa.BigInteger),
        sa.Column("check_id", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("line", sa.BigInteger),
        sa.Column("column_name", sa.String(length=64)),
        sa.Column("header", sa.Text),
        sa.Column("enterprise", sa.Text),
        sa.Column("period", sa.Date),
        sa.Column("given", sa.Text),
        sa.Column("expected_zh", sa.Text),
        sa.Column("expected_en", sa.Text),
        sa.Column("message_zh", sa.Text, nullable=False),
        sa.Column("message_en", sa.Text, nullable=False),
        sa.Column("remedy_zh", sa.Text, nullable=False),
        sa.Column("remedy_en", sa.Text, nullable=False),
        sa.Column("explained_by", sa.Text),
        sa.CheckConstraint(
            "severity in ('error', 'warning', 'info')", name=op.f("ck_finding_severity")
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name="fk_finding_attempt_id"),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name="fk_finding_filing_id"),
        sa.PrimaryKeyConstraint("id", name="pk_finding"),
    )
    op.create_index("ix_finding_attempt_id", "finding", ["attempt_id"])
    op.create_index("ix_finding_filing_id", "finding", ["filing_id"])


def _create_review() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("filing_id", sa.BigInteger, nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "action in ('accept', 'return', 'withdraw')", name=op.f("ck_review_action")
        ),
        sa.ForeignKeyConstraint(["account"], ["account.name"], name="fk_review_account"),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name="fk_review_filing_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
    )
    op.create_index("ix_review_filing_id", "review", ["filing_id"])


def _create_alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("digest_key", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("recipient_kind", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.Text),
        sa.Column("subject_zh", sa.Text, nullable=False),
        sa.Column("subject_en", sa.Text, nullable=False),
        sa.Column("body_zh", sa.Text, nullable=False),
        sa.Column("body_en", sa.Text, nullable=False),
        sa.Column("receipts", sa.JSON, nullable=False),
        sa.Column("filings", sa.JSON, nullable=False),
        sa.Column("run_id", sa.Text),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "recipient_kind in ('steward', 'account')", name=op.f("ck_alert_recipient_kind")
        ),
        sa.CheckConstraint(
            "severity in ('error', 'warning', 'info')", name=op.f("ck_alert_severity")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        sa.UniqueConstraint("digest_key", name="uq_alert_digest_key"),
    )
    op.create_index("ix_alert_recipient_kind_recipient", "alert", ["recipient_kind", "recipient"])


def _create_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("alert_id", sa.BigInteger, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("last_error", sa.Text),
        sa.Column("next_attempt_at", UtcDateTime()),
        sa.Column("claimed_until", UtcDateTime()),
        sa.Column("sent_at", UtcDateTime()),
        sa.CheckConstraint("channel in ('email', 'webhook')", name=op.f("ck_delivery_channel")),
        sa.CheckConstraint(
            "state in ('pending', 'sent', 'failed')", name=op.f("ck_delivery_state")
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name="fk_delivery_alert_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint(
            "alert_id", "channel", "address", name="uq_delivery_alert_id_channel_address"
        ),
    )
    op.create_index("ix_delivery_state_next_attempt_at", "delivery", ["state", "next_attempt_at"])


def _create_publication() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("release", sa.String(length=64), nullable=False),
        sa.Column("built_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("file", sa.Text),
        sa.Column("in_force_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("data_through", sa.Date),
        sa.Column("checks", sa.JSON, nullable=False),
        sa.Column("retired_at", UtcDateTime()),
        sa.CheckConstraint(
            "state in ('published', 'failed', 'retired')", name=op.f("ck_publication_state")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_publication"),
        sa.UniqueConstraint("release", name="uq_publication_release"),
    )
    op.create_index("ix_publication_state_built_at", "publication", ["state", "built_at"])


def _create_event() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_subject", "event", ["subject"])


def _refuse_changes_on_sqlite() -> None:
    for change in ("update", "delete"):
        op.execute(
            f"create trigger event_refuses_{change} before {change} on event "
            "begin select raise(abort, 'the event log is append-only'); end"
        )


def _refuse_changes_on_postgresql() -> None:
    op.execute(
        "create function event_is_append_only() returns trigger language plpgsql as "
        "$$ begin raise exception 'the event log is append-only'; end $$"
    )
    op.execute(
        "create trigger event_refuses_change before update or delete or truncate on event "
        "for each statement execute function event_is_append_only()"
    )
