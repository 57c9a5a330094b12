"""Facts across two forms, read off a new release: told once for as long as they stand.

The publication remembers what has been told, in the transaction that records the alerts: a second
run tells nothing twice, and a fact that went away and comes back is told again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from greenmfg import notices, warehouse
from greenmfg.notices import Audience, CrossFormFact
from greenmfg.pipeline.workshop import Workshop
from greenmfg.registry import NewAlert, Publication

# The key in a publication's `checks`.
TOLD = "cross_form_facts_told"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class News:
    """The alerts of a release, and all facts standing in it that have been told, as text."""

    alerts: Sequence[NewAlert] = ()
    told: list[str] = field(default_factory=list)


def of_release(shop: Workshop, release: str, before: Publication | None) -> News:
    """What the current release says that has not been told. `before`: the publication before it.

    Never raises: alerts do not hold back a release. What cannot be told is told by the next one.
    """
    told = [] if before is None else list(before.checks.get(TOLD, ()))
    try:
        return _news(shop, release, set(told))
    except Exception as error:
        _log.exception("The facts across two forms of release %s could not be told", release)
        audience = Audience.of(shop.registry, shop.settings, shop.contracts)
        return News([notices.run_failed(release, TOLD, repr(error), audience)], told)


def _news(shop: Workshop, release: str, told_before: set[str]) -> News:
    standing = _standing(shop)
    new = [fact for fact, to_alert in standing if to_alert and _text(fact) not in told_before]
    told = {_text(fact) for fact, _ in standing} & (told_before | {_text(fact) for fact in new})
    audience = Audience.of(shop.registry, shop.settings, shop.contracts)
    if _is_demonstration(shop):
        newest = max((fact.month for fact, _ in standing), default=shop.settings.today())
        return News(notices.digest_of_simulation(newest, new, audience), sorted(told))
    return News(notices.facts_across_forms(release, new, audience), sorted(told))


def _text(fact: CrossFormFact) -> str:
    return f"{fact.uscc} {fact.month:%Y-%m} {fact.fact}"


def _standing(shop: Workshop) -> list[tuple[CrossFormFact, bool]]:
    """Every fact of the release, and whether it is to be alerted now."""
    rows = (
        warehouse.reader(shop.settings)
        .execute(
            """
            select uscc, name, month, fact, energy_tce, energy_receipt, output_receipt, to_alert
            from marts.cross_form_facts
            where past_due
            order by month desc, uscc, fact
            """
        )
        .fetchall()
    )
    return [
        (CrossFormFact(uscc, name, month, fact, tce, tuple(r for r in receipts if r)), to_alert)
        for uscc, name, month, fact, tce, *receipts, to_alert in rows
    ]


def _is_demonstration(shop: Workshop) -> bool:
    row = (
        warehouse.reader(shop.settings)
        .execute("select demonstration from marts.release_facts")
        .fetchone()
    )
    return bool(row and row[0])
