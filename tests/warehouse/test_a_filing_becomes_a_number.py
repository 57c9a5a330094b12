"""From a filing to the number readers see, through real dbt: one firm's story, step by step."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from tests.indicators.cabinet import REPOSITORY, Cabinet, settings_in
from tests.indicators.golden import KWH, REGISTER, A

from greenmfg.warehouse import (
    BuildFailed,
    BuildSummary,
    build,
    current,
    publish,
    reader,
    stage_release,
)

FIRST, SECOND, THIRD = (datetime(2025, 2, day, tzinfo=UTC) for day in (3, 10, 17))
ENERGY = {"uscc": A, "period": "2025-01-01", "energy_item": "electricity", "unit": KWH}
OUTPUT = {"uscc": A, "period": "2025-01-01", "gross_output_10k_cny": "900"}


def energy(use: str) -> list[dict[str, str]]:
    return [{**ENERGY, "production_use": use}]


class Story:
    """A firm that files, corrects and withdraws; a release after each step."""

    def __init__(self, home: Path) -> None:
        self.cabinet = Cabinet(settings_in(home), date(2025, 2, 28))
        self.settings = self.cabinet.settings
        self.releases = 0

    def release(self, as_of: datetime | None = None) -> BuildSummary:
        self.cabinet.load(as_of)
        summary = build(self.settings)
        self.releases += 1
        stage_release(self.settings, f"r{self.releases}")
        publish(self.settings, f"r{self.releases}")
        return summary

    def energy_tce(self) -> Decimal | None:
        [(tce,)] = (
            reader(self.settings)
            .execute(
                "select energy_tce from marts.enterprise_months "
                "where uscc = ? and month = date '2025-01-01'",
                [A],
            )
            .fetchall()
        )
        return tce  # type: ignore[no-any-return]

    def marts(self) -> dict[str, list[tuple[object, ...]]]:
        cursor = reader(self.settings)
        tables = cursor.execute("select table_name from duckdb_tables()").fetchall()
        return {
            table: cursor.execute(f"from marts.{table} order by all").fetchall()
            for (table,) in tables
        }


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    told = Story(tmp_path_factory.mktemp("story"))
    told.cabinet.submit_reference()
    told.cabinet.submit("enterprise_register", REGISTER)
    told.cabinet.submit("output_monthly", [OUTPUT], received_at=FIRST)
    told.cabinet.submit("energy_monthly", energy("100"), received_at=FIRST)
    return told


# The tests of this module tell one story and run in its order: a build costs seconds.


def test_a_filing_becomes_a_number_that_readers_see(story: Story) -> None:
    project = set((REPOSITORY / "dbt_project").rglob("*"))
    summary = story.release()
    assert story.energy_tce() == Decimal("122.9")
    assert summary.models > 30
    assert summary.tests > 20
    assert summary.warnings == ()
    assert set((REPOSITORY / "dbt_project").rglob("*")) == project, (
        "the packaged project may be read-only: a build writes nothing into it"
    )


def test_the_workbench_is_free_for_another_process_after_a_build(story: Story) -> None:
    opened = subprocess.run(
        [sys.executable, "-c", "import duckdb, sys; duckdb.connect(sys.argv[1]).close()",
         str(story.settings.warehouse)],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert opened.returncode == 0, opened.stderr


def test_readers_read_on_while_the_writer_builds_and_publishes_a_correction(story: Story) -> None:
    old = next(f for f in story.cabinet.filings if f.form == "energy_monthly")
    story.cabinet.supersede(old, SECOND)
    story.cabinet.submit("energy_monthly", energy("110"), received_at=SECOND, version=2)
    seen: set[Decimal | None] = set()
    faults: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                seen.add(story.energy_tce())
            except Exception as fault:
                faults.append(fault)
            done.wait(0.02)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        story.release()
    finally:
        done.set()
        thread.join()
    assert faults == []
    assert seen <= {Decimal("122.9"), Decimal("135.19")}


def test_a_superseded_filing_has_left_the_marts(story: Story) -> None:
    assert story.energy_tce() == Decimal("135.19")
    rows = (
        reader(story.settings)
        .execute("select version, quantity from marts.lineage where form = 'energy_monthly'")
        .fetchall()
    )
    assert rows == [(2, Decimal("110"))]


def test_a_failed_data_test_raises_and_keeps_the_last_release(story: Story) -> None:
    before = current(story.settings)
    # No check would let it pass: coal slime without a coefficient of its own.
    slime = {**ENERGY, "period": "2025-02-01", "energy_item": "slime", "unit": "吨"}
    [filed] = story.cabinet.submit("energy_monthly", [{**slime, "production_use": "5"}])
    with pytest.raises(BuildFailed, match="not_null_enterprise_energy_months_coefficient_tce"):
        story.release()
    assert current(story.settings) == before
    assert story.energy_tce() == Decimal("135.19")
    story.cabinet.filings.remove(filed)


def test_a_warehouse_made_anew_gives_equal_marts(story: Story) -> None:
    story.release()
    kept = story.marts()
    story.settings.warehouse.unlink()
    story.release()
    assert story.marts() == kept


def test_as_of_an_earlier_moment_the_earlier_version_is_in_force(story: Story) -> None:
    story.release(as_of=datetime(2025, 2, 5, tzinfo=UTC))
    assert story.energy_tce() == Decimal("122.9")


def test_a_withdrawn_filing_leaves_the_month_without_energy(story: Story) -> None:
    correction = next(f for f in story.cabinet.filings if f.version == 2)
    story.cabinet.withdraw(correction, THIRD)
    story.release()
    assert story.energy_tce() is None
    [(reason,)] = (
        reader(story.settings)
        .execute(
            "select unmatched_reason from marts.enterprise_months "
            "where uscc = ? and month = date '2025-01-01'",
            [A],
        )
        .fetchall()
    )
    assert reason == "energy_missing"


def test_a_model_that_cannot_run_is_named_with_its_reason(story: Story) -> None:
    with duckdb.connect(str(story.settings.warehouse)) as connection:
        connection.execute("alter table filed.deflators rename column month to moon")
    with pytest.raises(BuildFailed, match=r"stg_deflators.*month"):
        build(story.settings)
