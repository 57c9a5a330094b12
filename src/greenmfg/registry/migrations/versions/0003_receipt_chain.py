"""Receipts as a hash chain; what was received before is linked as it stands today."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

# The rule of the chain can never change, so this migration may share it.
from greenmfg.registry.chain import ROOT, ReceiptFacts, link_hash
from greenmfg.registry.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_AT_ONCE = 5_000


def upgrade() -> None:
    link = op.create_table(
        "receipt_link",
        sa.Column("submission_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_receipt_link_submission_id"
        ),
        sa.PrimaryKeyConstraint("submission_id", name="pk_receipt_link"),
    )
    _link_what_is_there(link)
    if op.get_bind().dialect.name == "sqlite":
        _refuse_changes_on_sqlite()
    else:
        _refuse_changes_on_postgresql()


def _link_what_is_there(link: sa.Table) -> None:
    submission = sa.table(
        "submission",
        sa.column("id", sa.BigInteger),
        sa.column("receipt", sa.String),
        sa.column("account", sa.String),
        sa.column("channel", sa.String),
        sa.column("file_name", sa.Text),
        sa.column("sha256", sa.String),
        sa.column("size", sa.BigInteger),
        sa.column("received_at", UtcDateTime),
    )
    connection = op.get_bind()
    previous = ROOT
    rows: list[dict[str, object]] = []
    for submission_id, *facts in connection.execute(
        sa.select(submission).order_by(submission.c.id)
    ).all():
        previous = link_hash(previous, ReceiptFacts.of(facts))
        rows.append({"submission_id": submission_id, "hash": previous})
    for start in range(0, len(rows), _AT_ONCE):
        connection.execute(link.insert(), rows[start : start + _AT_ONCE])


def _refuse_changes_on_sqlite() -> None:
    for change in ("update", "delete"):
        op.execute(
            f"create trigger receipt_link_refuses_{change} before {change} on receipt_link "
            "begin select raise(abort, 'the chain of receipts is append-only'); end"
        )


def _refuse_changes_on_postgresql() -> None:
    op.execute(
        "create function receipt_link_is_append_only() returns trigger language plpgsql as "
        "$$ begin raise exception 'the chain of receipts is append-only'; end $$"
    )
    op.execute(
        "create trigger receipt_link_refuses_change before update or delete or truncate "
        "on receipt_link for each statement execute function receipt_link_is_append_only()"
    )
