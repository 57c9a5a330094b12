"""Receipts as a hash chain: each one's hash covers its own facts and the hash before it.

A receipt that was printed then proves every receipt before it: none can be altered, taken out or
put in between without breaking all hashes after it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from greenmfg.registry import tables
from greenmfg.registry.errors import UnknownSubmission
from greenmfg.registry.types import storable

_submission, _link = tables.submission, tables.receipt_link
# What the first receipt follows.
ROOT = "0" * 64


@dataclass(frozen=True)
class ReceiptFacts:
    """What is known of a file when it is received, and never changes."""

    receipt: str
    account: str
    channel: str
    file_name: str
    sha256: str
    size: int
    received_at: datetime

    @classmethod
    def of(cls, values: Iterable[Any]) -> ReceiptFacts:
        """From values in the order of the fields, as a query gives them."""
        return cls(*values)


@dataclass(frozen=True)
class BrokenLink:
    """The first receipt that does not follow from those before it. `missing`: it is not there."""

    receipt: str
    missing: bool


def link_hash(previous: str, facts: ReceiptFacts) -> str:
    """SHA-256 of the hash before and the facts; changing this rule breaks every chain there is."""
    said = [
        previous,
        facts.receipt,
        facts.account,
        facts.channel,
        storable(facts.file_name),
        facts.sha256,
        facts.size,
        facts.received_at.astimezone(UTC).isoformat(timespec="microseconds"),
    ]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def append(connection: sa.Connection, new: Sequence[tuple[int, ReceiptFacts]]) -> None:
    """Links new submissions, in the order of their ids, inside the transaction that wrote them.

    There is one writer at a time, so the last link cannot move meanwhile.
    """
    newest = sa.select(_link.c.hash).order_by(_link.c.submission_id.desc()).limit(1)
    previous = connection.scalar(newest) or ROOT
    rows = []
    for submission_id, facts in new:
        previous = link_hash(previous, facts)
        rows.append({"submission_id": submission_id, "hash": previous})
    if rows:
        connection.execute(_link.insert(), rows)


def hash_of(connection: sa.Connection, receipt: str) -> str:
    """The hash that the printed receipt bears. Raises UnknownSubmission."""
    found = connection.scalar(
        sa.select(_link.c.hash)
        .join(_submission, _submission.c.id == _link.c.submission_id)
        .where(_submission.c.receipt == receipt)
    )
    if found is None:
        raise UnknownSubmission(receipt)
    return str(found)


def first_broken(connection: sa.Connection) -> BrokenLink | None:
    """Follows the whole chain; None where it holds.

    The newest receipts could be taken away without breaking any hash: the event log, which is
    append-only, names them still.
    """
    previous = ROOT
    for hash_there, facts in _links(connection):
        previous = link_hash(previous, facts)
        if hash_there != previous:
            return BrokenLink(facts.receipt, missing=False)
    logged = (
        sa.select(tables.event.c.subject)
        .where(
            tables.event.c.kind == "submission.received",
            tables.event.c.subject.not_in(sa.select(_submission.c.receipt)),
        )
        .order_by(tables.event.c.id)
        .limit(1)
    )
    gone = connection.scalar(logged)
    return None if gone is None else BrokenLink(str(gone), missing=True)


def _links(connection: sa.Connection) -> Iterator[tuple[str | None, ReceiptFacts]]:
    query = (
        sa.select(_link.c.hash, *facts_columns())
        .select_from(_submission.outerjoin(_link, _link.c.submission_id == _submission.c.id))
        .order_by(_submission.c.id)
    )
    for row in connection.execute(query):
        yield row[0], ReceiptFacts.of(row[1:])


def facts_columns() -> list[sa.Column[Any]]:
    """The columns of `submission` that make `ReceiptFacts`, in its order."""
    return [_submission.c[name] for name in ReceiptFacts.__dataclass_fields__]
