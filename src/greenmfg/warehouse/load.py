"""Brings the schema `filed` up to date; what is there already is not read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

import duckdb

from greenmfg.contract.forms import Contract
from greenmfg.settings import Settings
from greenmfg.warehouse.inputs import CheckRow, ClockRow, FilingRow, FindingRow, RowsFile
from greenmfg.warehouse.lock import one_writer
from greenmfg.warehouse.schema import REGISTRY_TABLES, create_filed, workbench

# One statement reads this many Parquet files: their footers are held in memory together.
_FILES_PER_READ = 500


class LoadError(RuntimeError):
    """Rows that the registry says are in force cannot be found; the message names the filings."""


@dataclass(frozen=True)
class LoadSummary:
    """`filings_added` came newly into force; `filings_removed` are unknown to the registry now."""

    filings_added: int
    filings_removed: int
    rows_added: Mapping[str, int]
    filings: int
    findings: int


def load(
    settings: Settings,
    contracts: Mapping[str, Contract],
    filings: Sequence[FilingRow],
    rows_files: Mapping[str, RowsFile],
    findings: Sequence[FindingRow],
    checks: Sequence[CheckRow],
    clock: ClockRow,
    wait_seconds: float = 0.0,
) -> LoadSummary:
    """Makes `filed.*` say what the registry says, in one transaction.

    Takes ALL filings, findings and checks, and for every filing that was ever accepted the Parquet file
    of its submission (by receipt). Reads only the files of filings that are not there yet.

    Raises:
        WarehouseBusy: another process writes the workbench.
        WarehouseOutdated: the workbench was made under other contracts.
        LoadError: the rows of a filing cannot be found.
    """
    with one_writer(settings, "load", wait_seconds), workbench(settings) as connection:
        create_filed(connection, contracts)
        _rewrite(connection, "filings", filings)
        _rewrite(connection, "findings", findings)
        _rewrite(connection, "checks", checks)
        _rewrite(connection, "clock", [clock])
        removed = _remove_unknown(connection, contracts)
        added = _filings_to_add(connection)
        rows_added = {
            form: _add_rows(connection, contracts[form], members, rows_files)
            for form, members in added.items()
        }
    return LoadSummary(
        filings_added=sum(map(len, added.values())),
        filings_removed=removed,
        rows_added=rows_added,
        filings=len(filings),
        findings=len(findings),
    )


def _rewrite(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rows: Sequence[FilingRow | FindingRow | CheckRow | ClockRow],
) -> None:
    columns = REGISTRY_TABLES[table]
    # Imported here, as below: commands that only read a release must not wait for it.
    import pyarrow as pa

    # Aware times become UTC; naive ones are UTC already.
    types = {
        "bigint": pa.int64(),
        "integer": pa.int32(),
        "varchar": pa.string(),
        "date": pa.date32(),
        "boolean": pa.bool_(),
        "timestamp": pa.timestamp("us", tz="UTC"),
    }
    of_column = (
        zip(*map(attrgetter(*columns), rows), strict=True) if rows else ([] for _ in columns)
    )
    arrays = [
        pa.array(values, types[kind])
        for values, kind in zip(of_column, columns.values(), strict=True)
    ]
    incoming = pa.table(arrays, names=list(columns))
    for at, kind in enumerate(columns.values()):
        if kind == "timestamp":
            naive = incoming.column(at).cast(pa.timestamp("us"))
            incoming = incoming.set_column(at, incoming.column_names[at], naive)
    connection.execute(f"delete from filed.{table}")
    connection.register("incoming_rows", incoming)
    connection.execute(f"insert into filed.{table} by name select * from incoming_rows")
    connection.unregister("incoming_rows")


def _remove_unknown(
    connection: duckdb.DuckDBPyConnection, contracts: Mapping[str, Contract]
) -> int:
    """Deletes rows of filings that the registry does not know (any more) under this identity.

    A registry restored from a backup may give an old number to another filing.
    """
    unknown = connection.execute(
        """
        select filing_id, form from filed.loaded_filings as loaded
        where not exists (
            from filed.filings as filing
            where filing.filing_id = loaded.filing_id
              and filing.receipt = loaded.receipt
              and filing.form = loaded.form
              and filing.subject = loaded.subject
              and filing.period is not distinct from loaded.period
              and filing.accepted_at is not null
        )
        """
    ).fetchall()
    by_form: dict[str, list[int]] = {}
    for filing_id, form in unknown:
        by_form.setdefault(form, []).append(filing_id)
    for form, filing_ids in by_form.items():
        tables = ["loaded_filings", *([form] if form in contracts else [])]
        for table in tables:
            connection.execute(
                f'delete from filed."{table}" where list_contains(?, filing_id)', [filing_ids]
            )
    return len(unknown)


def _filings_to_add(
    connection: duckdb.DuckDBPyConnection,
) -> dict[str, list[tuple[int, str, str, object]]]:
    """Filings once in force whose rows are not there: form → (filing_id, receipt, subject, period)."""
    rows = connection.execute(
        """
        select form, filing_id, receipt, subject, period from filed.filings
        where accepted_at is not null
          and filing_id not in (select filing_id from filed.loaded_filings)
        order by form, receipt, filing_id
        """
    ).fetchall()
    by_form: dict[str, list[tuple[int, str, str, object]]] = {}
    for form, *filing in rows:
        by_form.setdefault(form, []).append(tuple(filing))
    return by_form


def _add_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    filings: Sequence[tuple[int, str, str, object]],
    rows_files: Mapping[str, RowsFile],
) -> int:
    missing = sorted({receipt for _, receipt, _, _ in filings if receipt not in rows_files})
    if missing:
        raise LoadError(
            f"缺少已核验数据文件 · no file of checked rows for receipts {', '.join(missing[:5])}"
            f" ({len(missing)} in all, form {contract.form})"
        )
    by_receipt: dict[str, list[tuple[int, str, str, object]]] = {}
    for filing in filings:
        by_receipt.setdefault(filing[1], []).append(filing)
    receipts = list(by_receipt)
    added = 0
    for start in range(0, len(receipts), _FILES_PER_READ):
        chosen = receipts[start : start + _FILES_PER_READ]
        members = [filing for receipt in chosen for filing in by_receipt[receipt]]
        added += _insert(connection, contract, members, rows_files)
    _mark_loaded(connection, contract)
    return added


def _insert(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    filings: Sequence[tuple[int, str, str, object]],
    rows_files: Mapping[str, RowsFile],
) -> int:
    ids, receipts, subjects, periods = zip(*filings, strict=True)
    import pyarrow as pa

    from greenmfg.contract.arrow import parquet_schema

    incoming = pa.table(
        {
            "filing_id": pa.array(ids, pa.int64()),
            "receipt": pa.array(receipts, pa.string()),
            "subject": pa.array(subjects, pa.string()),
            "filing_period": pa.array(periods, pa.date32()),
            "path": pa.array([rows_files[r].path for r in receipts], pa.string()),
            "file_name": pa.array([rows_files[r].file_name for r in receipts], pa.string()),
        }
    )
    names = ", ".join(f'"{name}"' for name in contract.names)
    values = ", ".join(_value(contract, name) for name in contract.names)
    connection.register("incoming_filings", incoming)
    connection.register("blank", parquet_schema(contract).empty_table())
    inserted = connection.execute(
        f"""
        insert into filed."{contract.form}" ({names}, filing_id, receipt, file_name, line)
        select {values}, incoming.filing_id, incoming.receipt, incoming.file_name, checked.line
        -- Files of before an upgrade may lack columns that the contract has since; they are blank.
        from (
          select * from blank union all by name
          select * from read_parquet(?, filename = 'checked_path', union_by_name = true)
        ) as checked
        join incoming_filings as incoming
          on incoming.path = checked.checked_path
         and incoming.subject = checked.subject
         and incoming.filing_period is not distinct from checked.filing_period
        """,
        [sorted({rows_files[receipt].path for receipt in receipts})],
    ).fetchall()
    connection.unregister("incoming_filings")
    connection.unregister("blank")
    return int(inserted[0][0])


def _value(contract: Contract, name: str) -> str:
    """A blank cell with a default in the contract is stored as that default, whoever reads it."""
    column = contract[name]
    if column.default is None:
        return f'checked."{name}"'
    text = column.default.replace("'", "''")
    return f"coalesce(checked.\"{name}\", cast('{text}' as {column.sql_type}))"


def _mark_loaded(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    connection.execute(
        f"""
        insert into filed.loaded_filings
        select filing_id, receipt, form, subject, period from filed.filings
        where form = ? and accepted_at is not null
          and filing_id not in (select filing_id from filed.loaded_filings)
          and filing_id in (select filing_id from filed."{contract.form}")
        """,
        [contract.form],
    )
    rowless = connection.execute(
        """
        select filing_id from filed.filings
        where form = ? and accepted_at is not null
          and filing_id not in (select filing_id from filed.loaded_filings)
        order by filing_id
        """,
        [contract.form],
    ).fetchall()
    if rowless:
        some = ", ".join(str(row[0]) for row in rowless[:5])
        raise LoadError(
            f"数据文件中找不到 · accepted filings without a row in their files: {some}"
            f" ({len(rowless)} in all, form {contract.form})"
        )
