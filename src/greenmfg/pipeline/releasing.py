"""Build and publish: what is in force goes into the warehouse, the marts into a release.

A failed build or a failed check keeps the last release where it is and is recorded with its reason.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from greenmfg import warehouse
from greenmfg.checks.marts import Fault, check_release
from greenmfg.pipeline import alerting
from greenmfg.pipeline.workshop import Workshop, checker_of
from greenmfg.registry import Publication
from greenmfg.warehouse import BuildFailed, ClockRow, FilingRow, FindingRow, RowsFile

DEMONSTRATION = "demonstration"
_WAIT_SECONDS = 120.0


class ReleaseRefused(RuntimeError):
    """The marts were built but failed their checks: the last release stays. `faults` say why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        lines = "; ".join(f"{f.id} {f.message.zh} · {f.message.en} ({f.rows})" for f in faults)
        super().__init__(f"发布前检查未通过 · the release failed its checks: {lines}")


@dataclass(frozen=True)
class Release:
    """`built` is False when the current release already holds what is in force today."""

    release: str
    built: bool
    rows_added: Mapping[str, int]


def build_and_publish(shop: Workshop, force: bool = False) -> Release:
    """Loads, builds, checks and publishes.

    Raises:
        WarehouseBusy, BuildFailed, ReleaseRefused: the last release stays in force.
    """
    fingerprint = f"{shop.registry.in_force_fingerprint()} {shop.settings.today()}"
    latest = shop.registry.latest_publication()
    published = warehouse.current(shop.settings)
    if (
        not force
        and latest is not None
        and published is not None
        and published.release == latest.release
        and latest.in_force_fingerprint == fingerprint
    ):
        return Release(latest.release, False, {})
    publication = _blank(shop, fingerprint)
    try:
        summary = load(shop)
        build = warehouse.build(shop.settings, wait_seconds=_WAIT_SECONDS)
        path = warehouse.stage_release(shop.settings, publication.release, _WAIT_SECONDS)
        faults = check_release(checker_of(shop.settings), shop.settings, path)
        if faults:
            raise ReleaseRefused(faults)
    except (BuildFailed, ReleaseRefused, warehouse.LoadError, warehouse.ReleaseFaulty) as error:
        failed = replace(publication, state="failed", reason=str(error))
        shop.registry.record_publication(failed)
        alerting.release_held_back(shop, publication.release, str(error).splitlines())
        raise
    warehouse.publish(shop.settings, publication.release)
    shop.registry.record_publication(
        replace(
            publication,
            file=path.name,
            data_through=_data_through(shop),
            checks={"models": build.models, "tests": build.tests},
        )
    )
    warehouse.prune(shop.settings, shop.settings.releases_kept)
    return Release(publication.release, True, dict(summary.rows_added))


def load(shop: Workshop) -> warehouse.LoadSummary:
    """Tells the warehouse what the registry says."""
    filings = shop.registry.filings()
    received = {filing.receipt: filing.received_at for filing in filings}
    ever_in_force = [f for f in filings if f.accepted_at is not None and f.rows_path is not None]
    return warehouse.load(
        shop.settings,
        shop.contracts,
        [
            FilingRow(
                filing_id=f.id,
                receipt=f.receipt,
                form=f.form,
                subject=f.subject,
                period=f.period,
                months_covered=f.months_covered,
                state=str(f.state),
                version=f.version,
                received_at=f.received_at,
                decided_at=f.decided_at,
                accepted_at=f.accepted_at,
                superseded_at=f.superseded_at,
                withdrawn_at=f.withdrawn_at,
            )
            for f in filings
        ],
        {
            f.receipt: RowsFile(str(shop.settings.rows / str(f.rows_path)), f.file_name)
            for f in ever_in_force
        },
        _findings(shop, received),
        ClockRow(shop.settings.today(), _is_demonstration(shop), shop.settings.now()),
        wait_seconds=_WAIT_SECONDS,
    )


def _findings(shop: Workshop, received: Mapping[str, Any]) -> list[FindingRow]:
    facts = list(shop.registry.finding_facts())
    missing = {fact.receipt for fact in facts} - received.keys()
    times = {**received, **{r: shop.registry.submission(r).received_at for r in missing}}
    return [
        FindingRow(
            receipt=fact.receipt,
            filing_id=fact.filing_id,
            check_id=fact.check_id,
            severity=fact.severity,
            line=fact.line,
            column_name=fact.column,
            period=fact.period,
            received_at=times[fact.receipt],
        )
        for fact in facts
    ]


def _is_demonstration(shop: Workshop) -> bool:
    return bool(shop.registry.events(subject=DEMONSTRATION, limit=1))


def _blank(shop: Workshop, fingerprint: str) -> Publication:
    now = shop.settings.now()
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
