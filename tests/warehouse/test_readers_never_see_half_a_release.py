"""Releases: staged, then published by one rename; readers never see half of one."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import duckdb
import pytest
from tests.indicators.cabinet import settings_in

from greenmfg.settings import Settings
from greenmfg.warehouse import (
    NoRelease,
    ReleaseFaulty,
    current,
    prune,
    publish,
    reader,
    stage_release,
)
from greenmfg.warehouse.keys import keep_keys


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def make_marts(settings: Settings, value: int, key: str = ", primary key (month)") -> None:
    """A workbench with one mart, in place of a build."""
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute("create schema if not exists staging")
        connection.execute(
            f"create or replace table marts.numbers (month date, n decimal(28,10){key})"
        )
        connection.execute("create or replace table staging.private as select 1 as a")
        connection.execute("insert into marts.numbers values (date '2025-01-01', ?)", [value])


def number(settings: Settings) -> int:
    rows = reader(settings).execute("select n from marts.numbers").fetchall()
    return int(rows[0][0])


def test_nothing_is_read_before_the_first_publication(settings: Settings) -> None:
    make_marts(settings, 1)
    stage_release(settings, "r1")
    assert current(settings) is None
    with pytest.raises(NoRelease, match="nothing has been published"):
        reader(settings)


def test_a_release_holds_the_typed_marts_with_their_keys_and_nothing_else(
    settings: Settings,
) -> None:
    make_marts(settings, 1)
    path = stage_release(settings, "r1")
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name, has_primary_key from duckdb_tables()"
        ).fetchall()
        types = connection.execute(
            "select data_type from duckdb_columns() where table_name = 'numbers'"
        ).fetchall()
    assert tables == [("marts", "numbers", True)]
    assert types == [("DATE",), ("DECIMAL(28,10)",)]
    assert [p.name for p in settings.releases.iterdir()] == ["release_r1.duckdb"]


def test_a_mart_without_a_primary_key_is_no_release(settings: Settings) -> None:
    make_marts(settings, 1, key="")
    with pytest.raises(ReleaseFaulty, match="numbers"):
        stage_release(settings, "r1")
    assert list(settings.releases.iterdir()) == []


def test_a_key_that_is_no_constraint_is_proved_before_a_release(settings: Settings) -> None:
    make_marts(settings, 1, key="")
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create schema built")
        keep_keys(connection, {"numbers": ["month"]})
    assert stage_release(settings, "r1").is_file()
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("insert into marts.numbers values (date '2025-01-01', 2)")
    with pytest.raises(ReleaseFaulty, match=r'numbers: .*more than one row of "month": 2025-01-01'):
        stage_release(settings, "r2")
    assert [p.name for p in settings.releases.iterdir()] == ["release_r1.duckdb"]


def test_the_next_reader_sees_a_new_pointer_and_an_open_one_keeps_its_release(
    settings: Settings,
) -> None:
    make_marts(settings, 1)
    stage_release(settings, "r1")
    publish(settings, "r1")
    before = reader(settings)
    make_marts(settings, 2)
    stage_release(settings, "r2")
    assert number(settings) == 1
    reference = publish(settings, "r2")
    assert number(settings) == 2
    assert [int(n) for (n,) in before.execute("select n from marts.numbers").fetchall()] == [1]
    assert current(settings) == reference


def test_a_reader_cannot_write(settings: Settings) -> None:
    make_marts(settings, 1)
    stage_release(settings, "r1")
    publish(settings, "r1")
    with pytest.raises(duckdb.InvalidInputException, match="read-only"):
        reader(settings).execute("delete from marts.numbers")


def test_publishing_what_was_not_staged_moves_nothing(settings: Settings) -> None:
    make_marts(settings, 1)
    stage_release(settings, "r1")
    published = publish(settings, "r1")
    with pytest.raises(NoRelease, match="r2"):
        publish(settings, "r2")
    assert current(settings) == published


def test_publishing_and_staging_twice_change_nothing(settings: Settings) -> None:
    make_marts(settings, 1)
    path = stage_release(settings, "r1")
    published = publish(settings, "r1")
    make_marts(settings, 2)
    assert stage_release(settings, "r1") == path
    assert publish(settings, "r1") == published
    assert number(settings) == 1


def test_a_staged_release_may_be_staged_again_until_it_is_published(settings: Settings) -> None:
    make_marts(settings, 1)
    stage_release(settings, "r1")
    make_marts(settings, 2)
    stage_release(settings, "r1")
    publish(settings, "r1")
    assert number(settings) == 2


def test_the_pointer_says_release_file_and_time(settings: Settings) -> None:
    make_marts(settings, 1)
    stage_release(settings, "r1")
    publish(settings, "r1")
    pointer = json.loads((settings.releases / "CURRENT").read_text(encoding="utf-8"))
    assert pointer.keys() == {"release", "file", "published_at"}
    assert pointer["file"] == "release_r1.duckdb"


def test_readers_never_see_half_a_pointer(settings: Settings) -> None:
    make_marts(settings, 1)
    stage_release(settings, "r0")
    stage_release(settings, "r1")
    publish(settings, "r0")
    seen: set[str] = set()
    faults: list[Exception] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                seen.add(current(settings).release)  # type: ignore[union-attr]
                number(settings)
            except Exception as fault:
                faults.append(fault)

    thread = threading.Thread(target=read)
    thread.start()
    for turn in range(40):
        publish(settings, f"r{turn % 2}")
    stop.set()
    thread.join()
    assert faults == []
    assert seen <= {"r0", "r1"}


def test_pruning_keeps_the_newest_and_always_the_current_one(settings: Settings) -> None:
    make_marts(settings, 1)
    for release in ("r1", "r2", "r3", "r4"):
        stage_release(settings, release)
    publish(settings, "r1")
    reading = reader(settings)
    gone = prune(settings, keep=2)
    assert [path.name for path in gone] == ["release_r2.duckdb"]
    assert {path.name for path in settings.releases.glob("*.duckdb")} == {
        "release_r1.duckdb",
        "release_r3.duckdb",
        "release_r4.duckdb",
    }
    publish(settings, "r4")
    assert [path.name for path in prune(settings, keep=1)] == [
        "release_r3.duckdb",
        "release_r1.duckdb",
    ]
    # Its file has no name any more; who has it open reads on.
    assert len(reading.execute("select n from marts.numbers").fetchall()) == 1
