"""Which alerts the pipeline's own steps raise. They are recorded first and sent later, by `send`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from greenmfg import notices, warehouse
from greenmfg.contract import Words
from greenmfg.notices import Audience
from greenmfg.pipeline import reminders
from greenmfg.pipeline.workshop import Workshop
from greenmfg.registry import DecisionSummary, NewAlert, ReviewOutcome


def of_run(shop: Workshop) -> Callable[[DecisionSummary], Iterable[NewAlert]]:
    """The alerts of a decided batch: the audience is asked before the transaction begins."""
    audience = _audience(shop)
    return lambda summary: notices.collect(summary, audience)


def of_review(shop: Workshop) -> Callable[[ReviewOutcome], Iterable[NewAlert]]:
    audience = _audience(shop)
    return lambda outcome: notices.returned_in_review(outcome, audience)


def send(shop: Workshop) -> dict[str, Any]:
    """Sends what is due; never raises: alerts do not hold back the pipeline."""
    return asdict(notices.deliver(shop.registry, shop.settings, shop.settings.now()))


def release_held_back(shop: Workshop, release: str, reasons: Iterable[str]) -> None:
    """Tells the steward that the last release stays, and why."""
    alert = notices.release_held_back(release, list(reasons), _audience(shop))
    shop.registry.record_alerts([alert], shop.settings.now())


def report_failure(shop: Workshop, what: str, error: str) -> None:
    """Tells the steward that a part of the system broke. The same `what` is told once."""
    run, _, step = what.partition(" ")
    alert = notices.run_failed(step or run, run, error, _audience(shop))
    shop.registry.record_alerts([alert], shop.settings.now())


def remind(shop: Workshop) -> dict[str, Any]:
    """One alert to each firm with overdue reports and one digest to the steward, once per month.

    The same of audit stages that are overdue: one alert each, and one digest.

    Read off the current release: nothing is said before there is one.
    """
    if warehouse.current(shop.settings) is None:
        return {"firms": 0, "month": None, "audit_stages": 0}
    connection = warehouse.reader(shop.settings)
    rows = connection.execute(
        """
        with overdue as (
          select * from marts.filing_coverage where state in ('missing', 'returned')
        )
        select uscc, name, strftime(month, '%Y-%m') as month, form from overdue
        where month = (select max(month) from overdue) order by uscc, form
        """
    ).fetchall()
    audience = _audience(shop)
    clocks = reminders.overdue_clocks(connection)
    alerts = reminders.of_audits(audience, clocks, f"{shop.settings.now():%Y-%m}")
    month = rows[0][2] if rows else None
    names = {uscc: name for uscc, name, _, _ in rows}
    firms: dict[str, list[str]] = {}
    for uscc, _, _, form in rows:
        firms.setdefault(uscc, []).append(form)
    if month is not None:
        alerts += [_reminder(shop, audience, uscc, forms, month) for uscc, forms in firms.items()]
        alerts.append(_reminder_digest(audience, names, month))
    shop.registry.record_alerts(alerts, shop.settings.now())
    return {"firms": len(firms), "month": month, "audit_stages": len(clocks)}


def _reminder(
    shop: Workshop, audience: Audience, uscc: str, forms: list[str], month: str
) -> NewAlert:
    titles = [shop.contracts[form].title for form in forms]
    return audience.alert(
        uscc,
        f"reminder:{month}:{uscc}",
        "reminder",
        "warning",
        Words(f"{month} 月报尚未报送", f"{month} has not been filed"),
        Words(
            f"{month} 的{'、'.join(t.zh for t in titles)}已过截止日，尚未收到。请尽快报送；停产请填零申报。",
            f"{' and '.join(t.en for t in titles)} of {month} are past their due day."
            " Please file them; file a nil return if nothing was produced.",
        ),
    )


def _reminder_digest(audience: Audience, names: dict[str, str], month: str) -> NewAlert:
    listed = "\n".join(f"- {name} ({uscc})" for uscc, name in names.items())
    return audience.alert(
        None,
        f"reminder:{month}:steward",
        "reminder",
        "warning",
        Words(f"{month} 未报企业 {len(names)} 家", f"{len(names)} firms have not filed {month}"),
        Words(f"{month} 未报企业：\n{listed}", f"Firms that have not filed {month}:\n{listed}"),
    )


def _audience(shop: Workshop) -> Audience:
    return Audience.of(shop.registry, shop.settings, shop.contracts)
