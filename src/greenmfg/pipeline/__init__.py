"""The steps of the one way: receive → parse → check → decide → build → publish.

Each function opens the home folder's workshop for itself, does one step and returns plain values
(JSON), so that Airflow, the command line and tests call the same thing.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from greenmfg.settings import Settings

__all__ = [
    "build_and_publish",
    "check_waiting",
    "collect_inbox",
    "inbox_waiting",
    "remind",
    "report_failure",
    "send_alerts",
    "upkeep",
]


def inbox_waiting(settings: Settings) -> bool:
    """Whether anything lies in the inbox. Cheap: a bell asks it every second."""
    from greenmfg.pipeline import receiving

    return receiving.inbox_waiting(settings)


def collect_inbox(settings: Settings) -> list[str]:
    """Receives every complete file of the inbox. Returns the receipts."""
    from greenmfg.pipeline import receiving
    from greenmfg.pipeline.workshop import workshop

    with workshop(settings) as shop:
        return [receipt.number for receipt in receiving.collect_inbox(shop)]


def check_waiting(settings: Settings) -> dict[str, Any]:
    """Takes all that waits to its verdict. See `deciding.RunOutcome` for the keys."""
    from greenmfg.pipeline import alerting, deciding
    from greenmfg.pipeline.workshop import workshop

    with workshop(settings) as shop:
        return asdict(deciding.decide_waiting(shop, alerting.of_run(shop)))


def send_alerts(settings: Settings) -> dict[str, Any]:
    """Sends what is due to be sent, and notes what could not be."""
    from greenmfg.pipeline import alerting
    from greenmfg.pipeline.workshop import workshop

    with workshop(settings) as shop:
        return alerting.send(shop)


def build_and_publish(settings: Settings) -> dict[str, Any]:
    """Computes the indicators of what is in force and publishes them.

    Raises:
        BuildFailed, ReleaseRefused, WarehouseBusy: the last release stays in force.
    """
    from greenmfg.pipeline import releasing
    from greenmfg.pipeline.workshop import workshop

    with workshop(settings) as shop:
        return asdict(releasing.build_and_publish(shop))


def remind(settings: Settings) -> dict[str, Any]:
    """Alerts firms and stewards of what is overdue, once per month and firm."""
    from greenmfg.pipeline import alerting
    from greenmfg.pipeline.workshop import workshop

    with workshop(settings) as shop:
        return alerting.remind(shop)


def upkeep(settings: Settings) -> dict[str, Any]:
    """Tries again what failed on our side, sends what is due and removes old releases."""
    from greenmfg.pipeline import alerting
    from greenmfg.pipeline.workshop import workshop
    from greenmfg.warehouse import prune

    with workshop(settings) as shop:
        retried = shop.registry.retry_failed(settings.now())
        sent = alerting.send(shop)
        pruned = prune(settings, settings.releases_kept)
    return {"retried": list(retried), "alerts": sent, "releases_removed": len(pruned)}


def report_failure(settings: Settings, what: str, error: str) -> None:
    """Records an alert that a part of the system failed: ours to mend. Once per `what`."""
    from greenmfg.pipeline import alerting
    from greenmfg.pipeline.workshop import workshop

    with workshop(settings) as shop:
        alerting.report_failure(shop, what, error)
