"""What came into force is loaded once; what left it can be left out."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from tests.indicators.cabinet import Cabinet, settings_in
from tests.indicators.golden import ENERGY, OUTPUT, TODAY, A

from greenmfg.warehouse import LoadError, WarehouseBusy, WarehouseOutdated
from greenmfg.warehouse.lock import one_writer


@pytest.fixture
def cabinet(tmp_path: Path) -> Cabinet:
    filled = Cabinet(settings_in(tmp_path), TODAY)
    filled.submit("energy_monthly", ENERGY)
    filled.submit("output_monthly", OUTPUT)
    return filled


def contents(cabinet: Cabinet) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(cabinet.settings.warehouse), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'filed'"
        ).fetchall()
        return {
            table: connection.execute(f"from filed.{table} order by all").fetchall()
            for (table,) in tables
        }


def test_loading_twice_changes_nothing(cabinet: Cabinet) -> None:
    first = cabinet.load()
    before = contents(cabinet)
    again = cabinet.load()
    assert first.rows_added == {"energy_monthly": len(ENERGY), "output_monthly": len(OUTPUT)}
    assert (again.filings_added, again.filings_removed, again.rows_added) == (0, 0, {})
    assert contents(cabinet) == before


def test_rows_keep_their_file_receipt_and_line(cabinet: Cabinet) -> None:
    cabinet.load()
    with duckdb.connect(str(cabinet.settings.warehouse), read_only=True) as connection:
        rows = connection.execute(
            "select filing_id, receipt, file_name, line, production_use "
            "from filed.energy_monthly order by line limit 1"
        ).fetchall()
    assert [(row[0], row[1], row[2], row[3], str(row[4])) for row in rows] == [
        (1, "R000001", "energy_monthly.csv", 2, "120.500000")
    ]


def test_files_loaded_before_are_not_read_again(cabinet: Cabinet) -> None:
    cabinet.load()
    for rows_file in cabinet.rows_files.values():
        Path(rows_file.path).unlink()
    cabinet.submit("output_monthly", [{**OUTPUT[0], "period": "2024-11-01"}])
    assert cabinet.load().rows_added == {"output_monthly": 1}


def test_of_one_file_only_the_accepted_filings_are_loaded(tmp_path: Path) -> None:
    cabinet = Cabinet(settings_in(tmp_path), TODAY)
    filings = cabinet.submit("output_monthly", OUTPUT)
    returned = next(f for f in filings if f.subject == A)
    cabinet.filings[returned.filing_id - 1] = replace(returned, state="returned", accepted_at=None)
    summary = cabinet.load()
    assert summary.filings == len(filings)
    assert summary.rows_added == {"output_monthly": len(OUTPUT) - 1}


def test_a_superseded_filing_keeps_its_rows_for_as_of(cabinet: Cabinet) -> None:
    cabinet.load()
    cabinet.supersede(cabinet.filings[0], datetime(2025, 3, 1, tzinfo=UTC))
    summary = cabinet.load()
    assert (summary.filings_added, summary.filings_removed) == (0, 0)
    [state] = {row[6] for row in contents(cabinet)["filings"] if row[0] == 1}
    assert state == "superseded"


def test_a_blank_with_a_default_in_the_contract_is_stored_as_that_default(tmp_path: Path) -> None:
    cabinet = Cabinet(settings_in(tmp_path), TODAY)
    row = {"uscc": A, "period": "2025-01-01", "gross_output_10k_cny": "1"}
    cabinet.submit("output_monthly", [row])
    cabinet.load()
    with duckdb.connect(str(cabinet.settings.warehouse), read_only=True) as connection:
        stored = connection.execute(
            "select months_covered, nil_return, value_added_10k_cny from filed.output_monthly"
        ).fetchall()
    assert stored == [(1, False, None)]


def test_rows_of_a_filing_the_registry_no_longer_knows_go(cabinet: Cabinet) -> None:
    cabinet.load()
    gone = cabinet.filings.pop(0)
    # The number now belongs to another filing, as after a restored backup.
    other = {**OUTPUT[0], "period": "2024-11-01"}
    [filed] = cabinet.submit("output_monthly", [other])
    cabinet.filings[-1] = replace(filed, filing_id=gone.filing_id)
    summary = cabinet.load()
    assert (summary.filings_removed, summary.filings_added) == (1, 1)
    after = contents(cabinet)
    assert {row[1] for row in after["loaded_filings"] if row[0] == gone.filing_id} == {
        filed.receipt
    }
    assert len(after["energy_monthly"]) == len(ENERGY) - 3


def test_accepted_rows_that_cannot_be_found_are_an_error_and_nothing_changes(
    cabinet: Cabinet,
) -> None:
    cabinet.load()
    before = contents(cabinet)
    [filed] = cabinet.submit("output_monthly", [{**OUTPUT[0], "period": "2024-11-01"}])
    cabinet.filings[-1] = replace(filed, period=date(2024, 10, 1))
    with pytest.raises(LoadError, match=str(filed.filing_id)):
        cabinet.load()
    del cabinet.rows_files[filed.receipt]
    with pytest.raises(LoadError, match=filed.receipt):
        cabinet.load()
    assert contents(cabinet) == before


def test_a_workbench_of_other_contracts_is_refused_with_the_way_out(cabinet: Cabinet) -> None:
    cabinet.load()
    form = cabinet.contracts["output_monthly"]
    narrower = replace(form, columns=form.columns[:-1])
    cabinet.contracts["output_monthly"] = narrower
    with pytest.raises(WarehouseOutdated, match=r"note.*greenmfg rebuild"):
        cabinet.load()


def test_times_are_stored_in_utc(tmp_path: Path) -> None:
    cabinet = Cabinet(settings_in(tmp_path), TODAY)
    district = datetime.fromisoformat("2025-03-01T07:30:00+08:00")
    cabinet.submit("output_monthly", OUTPUT[:1], received_at=district)
    cabinet.load()
    assert contents(cabinet)["filings"][0][8] == datetime(2025, 2, 28, 23, 30)


def test_a_second_writer_is_told_who_is_writing(cabinet: Cabinet) -> None:
    cabinet.load()
    busy = pytest.raises(WarehouseBusy, match=f"build, process {os.getpid()}")
    with one_writer(cabinet.settings, "build"), busy:
        cabinet.load()
    assert cabinet.load().filings_added == 0


def test_a_writer_that_was_killed_leaves_no_lock(cabinet: Cabinet) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time\n"
            "from greenmfg.settings import Settings\n"
            "from greenmfg.warehouse.lock import one_writer\n"
            "settings = Settings.from_environment({'GREENMFG_HOME': sys.argv[1]})\n"
            "with one_writer(settings, 'load'):\n"
            "    print('held', flush=True)\n"
            "    time.sleep(60)\n",
            str(cabinet.settings.home),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WarehouseBusy, match=f"process {holder.pid}"):
            cabinet.load()
    finally:
        holder.kill()
        holder.wait()
    assert cabinet.load().filings_added > 0
