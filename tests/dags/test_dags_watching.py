"""When the bells ring."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from greenmfg.registry import Incoming, Registry, open_registry
from greenmfg.settings import Settings
from greenmfg_airflow.watching import RING_AGAIN_SECONDS, Chime, ReviewWatch, waiting


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings.from_environment({"GREENMFG_HOME": str(tmp_path)})
    made.inbox.mkdir()
    return made


@pytest.fixture
def registry(settings: Settings) -> Iterator[Registry]:
    with open_registry(settings, create=True) as made:
        yield made


def put(path: Path, seconds_old: float) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("x")
    moment = time.time() - seconds_old
    os.utime(path, (moment, moment))


def receive(registry: Registry, settings: Settings, channel: str, digest: str) -> str:
    incoming = Incoming("steward", channel, "f.csv", digest * 64, 1, "raw/f")  # type: ignore[arg-type]
    (receipt,) = registry.receive_many([incoming], settings.now())
    return receipt.number


def test_nothing_waits_in_an_empty_home(settings: Settings, registry: Registry) -> None:
    assert waiting(settings, registry) == frozenset()


def test_a_complete_file_waits_also_in_an_accounts_folder(
    settings: Settings, registry: Registry
) -> None:
    put(settings.inbox / "a.csv", seconds_old=5)
    put(settings.inbox / "firm" / "b.csv", seconds_old=5)
    assert {Path(one).name for one in waiting(settings, registry)} == {"a.csv", "b.csv"}


def test_a_file_that_still_grows_does_not_wait_yet(settings: Settings, registry: Registry) -> None:
    put(settings.inbox / "a.csv", seconds_old=-60)
    assert waiting(settings, registry) == frozenset()


def test_a_submission_from_the_portal_waits(settings: Settings, registry: Registry) -> None:
    receipt = receive(registry, settings, "portal", "a")
    assert waiting(settings, registry) == {receipt}


def test_a_bell_that_starts_rings_at_once_for_what_the_portal_received_before(
    settings: Settings, registry: Registry
) -> None:
    from greenmfg_airflow.bells import InboxBell

    receive(registry, settings, "portal", "a")
    look = InboxBell(every_seconds=1.0).watch(settings, registry)
    assert look()
    assert not look()
    receive(registry, settings, "portal", "b")
    assert look()


def test_what_a_run_has_just_taken_from_the_inbox_does_not_ring_again(
    settings: Settings, registry: Registry
) -> None:
    receive(registry, settings, "inbox", "a")
    assert waiting(settings, registry) == frozenset()


def test_the_bell_rings_once_for_one_file() -> None:
    chime = Chime()
    assert chime.should_ring(frozenset({"a"}), 0)
    assert not chime.should_ring(frozenset({"a"}), 1)


def test_the_bell_rings_again_for_another_file() -> None:
    chime = Chime()
    chime.should_ring(frozenset({"a"}), 0)
    assert chime.should_ring(frozenset({"a", "b"}), 1)


def test_the_bell_is_silent_when_some_of_the_files_were_taken() -> None:
    chime = Chime()
    chime.should_ring(frozenset({"a", "b"}), 0)
    assert not chime.should_ring(frozenset({"b"}), 1)


def test_a_file_of_the_same_name_rings_again_once_the_first_was_taken() -> None:
    chime = Chime()
    chime.should_ring(frozenset({"a"}), 0)
    chime.should_ring(frozenset(), 1)
    assert chime.should_ring(frozenset({"a"}), 2)


def test_a_file_that_stays_is_rung_for_again_after_a_while() -> None:
    chime = Chime()
    chime.should_ring(frozenset({"a"}), 0)
    assert chime.should_ring(frozenset({"a"}), RING_AGAIN_SECONDS)
    assert not chime.should_ring(frozenset({"a"}), RING_AGAIN_SECONDS + 1)


def test_a_review_rings_once(settings: Settings, registry: Registry) -> None:
    watch = ReviewWatch(registry)
    assert watch.reviewed()  # reviews made while nothing watched
    assert not watch.reviewed()
    registry.log("steward", "filing.review.accept", "filing 1", {}, settings.now())
    assert watch.reviewed()
    assert not watch.reviewed()


def test_what_is_no_review_does_not_ring(settings: Settings, registry: Registry) -> None:
    watch = ReviewWatch(registry)
    watch.reviewed()
    receive(registry, settings, "inbox", "a")
    assert not watch.reviewed()


def test_a_review_among_many_events_is_not_missed(settings: Settings, registry: Registry) -> None:
    watch = ReviewWatch(registry)
    watch.reviewed()
    registry.log("steward", "filing.review.withdraw", "filing 1", {}, settings.now())
    for number in range(450):
        registry.log("system", "something.else", str(number), {}, settings.now())
    assert watch.reviewed()
    assert not watch.reviewed()
