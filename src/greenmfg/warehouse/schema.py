"""The schema `filed` of the workbench, created from the contracts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb

from greenmfg.contract.forms import Contract
from greenmfg.settings import Settings

# What every table of filed rows carries beside the contract's own columns.
PROVENANCE = {
    "filing_id": "bigint",
    "receipt": "varchar",
    "file_name": "varchar",
    "line": "bigint",
}

REGISTRY_TABLES: Mapping[str, Mapping[str, str]] = {
    "filings": {
        "filing_id": "bigint",
        "receipt": "varchar",
        "form": "varchar",
        "subject": "varchar",
        "period": "date",
        "months_covered": "integer",
        "state": "varchar",
        "version": "integer",
        "received_at": "timestamp",
        "decided_at": "timestamp",
        "returned_at": "timestamp",
        "accepted_at": "timestamp",
        "superseded_at": "timestamp",
        "withdrawn_at": "timestamp",
    },
    "findings": {
        "receipt": "varchar",
        "filing_id": "bigint",
        "check_id": "varchar",
        "severity": "varchar",
        "line": "bigint",
        "column_name": "varchar",
        "period": "date",
        "received_at": "timestamp",
        "found_at": "timestamp",
    },
    "checks": {
        "form": "varchar",
        "check_id": "varchar",
        "name": "varchar",
        "severity": "varchar",
    },
    "clock": {"today": "date", "demonstration": "boolean", "as_of": "timestamp"},
    # Which filings' rows lie in the tables of filed rows: what a load need not read again.
    "loaded_filings": {
        "filing_id": "bigint",
        "receipt": "varchar",
        "form": "varchar",
        "subject": "varchar",
        "period": "date",
    },
}

# Written whole by every load: with other columns they are simply made anew.
_REWRITTEN = frozenset({"filings", "findings", "checks", "clock"})


class WarehouseOutdated(RuntimeError):
    """The workbench was made under other contracts; it is derived, so it can be made anew."""


@contextmanager
def workbench(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The workbench open for writing, in one transaction that is kept only if all went well."""
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        str(settings.warehouse),
        config={"memory_limit": settings.duckdb_memory, "threads": settings.duckdb_threads},
    )
    try:
        connection.begin()
        yield connection
        connection.commit()
    finally:
        connection.close()


def create_filed(connection: duckdb.DuckDBPyConnection, contracts: Mapping[str, Contract]) -> None:
    """Creates what is missing of the schema `filed`.

    Raises:
        WarehouseOutdated: a table is there with other columns or types than its contract's.
    """
    connection.execute("create schema if not exists filed")
    wanted = {name: dict(columns) for name, columns in REGISTRY_TABLES.items()}
    wanted |= {form: filed_columns(contract) for form, contract in contracts.items()}
    present = _present(connection)
    for table, columns in wanted.items():
        if table in _REWRITTEN and present.get(table, columns) != columns:
            connection.execute(f'drop table filed."{table}" cascade')
            del present[table]
        if table not in present:
            body = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            connection.execute(f'create table filed."{table}" ({body})')
        elif present[table] != columns:
            changed = sorted(dict(present[table].items() ^ columns.items()))
            raise WarehouseOutdated(
                f"仓库表 filed.{table} 与报表合同不一致 · differs from its contract in: "
                f"{', '.join(changed)}. 请重建仓库 · make it anew with `greenmfg rebuild`."
            )


def filed_columns(contract: Contract) -> dict[str, str]:
    """Columns of `filed.<form>`: the contract's, then where each row came from."""
    return {column.name: column.sql_type for column in contract.columns} | PROVENANCE


def _present(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    rows = connection.execute(
        "select table_name, column_name, lower(data_type) from duckdb_columns() "
        "where schema_name = 'filed' and database_name = current_database() "
        "order by table_name, column_index"
    ).fetchall()
    present: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        present.setdefault(table, {})[column] = kind
    return present
