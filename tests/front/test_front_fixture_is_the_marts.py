"""The fixture must not drift from the marts the models build."""

from __future__ import annotations

from pathlib import Path

import duckdb
import yaml
from front_home import ROOT

MARTS = ROOT / "dbt_project" / "models" / "marts"


def _declared() -> dict[str, dict[str, str]]:
    declared = {}
    with duckdb.connect() as scratch:
        for path in sorted(MARTS.rglob("*.yml")):
            for model in yaml.safe_load(path.read_text("utf-8")).get("models", []):
                declared[model["name"]] = {
                    column["name"]: _duckdb_type(scratch, column["data_type"])
                    for column in model["columns"]
                    if "data_type" in column
                }
    return {name: columns for name, columns in declared.items() if columns}


def _duckdb_type(scratch: duckdb.DuckDBPyConnection, name: str) -> str:
    row = scratch.execute(f"select typeof(cast(null as {name}))").fetchone()
    assert row is not None
    return str(row[0])


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
    declared = _declared()
    assert set(fixture) <= set(declared)
    for table, columns in fixture.items():
        assert columns == declared[table], table
