"""Build and publish: what is in force goes into the warehouse, the marts into a release.

A failed build or a failed check keeps the last release where it is and is recorded with its reason.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from greenmfg import warehouse
from greenmfg.checks import CheckFailed
from greenmfg.checks.marts import Fault, check_release
from greenmfg.pipeline import alerting, cross_form
from greenmfg.pipeline.loading import WAIT_SECONDS, load
from greenmfg.pipeline.turns import in_turn
from greenmfg.pipeline.workshop import Workshop, checker_of
from greenmfg.registry import Publication
from greenmfg.settings import Settings
from greenmfg.warehouse import BuildFailed


class ReleaseRefused(RuntimeError):
    """The marts were built but failed their checks: the last release stays. `faults` say why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        lines = "; ".join(f"{f.id} {f.message.zh} · {f.message.en} ({f.rows})" for f in faults)
        super().__init__(f"发布前检查未通过 · the release failed its checks: {lines}")


# Among the facts of a publication: the models and tools it was made by.
_PROJECT = "project"
# What keeps the last release where it is.
HOLDS_BACK = (
    BuildFailed,
    CheckFailed,
    ReleaseRefused,
    warehouse.LoadError,
    warehouse.ReleaseFaulty,
)


@dataclass(frozen=True)
class Release:
    """`built` is False when the current release already holds what is in force today."""

    release: str
    built: bool
    rows_added: Mapping[str, int]


@in_turn("publishing")
def build_and_publish(shop: Workshop, force: bool = False) -> Release:
    """Loads, builds, checks and publishes.

    Raises:
        WarehouseBusy, BuildFailed, ReleaseRefused, CheckFailed: the last release stays in force.
    """
    fingerprint = f"{shop.registry.in_force_fingerprint()} {shop.settings.today()}"
    latest = shop.registry.latest_publication()
    project = warehouse.project_of(shop.settings)
    published = warehouse.current(shop.settings)
    if (
        not force
        and latest is not None
        and published is not None
        and published.release == latest.release
        and latest.in_force_fingerprint == fingerprint
        and latest.checks.get(_PROJECT) == project
    ):
        return Release(latest.release, False, {})
    publication = _blank(shop, fingerprint)
    try:
        summary = load(shop, shop.settings, publication.built_at)
        build = warehouse.build(shop.settings, wait_seconds=WAIT_SECONDS)
        path = staged_and_checked(shop, shop.settings, publication.release)
    except HOLDS_BACK as error:
        failed = replace(publication, state="failed", reason=str(error))
        shop.registry.record_publication(failed)
        alerting.release_held_back(shop, publication.release, str(error).splitlines())
        raise
    warehouse.publish(shop.settings, publication.release)
    news = cross_form.of_release(shop, publication.release, latest)
    checks = {
        "models": build.models,
        "tests": build.tests,
        _PROJECT: project,
        cross_form.TOLD: news.told,
    }
    shop.registry.record_publication(
        replace(publication, file=path.name, data_through=_data_through(shop), checks=checks),
        news.alerts,
    )
    warehouse.prune(shop.settings, shop.settings.releases_kept)
    return Release(publication.release, True, dict(summary.rows_added))


def renew_after_upgrade(shop: Workshop) -> Release | None:
    """Publishes anew where the current release was made by other models: pages of this version
    may ask for marts that it does not have. None where there is nothing to renew.

    Raises: as `build_and_publish`.
    """
    latest = shop.registry.latest_publication()
    if latest is None or warehouse.current(shop.settings) is None:
        return None
    if latest.checks.get(_PROJECT) == warehouse.project_of(shop.settings):
        return None
    return build_and_publish(shop)


def staged_and_checked(shop: Workshop, target: Settings, release: str) -> Path:
    """Stages the marts of `target`'s workbench and takes the last look at them.

    Raises:
        ReleaseRefused, ReleaseFaulty, CheckFailed, WarehouseBusy: there is no file then.
    """
    path = warehouse.stage_release(target, release, WAIT_SECONDS)
    try:
        faults = check_release(checker_of(shop.settings), shop.settings, path)
        if faults:
            raise ReleaseRefused(faults)
    except Exception:
        # Kept, it would crowd out releases that were published.
        path.unlink(missing_ok=True)
        raise
    return path


def _blank(shop: Workshop, fingerprint: str) -> Publication:
    # All that is decided from here on belongs to the next release.
    now = shop.registry.standstill(shop.settings.now)
    return Publication(
        release=f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}",
        built_at=now,
        state="published",
        reason=None,
        file=None,
        in_force_fingerprint=fingerprint,
        revision=shop.registry.counts().revision,
        data_through=None,
        checks={},
        retired_at=None,
    )


def _data_through(shop: Workshop) -> Any:
    row = (
        warehouse.reader(shop.settings)
        .execute("select data_through from marts.release_facts")
        .fetchone()
    )
    return row[0] if row else None
