"""Alerts on record, and the state of their sending."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from greenmfg.registry import events, tables
from greenmfg.registry.batches import pieces
from greenmfg.registry.engine import next_id
from greenmfg.registry.nouns import Alert, Delivery, DeliveryState, NewAlert

_alert, _delivery = tables.alert, tables.delivery


def record(connection: sa.Connection, alerts: Iterable[NewAlert], now: datetime) -> tuple[int, ...]:
    """Records alerts with their deliveries, due at once.

    Returns: the ids of those that are new; a digest key that is there already is left alone.
    """
    wanted = {alert.digest_key: alert for alert in alerts}
    for keys in pieces(list(wanted)):
        known = sa.select(_alert.c.digest_key).where(_alert.c.digest_key.in_(keys))
        there: set[str] = set(connection.scalars(known))
        wanted = {key: one for key, one in wanted.items() if key not in there}
    if not wanted:
        return ()
    first = next_id(connection, _alert)
    numbered = list(enumerate(wanted.values(), start=first))
    connection.execute(_alert.insert(), [_alert_row(id_, one, now) for id_, one in numbered])
    sendings = [(id_, *to) for id_, one in numbered for to in dict.fromkeys(one.deliveries)]
    if sendings:
        start = next_id(connection, _delivery)
        connection.execute(
            _delivery.insert(),
            [_delivery_row(start + n, *sending, now) for n, sending in enumerate(sendings)],
        )
    ids = tuple(id_ for id_, _ in numbered)
    events.append(connection, now, "system", "alert.recorded", "alerts", {"alerts": ids})
    return ids


def _alert_row(id_: int, one: NewAlert, now: datetime) -> dict[str, Any]:
    return {
        "id": id_,
        "digest_key": one.digest_key,
        "kind": one.kind,
        "severity": one.severity,
        "recipient_kind": one.recipient_kind,
        "recipient": one.recipient,
        "subject_zh": one.subject_zh,
        "subject_en": one.subject_en,
        "body_zh": one.body_zh,
        "body_en": one.body_en,
        "receipts": list(one.receipts),
        "filings": list(one.filings),
        "run_id": one.run_id,
        "created_at": now,
    }


def _delivery_row(
    id_: int, alert_id: int, channel: str, address: str, now: datetime
) -> dict[str, Any]:
    return {
        "id": id_,
        "alert_id": alert_id,
        "channel": channel,
        "address": address,
        "state": "pending",
        "attempts": 0,
        "next_attempt_at": now,
    }


def select(
    connection: sa.Connection,
    recipient: str | None,
    run_id: str | None,
    limit: int | None,
) -> tuple[Alert, ...]:
    """Alerts, newest first; `recipient` is an account name or "steward"."""
    query = sa.select(_alert).order_by(_alert.c.id.desc())
    if recipient == "steward":
        query = query.where(_alert.c.recipient_kind == "steward")
    elif recipient is not None:
        query = query.where(_alert.c.recipient == recipient)
    if run_id is not None:
        query = query.where(_alert.c.run_id == run_id)
    if limit is not None:
        query = query.limit(limit)
    return _with_deliveries(connection, connection.execute(query).all())


def _with_deliveries(connection: sa.Connection, found: Iterable[sa.Row[Any]]) -> tuple[Alert, ...]:
    alerts = list(found)
    of: dict[int, list[Delivery]] = defaultdict(list)
    for ids in pieces([row.id for row in alerts]):
        query = sa.select(_delivery).where(_delivery.c.alert_id.in_(ids)).order_by(_delivery.c.id)
        for row in connection.execute(query):
            of[row.alert_id].append(_delivery_noun(row))
    return tuple(_alert_noun(row, of[row.id]) for row in alerts)


def deliveries(connection: sa.Connection, state: DeliveryState | None) -> tuple[Delivery, ...]:
    query = sa.select(_delivery).order_by(_delivery.c.id)
    if state is not None:
        query = query.where(_delivery.c.state == state)
    return tuple(_delivery_noun(row) for row in connection.execute(query))


def claim(
    connection: sa.Connection, now: datetime, lease: timedelta, limit: int
) -> tuple[tuple[Delivery, Alert], ...]:
    """Takes deliveries that are due, for as long as the lease runs.

    A process that dies while sending leaves its claim to run out; they are then due again.
    """
    due = (
        sa.select(_delivery)
        .where(
            _delivery.c.state == "pending",
            _delivery.c.next_attempt_at <= now,
            sa.or_(_delivery.c.claimed_until.is_(None), _delivery.c.claimed_until <= now),
        )
        .order_by(_delivery.c.id)
        .limit(limit)
    )
    claimed = [_delivery_noun(row) for row in connection.execute(due)]
    if not claimed:
        return ()
    connection.execute(
        _delivery.update()
        .where(_delivery.c.id.in_([one.id for one in claimed]))
        .values(claimed_until=now + lease)
    )
    wanted = sa.select(_alert).where(_alert.c.id.in_({one.alert_id for one in claimed}))
    of = {row.id: _alert_noun(row, ()) for row in connection.execute(wanted)}
    return tuple((one, of[one.alert_id]) for one in claimed)


def record_sent(connection: sa.Connection, delivery_id: int, now: datetime) -> None:
    _record(connection, delivery_id, state="sent", sent_at=now, last_error=None)


def record_failure(
    connection: sa.Connection, delivery_id: int, error: str, next_attempt_at: datetime | None
) -> None:
    """Notes a failed sending; without a next attempt it is given up and shown as failed."""
    state = "pending" if next_attempt_at else "failed"
    _record(
        connection,
        delivery_id,
        state=state,
        last_error=error,
        next_attempt_at=next_attempt_at,
    )


def resend_failed(connection: sa.Connection, now: datetime) -> int:
    """Makes given-up deliveries due again from the first retry on. Returns how many."""
    done = connection.execute(
        _delivery.update()
        .where(_delivery.c.state == "failed")
        .values(state="pending", attempts=0, next_attempt_at=now, claimed_until=None)
    )
    return int(done.rowcount)


def _record(connection: sa.Connection, delivery_id: int, **values: object) -> None:
    connection.execute(
        _delivery.update()
        .where(_delivery.c.id == delivery_id)
        .values(attempts=_delivery.c.attempts + 1, claimed_until=None, **values)
    )


def _delivery_noun(row: sa.Row[Any]) -> Delivery:
    return Delivery(
        row.id,
        row.alert_id,
        row.channel,
        row.address,
        row.state,
        row.attempts,
        row.last_error,
        row.next_attempt_at,
        row.sent_at,
    )


def _alert_noun(row: sa.Row[Any], sendings: Iterable[Delivery]) -> Alert:
    return Alert(
        id=row.id,
        kind=row.kind,
        severity=row.severity,
        recipient_kind=row.recipient_kind,
        recipient=row.recipient,
        subject_zh=row.subject_zh,
        subject_en=row.subject_en,
        body_zh=row.body_zh,
        body_en=row.body_en,
        receipts=tuple(row.receipts),
        filings=tuple(row.filings),
        run_id=row.run_id,
        created_at=row.created_at,
        deliveries=tuple(sendings),
    )
