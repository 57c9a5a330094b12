"""Sends what is due, and remembers what could not be sent."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from greenmfg.notices.faults import described
from greenmfg.notices.mail import Mailer
from greenmfg.notices.webhook import Webhook
from greenmfg.registry import Alert, Delivery, Registry
from greenmfg.registry.nouns import DeliveryChannel
from greenmfg.settings import Settings

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)
BATCH = 20
# Longer than a batch can take, every sending running into its time-out.
LEASE = timedelta(minutes=10)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DeliveryFailure:
    """`next_attempt_at` is None when the last retry has failed too."""

    delivery_id: int
    channel: DeliveryChannel
    address: str
    attempts: int
    error: str
    next_attempt_at: datetime | None


@dataclass
class DeliveryReport:
    """What one call sent and could not send. `broken`: the delivery itself stopped, and why."""

    sent: int = 0
    retrying: list[DeliveryFailure] = field(default_factory=list)
    given_up: list[DeliveryFailure] = field(default_factory=list)
    broken: str | None = None


def deliver(registry: Registry, settings: Settings, now: datetime) -> DeliveryReport:
    """Sends every delivery that is due: by mail in one session, by webhook one POST each.

    Safe to run twice at once: each delivery is claimed before it is sent. What fails is due
    again after 1 min, 5 min, 30 min and 2 h, and is then given up and shown as failed. Never
    raises: alerts must not hold back the pipeline.
    """
    report = DeliveryReport()
    mailer, webhook = Mailer(settings.mail), Webhook(settings.webhook_url)
    try:
        while claimed := registry.claim_deliveries(now, LEASE, BATCH):
            for delivery, alert in claimed:
                _deliver_one(registry, mailer, webhook, delivery, alert, now, report)
    except Exception as error:
        _log.exception("The delivery of alerts stopped")
        report.broken = described(error)
    finally:
        mailer.close()
    return report


def _deliver_one(
    registry: Registry,
    mailer: Mailer,
    webhook: Webhook,
    delivery: Delivery,
    alert: Alert,
    now: datetime,
    report: DeliveryReport,
) -> None:
    try:
        if delivery.channel == "email":
            mailer.send(delivery, alert, now)
        else:
            webhook.send(delivery, alert)
    except Exception as error:
        # Whatever it was, it is this delivery's last error, on record and shown.
        _note_failure(registry, delivery, error, now, report)
    else:
        registry.delivery_sent(delivery.id, now)
        report.sent += 1


def _note_failure(
    registry: Registry,
    delivery: Delivery,
    error: Exception,
    now: datetime,
    report: DeliveryReport,
) -> None:
    retry = delivery.attempts < len(BACK_OFF)
    failure = DeliveryFailure(
        delivery.id,
        delivery.channel,
        delivery.address,
        delivery.attempts + 1,
        described(error)[:500],
        now + BACK_OFF[delivery.attempts] if retry else None,
    )
    registry.delivery_failed(delivery.id, failure.error, failure.next_attempt_at)
    (report.retrying if retry else report.given_up).append(failure)
    _log.warning(
        "Alert %s was not sent by %s to %s: %s",
        delivery.alert_id,
        failure.channel,
        failure.address,
        failure.error,
    )
