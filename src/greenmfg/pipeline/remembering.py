"""As of: the marts as they were, or would have been, at an earlier instant.

Rows are never changed and every filing carries when it came into force and when it left it, so the
past is the same build under an earlier clock, in a workbench of its own below `home/as_of`. That
folder may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from greenmfg import warehouse
from greenmfg.pipeline.loading import WAIT_SECONDS, load
from greenmfg.pipeline.releasing import staged_and_checked
from greenmfg.pipeline.turns import in_turn
from greenmfg.pipeline.workshop import Workshop
from greenmfg.settings import DISTRICT_TIME


class MomentUnknown(LookupError):
    """Nothing can be said of that moment; the message says why."""


def end_of(day: date) -> datetime:
    """The last instant of a day of the district."""
    return datetime.combine(day, time.max, DISTRICT_TIME).astimezone(UTC)


def moment_of(shop: Workshop, text: str) -> datetime:
    """Reads a date (its end), an instant (the district's time unless it names another), or a
    release: the instant as of which that release was built, also of one that is deleted.

    Raises:
        MomentUnknown: it is none of these.
    """
    for publication in shop.registry.publications():
        if publication.release == text:
            return publication.built_at
    try:
        if len(text) == len("2026-10-31"):
            return end_of(date.fromisoformat(text))
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise MomentUnknown(
            f"{text!r}: 应为日期、时刻或发布版本 · expected a date such as 2026-10-31, an instant"
            " such as 2026-10-31T17:00 or a release"
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=DISTRICT_TIME)


@in_turn("remembering")
def build_as_of(shop: Workshop, moment: datetime) -> Path:
    """Builds and checks the marts as known at an instant (aware). Touches neither the workbench
    nor the releases.

    Returns:
        A release file; the same one as before while the past and the models are the same.

    Raises:
        MomentUnknown: nothing was in force then, or the day is still to come.
        BuildFailed, LoadError, ReleaseFaulty, ReleaseRefused, WarehouseBusy: it cannot be built.
    """
    _require(shop, moment)
    past = replace(shop.settings, home=shop.settings.home / "as_of")
    name = _name(shop, moment)
    path = warehouse.release_path(past, name)
    if path.is_file():
        os.utime(path)  # of these files the longest unread goes first
        return path
    load(shop, past, moment)
    warehouse.build(past, full_refresh=True, wait_seconds=WAIT_SECONDS)
    staged_and_checked(shop, past, name)
    warehouse.prune(past, shop.settings.releases_kept)
    return path


def _require(shop: Workshop, moment: datetime) -> None:
    if moment > end_of(shop.settings.today()):
        raise MomentUnknown(
            f"{moment.astimezone(DISTRICT_TIME):%Y-%m-%d %H:%M} 尚未到来 · is still to come"
        )
    if not shop.registry.filings_in_force(as_of=moment):
        raise MomentUnknown(
            f"截至 {moment.astimezone(DISTRICT_TIME):%Y-%m-%d %H:%M} 尚无任何数据生效"
            " · nothing was in force yet at that moment"
        )


def _name(shop: Workshop, moment: datetime) -> str:
    """Names the instant, the past up to it and the models: a file of this name is never stale."""
    project = warehouse.project_of(shop.settings)
    content = hashlib.sha256(f"{shop.registry.revision_as_of(moment)} {project}".encode())
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S%f}-{content.hexdigest()[:12]}"
