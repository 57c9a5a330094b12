from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from greenmfg.registry import Publication, Registry, UnknownRelease

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
FIRST = Publication(
    release="20261123-0001",
    built_at=NOW,
    state="published",
    reason=None,
    file="release_20261123-0001.duckdb",
    in_force_fingerprint="a" * 64,
    revision=7,
    data_through=date(2026, 9, 1),
    checks={"tests": 12, "failed": []},
    retired_at=None,
)


def test_the_latest_release_is_the_last_one_published(registry: Registry) -> None:
    assert registry.latest_publication() is None
    failed = replace(
        FIRST, release="20261123-0002", state="failed", reason="unique test", file=None
    )
    registry.record_publication(FIRST)
    registry.record_publication(failed)

    assert registry.latest_publication() == FIRST
    assert registry.latest_publication("failed") == failed
    assert registry.publications() == (failed, FIRST)


def test_a_release_recorded_twice_is_one(registry: Registry) -> None:
    registry.record_publication(FIRST)
    registry.record_publication(FIRST)

    assert registry.publications() == (FIRST,)
    assert [event.kind for event in registry.events(subject=FIRST.release)] == ["release.published"]


def test_a_retired_release_is_remembered(registry: Registry) -> None:
    registry.record_publication(FIRST)
    registry.retire_publication(FIRST.release, NOW)

    assert registry.publications()[0].state == "retired"
    assert registry.publications()[0].retired_at == NOW
    with pytest.raises(UnknownRelease):
        registry.retire_publication("20990101-0001", NOW)
