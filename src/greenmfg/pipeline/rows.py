"""Rows of filings in force, read from the immutable files that the registry names."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from greenmfg.contract import Contract
from greenmfg.contract.arrow import parquet_schema
from greenmfg.registry import Filing
from greenmfg.settings import Settings


def rows_in_force(
    settings: Settings, contract: Contract, filings: Sequence[Filing]
) -> pa.Table | None:
    """Rows of filings in force: `subject`, `filing_period` and the contract's columns.

    Where newer rows replace older ones by key, only the newest of each key is left. `filings`
    are in the order in which they came into force. None where there are no filings.
    """
    if not filings:
        return None
    places = pa.table(
        {
            "file": pa.array([str(settings.rows / str(f.rows_path)) for f in filings], pa.string()),
            "subject": pa.array([f.subject for f in filings], pa.string()),
            "filing_period": pa.array([f.period for f in filings], pa.date32()),
            "position": pa.array(range(len(filings)), pa.int64()),
        }
    )
    files = list(dict.fromkeys(places["file"].to_pylist()))
    names = ", ".join(f"filed.{name}" for name in contract.names)
    newest = ""
    if contract.replaces == "key":
        key = ", ".join(f"filed.{name}" for name in contract.key)
        newest = f"""
          qualify row_number() over (
            partition by {key} order by place.position desc, filed.line desc) = 1"""
    with duckdb.connect(config={"temp_directory": settings.spill}) as connection:
        connection.register("places", places)
        connection.register("blank", parquet_schema(contract).empty_table())
        return connection.sql(
            f"""
            select filed.subject, filed.filing_period, {names}
            -- Files of before an upgrade may lack columns that the contract has since; they are blank.
            from (
              select * from blank union all by name
              select * from read_parquet($files, filename = true, union_by_name = true)
            ) as filed
            inner join places as place on place.file = filed.filename
              and place.subject = filed.subject
              and place.filing_period is not distinct from filed.filing_period
            {newest}
            order by place.position, filed.line
            """,
            params={"files": files},
        ).to_arrow_table()
