"""Receipts: the same bytes from the same account are the same submission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from greenmfg.records import Explanation, FilingState, Receipt, SubmissionState
from greenmfg.registry import chain, events, explaining, tables
from greenmfg.registry.batches import pieces
from greenmfg.registry.engine import next_id
from greenmfg.registry.errors import UnknownAccount
from greenmfg.registry.nouns import Incoming

_submission, _attempt, _filing = tables.submission, tables.attempt, tables.filing


@dataclass
class _Known:
    """What is there of one (account, sha256), as far as this transaction has come."""

    id: int
    receipt: Receipt
    attempt: int
    attempt_id: int
    state: SubmissionState
    unattached_errors: int


def receive(
    connection: sa.Connection, incoming: Sequence[Incoming], now: datetime
) -> tuple[Receipt, ...]:
    """Gives each file its receipt, in the order given.

    Bytes that came before from the same account get the receipt they had. If what they said is
    not all in force now, they wait for a check again, as a new attempt; while they wait already,
    the explanations sent last are the ones that count.

    Raises:
        UnknownAccount: nothing is received then.
    """
    _require_accounts(connection, {one.account for one in incoming})
    known = _known(connection, incoming)
    number = _Numbers(
        next_id(connection, _submission),
        next_id(connection, _attempt),
        next_id(connection, tables.event),
        _next_arrival(connection),
    )
    receipts: list[Receipt] = []
    submissions: list[dict[str, Any]] = []
    attempts: list[dict[str, Any]] = []
    renewed: list[dict[str, Any]] = []
    logged: list[dict[str, Any]] = []
    explained: dict[int, tuple[Explanation, ...]] = {}
    for one in incoming:
        key = (one.account, one.sha256)
        if key in known:
            before = known[key]
            receipts.append(_again(before.receipt))
            if before.state is SubmissionState.RECEIVED and one.explanations:
                explained[before.attempt_id] = one.explanations
                logged.append(_event_row(number.event, "submission.explained", one, before, now))
                number.event += 1
            if not _wants_another_attempt(connection, before, one):
                continue
            before.attempt, before.state = before.attempt + 1, SubmissionState.RECEIVED
            before.attempt_id = number.attempt
            renewed.append({"of_id": before.id, "to_attempt": before.attempt})
            current, kind = before, "submission.received_again"
        else:
            current = known[key] = _new(one, number, one.received_at or now)
            receipts.append(current.receipt)
            submissions.append(_submission_row(one, current))
            number.submission += 1
            kind = "submission.received"
        attempts.append(
            _attempt_row(current, number.attempt, number.arrival, one.received_at or now)
        )
        if one.explanations:
            explained[number.attempt] = one.explanations
        logged.append(_event_row(number.event, kind, one, current, now))
        number.attempt, number.arrival = number.attempt + 1, number.arrival + 1
        number.event += 1
    _write(connection, submissions, renewed, attempts)
    chain.append(connection, [(row["id"], _facts(row)) for row in submissions])
    explaining.write(connection, explained)
    events.append_all(connection, logged)
    return tuple(receipts)


def retry_failed(
    connection: sa.Connection, now: datetime, failed_before: datetime | None
) -> tuple[str, ...]:
    """Lets every submission whose check failed (our fault) wait for a check again.

    The new attempt keeps the arrival of the failed one: our delay must not let an old file
    unseat a correction that came after it. Returns: their receipt numbers.
    """
    query = (
        sa.select(_submission.c.receipt, _attempt)
        .join(_attempt, _is_current_attempt())
        .where(_attempt.c.state == SubmissionState.CHECK_FAILED)
        .order_by(_attempt.c.arrival)
    )
    if failed_before is not None:
        query = query.where(_attempt.c.decided_at < failed_before)
    rows = connection.execute(query).all()
    first = next_id(connection, _attempt)
    attempts = [
        {
            "id": first + offset,
            "submission_id": row.submission_id,
            "number": row.number + 1,
            "arrival": row.arrival,
            "received_at": row.received_at,
            "state": SubmissionState.RECEIVED,
            "tidied": [],
        }
        for offset, row in enumerate(rows)
    ]
    renewed = [{"of_id": row.submission_id, "to_attempt": row.number + 1} for row in rows]
    _write(connection, [], renewed, attempts)
    repeated = {first + offset: row.id for offset, row in enumerate(rows)}
    explaining.carry_over(connection, repeated)
    receipts = [row.receipt for row in rows]
    if receipts:
        events.append(
            connection, now, "system", "submission.retried", "submissions", {"receipts": receipts}
        )
    return tuple(receipts)


def _is_current_attempt() -> sa.ColumnElement[bool]:
    return sa.and_(
        _attempt.c.submission_id == _submission.c.id, _attempt.c.number == _submission.c.attempt
    )


@dataclass
class _Numbers:
    submission: int
    attempt: int
    event: int
    arrival: int


def _next_arrival(connection: sa.Connection) -> int:
    return int(connection.scalar(sa.select(sa.func.max(_attempt.c.arrival))) or 0) + 1


def _require_accounts(connection: sa.Connection, names: set[str]) -> None:
    there: set[str] = set(connection.scalars(sa.select(tables.account.c.name)))
    for name in sorted(names - there):
        raise UnknownAccount(name)


def _known(
    connection: sa.Connection, incoming: Sequence[Incoming]
) -> dict[tuple[str, str], _Known]:
    known: dict[tuple[str, str], _Known] = {}
    for hashes in pieces(sorted({one.sha256 for one in incoming})):
        query = (
            sa.select(
                _submission,
                _attempt.c.id.label("attempt_id"),
                _attempt.c.state,
                _attempt.c.unattached_errors,
            )
            .join(_attempt, _is_current_attempt())
            .where(_submission.c.sha256.in_(hashes))
        )
        for row in connection.execute(query):
            receipt = Receipt(
                row.receipt, row.account, row.file_name, row.sha256, row.size, row.received_at
            )
            known[row.account, row.sha256] = _Known(
                row.id,
                receipt,
                row.attempt,
                row.attempt_id,
                SubmissionState(row.state),
                row.unattached_errors or 0,
            )
    return known


def _wants_another_attempt(connection: sa.Connection, before: _Known, one: Incoming) -> bool:
    if before.state is SubmissionState.RECEIVED:
        return False
    if before.state is not SubmissionState.CHECKED or before.unattached_errors:
        return True
    return not _all_in_force(connection, before.id, one.channel)


def _all_in_force(connection: sa.Connection, submission_id: int, channel: str) -> bool:
    """Whether everything the submission said still stands, by filing key."""
    keys: set[tuple[Any, ...]] = set()
    standing: set[tuple[Any, ...]] = set()
    own = sa.select(_filing).where(_filing.c.submission_id == submission_id)
    for row in connection.execute(own):
        key = (row.form, row.subject, row.period)
        keys.add(key)
        if row.state == FilingState.ACCEPTED and not (
            # `init` files the packaged tables again at every start; what a steward has filed
            # since then stands.
            channel != "init" and row.period is None and _overtaken(connection, row)
        ):
            standing.add(key)
    return bool(keys) and keys == standing


def _overtaken(connection: sa.Connection, row: sa.Row[Any]) -> bool:
    """Whether rows of a filing upserted by key may have been replaced by a later filing's."""
    later = sa.select(sa.literal(1)).where(
        _filing.c.form == row.form,
        _filing.c.subject == row.subject,
        _filing.c.state == FilingState.ACCEPTED,
        _filing.c.id != row.id,
        sa.or_(
            _filing.c.accepted_at > row.accepted_at,
            sa.and_(_filing.c.accepted_at == row.accepted_at, _filing.c.id > row.id),
        ),
    )
    return connection.scalar(later.limit(1)) is not None


