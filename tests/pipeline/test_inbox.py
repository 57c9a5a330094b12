"""The inbox: what is taken, when, from whom, and that nothing put there is ever lost."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from homes import SAMPLES, SHIPS, Home, open_home

from greenmfg.pipeline import receiving

GOOD = (SAMPLES / "energy_good_gb18030.csv").read_bytes()
OTHER = (SAMPLES / "energy_corrected.csv").read_bytes()


def put(home: Home, name: str, data: bytes = GOOD, seconds_ago: float = 60) -> Path:
    """Lays a file into the inbox as if it had been written a while ago."""
    place = home.settings.inbox / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    then = time.time() - seconds_ago
    os.utime(place, (then, then))
    return place


def taken(home: Home) -> list[str]:
    return [receipt.file_name for receipt in receiving.collect_inbox(home.shop)]


def set_aside(home: Home) -> list[str]:
    folder = home.settings.inbox / ".unknown_account"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.*"))


@pytest.fixture
def empty(new_home: Callable[..., Home]) -> Home:
    """A founded home in which no firm is registered."""
    return new_home()


def test_a_file_renamed_into_place_is_taken_at_once(empty: Home) -> None:
    written = put(empty, ".upload.part")
    assert taken(empty) == []
    os.rename(written, empty.settings.inbox / "energy.csv")
    assert taken(empty) == ["energy.csv"]


def test_files_are_taken_in_the_order_in_which_they_were_written(empty: Home) -> None:
    put(empty, "b.csv", b"1", seconds_ago=30)
    put(empty, "a.csv", b"2", seconds_ago=20)
    put(empty, "c.csv", b"3", seconds_ago=40)
    assert taken(empty) == ["c.csv", "b.csv", "a.csv"]


def test_a_file_that_goes_on_growing_while_it_is_read_is_taken_again_when_it_is_whole(
    empty: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = put(empty, "slow.csv", GOOD[:200])
    receive = receiving.receive

    def meanwhile(*args: object) -> object:
        place.write_bytes(GOOD)
        return receive(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "receive", meanwhile)
        receiving.collect_inbox(empty.shop)
    assert place.read_bytes() == GOOD
    os.utime(place, (time.time() - 60,) * 2)
    assert taken(empty) == ["slow.csv"]
    sizes = {one.size for one in empty.shop.registry.submissions(account="steward")}
    assert len(GOOD) in sizes


def test_a_file_that_is_taken_back_meanwhile_stops_nobody(
    empty: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(empty, "good.csv")
    listed = [*receiving.complete_files(empty.settings)]
    gone = ("steward", empty.settings.inbox / "gone.csv")
    monkeypatch.setattr(receiving, "complete_files", lambda _settings: iter([gone, *listed]))
    assert taken(empty) == ["good.csv"]


def test_what_a_person_hides_or_links_is_not_taken(empty: Home, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(GOOD)
    (empty.settings.inbox / "link.csv").symlink_to(secret)
    put(empty, ".hidden.csv")
    (empty.settings.inbox / "firm").symlink_to(tmp_path)
    assert taken(empty) == []
    assert secret.exists()


def test_two_files_of_one_name_from_an_unknown_account_are_both_kept(empty: Home) -> None:
    put(empty, f"{SHIPS}/energy.csv")
    assert taken(empty) == []
    put(empty, f"{SHIPS}/energy.csv", OTHER)
    assert taken(empty) == []
    assert set_aside(empty) == [f"{SHIPS}/energy-2.csv", f"{SHIPS}/energy.csv"]
    logged = empty.shop.registry.events(subject=SHIPS)
    assert [event.kind for event in logged] == ["inbox.unknown_account"] * 2


def test_what_was_set_aside_returns_beside_a_new_file_of_the_same_name(empty: Home) -> None:
    put(empty, f"{SHIPS}/energy.csv")
    taken(empty)
    put(empty, f"{SHIPS}/energy.csv", OTHER)
    empty.file_sample("register.csv")
    empty.run()
    assert set_aside(empty) == []
    assert receiving.inbox_waiting(empty.settings)
    assert sorted(taken(empty)) == ["energy-2.csv", "energy.csv"]


def test_an_agents_files_are_taken_once_the_agent_has_an_account(empty: Home) -> None:
    put(empty, "agent-changxing/park.csv")
    assert taken(empty) == []
    empty.shop.registry.ensure_account(
        "agent-changxing", "agent", now=empty.settings.now(), enterprises=[SHIPS]
    )
    assert taken(empty) == ["park.csv"]


def test_an_empty_inbox_is_quiet_and_a_missing_one_too(empty: Home) -> None:
    assert not receiving.inbox_waiting(empty.settings)
    empty.settings.inbox.rmdir()
    assert not receiving.inbox_waiting(empty.settings)
    assert taken(empty) == []


def test_a_home_may_be_moved(empty: Home, tmp_path: Path) -> None:
    empty.file_sample("register.csv")
    empty.run()
    empty.shop.registry.close()
    os.rename(empty.settings.home, tmp_path / "elsewhere")
    with open_home(tmp_path / "elsewhere") as moved:
        moved.file_sample("energy_good_gb18030.csv")
        moved.run()
        assert [state for *_, state in moved.states()] == ["accepted"]
