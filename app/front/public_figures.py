"""The three figures on the sign-in page, from the release; none while there is no release."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from front import figures
from greenmfg.queries import overview
from greenmfg.settings import Settings
from greenmfg.warehouse.release import NoRelease, current, reader


@dataclass(frozen=True)
class PublicFigures:
    """The plan's public numbers and how many firms report: nothing of any firm."""

    intensity_target: str | None
    target_year: int | None
    audit_target: str | None
    firms_due: int | None
    demonstration: bool


_LAST: dict[str, PublicFigures] = {}
_LOCK = threading.Lock()


def public_figures(settings: Settings) -> PublicFigures | None:
    """The figures of the current release, read once per release."""
    published = current(settings)
    if published is None:
        return None
    key = str(published.path)
    with _LOCK:
        if key not in _LAST:
            try:
                read = _read(settings)
            except NoRelease:
                return None
            _LAST.clear()
            _LAST[key] = read
        return _LAST[key]


def _read(settings: Settings) -> PublicFigures:
    with reader(settings) as connection:
        facts = overview.release_facts(connection)
        filed = overview.months(connection)
        month = facts.data_through or (filed[0].month if filed else None)
        headline = overview.headline(connection, month) if month else None
        audits = overview.audit_progress(connection, month) if month else None
    return PublicFigures(
        intensity_target=figures.plain(headline.target_high) if headline else None,
        target_year=headline.target_year if headline else None,
        audit_target=figures.plain(audits.target) if audits else None,
        firms_due=headline.firms_due if headline else None,
        demonstration=facts.demonstration,
    )