def _again(receipt: Receipt) -> Receipt:
    return Receipt(
        receipt.number,
        receipt.account,
        receipt.file_name,
        receipt.sha256,
        receipt.size,
        receipt.received_at,
        again=True,
    )


def _new(one: Incoming, number: _Numbers, now: datetime) -> _Known:
    receipt = Receipt(
        f"S{number.submission:08d}", one.account, one.file_name, one.sha256, one.size, now
    )
    return _Known(number.submission, receipt, 1, number.attempt, SubmissionState.RECEIVED, 0)


def _submission_row(one: Incoming, current: _Known) -> dict[str, Any]:
    return {
        "id": current.id,
        "receipt": current.receipt.number,
        "account": one.account,
        "channel": one.channel,
        "file_name": one.file_name,
        "sha256": one.sha256,
        "size": one.size,
        "raw_path": one.raw_path,
        "received_at": current.receipt.received_at,
        "attempt": current.attempt,
    }


def _facts(row: dict[str, Any]) -> chain.ReceiptFacts:
    return chain.ReceiptFacts.of(row[column.name] for column in chain.facts_columns())


def _attempt_row(current: _Known, attempt_id: int, arrival: int, now: datetime) -> dict[str, Any]:
    return {
        "id": attempt_id,
        "submission_id": current.id,
        "number": current.attempt,
        "arrival": arrival,
        "received_at": now,
        "state": SubmissionState.RECEIVED,
        "tidied": [],
    }


def _event_row(
    event_id: int, kind: str, one: Incoming, current: _Known, now: datetime
) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "channel": one.channel,
        "file_name": one.file_name,
        "sha256": one.sha256,
        "attempt": current.attempt,
    }
    if one.explanations:
        payload["explanations"] = [asdict(explanation) for explanation in one.explanations]
    return {
        "id": event_id,
        "at": now,
        "actor": one.account,
        "kind": kind,
        "subject": current.receipt.number,
        "payload": payload,
    }


def _write(
    connection: sa.Connection,
    submissions: list[dict[str, Any]],
    renewed: list[dict[str, Any]],
    attempts: list[dict[str, Any]],
) -> None:
    if submissions:
        connection.execute(_submission.insert(), submissions)
    if renewed:
        connection.execute(
            _submission.update()
            .where(_submission.c.id == sa.bindparam("of_id"))
            .values(attempt=sa.bindparam("to_attempt")),
            renewed,
        )
    if attempts:
        connection.execute(_attempt.insert(), attempts)
