"""What every check found and passed, month by month, from filed files to the mart."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from homes import Home, electricity

from greenmfg.pipeline import releasing
from greenmfg.warehouse import reader

SCIENTIFIC = "9.13E+17"


@pytest.fixture
def counted(home: Home) -> duckdb.DuckDBPyConnection:
    """September passed everything; October has a wrong unit, and a row of a firm nobody can tell."""
    home.file_rows("energy_monthly", electricity("202609", "100", purchased="100"))
    home.file_rows("energy_monthly", electricity("202610", "100", purchased="100", unit="吨"))
    home.file_rows("energy_monthly", electricity("202610", "100", SCIENTIFIC, purchased="100"))
    home.run()
    releasing.build_and_publish(home.shop)
    return reader(home.settings)


def row(counted: duckdb.DuckDBPyConnection, check_id: str, month: str) -> dict[str, Any]:
    found = counted.execute(
        "select * from marts.check_months where check_id = ? and month = ?", [check_id, month]
    )
    names = [column[0] for column in found.description or ()]
    return dict(zip(names, found.fetchall()[0], strict=True))


def test_a_check_that_never_found_anything_passed_all_that_it_looked_at(
    home: Home, counted: duckdb.DuckDBPyConnection
) -> None:
    never = row(counted, "E102", "2026-09-01")
    assert (never["findings"], never["filings_checked"], never["pass_share"]) == (0, 1, 1)
    assert never["check_name"]
    asked = {c for c, in counted.execute(
        "select check_id from marts.check_months where month = '2026-09-01'").fetchall()}  # fmt: skip
    from greenmfg.pipeline.workshop import checker_of

    declared = checker_of(home.settings).rule_book.declared(home.shop.contracts["energy_monthly"])
    assert {check.id for check in declared} == asked


def test_a_month_with_a_finding_counts_the_filings_touched_and_failed(
    counted: duckdb.DuckDBPyConnection,
) -> None:
    unit = row(counted, "E101", "2026-10-01")
    assert (unit["severity"], unit["findings"], unit["filings_failed"]) == ("error", 1, 1)
    assert (unit["filings_checked"], unit["pass_share"]) == (1, 0)


def test_a_row_whose_firm_cannot_be_told_is_a_failed_file_and_no_filing(
    counted: duckdb.DuckDBPyConnection,
) -> None:
    code = row(counted, "C002", "2026-10-01")
    assert (code["filings_failed"], code["files_failed"], code["filings_checked"]) == (0, 1, 1)
    assert code["pass_share"] == 0.5
