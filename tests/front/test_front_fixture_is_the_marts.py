"""The fixture must not drift from the marts the models build."""

from __future__ import annotations

from pathlib import Path

import duckdb
from fixture_release import declared_marts


def test_the_fixture_has_the_columns_and_types_of_every_mart_the_front_reads() -> None:
    with duckdb.connect() as scratch:
        scratch.execute((Path(__file__).parent / "marts.sql").read_text("utf-8"))
        rows = scratch.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where schema_name = 'marts'"
        ).fetchall()
    fixture: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        fixture.setdefault(table, {})[column] = kind
    declared = declared_marts()
    assert set(fixture) <= set(declared)
    for table, columns in fixture.items():
        assert columns == declared[table], table
