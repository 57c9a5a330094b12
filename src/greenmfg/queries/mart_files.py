"""A mart of the current release as one file: CSV, XLSX or Parquet."""

from __future__ import annotations

import io
import tempfile
from datetime import date
from pathlib import Path

import duckdb

from greenmfg.queries.exports import EXPORTS, cell, csv_chunks, csv_of
from greenmfg.queries.publishing import public_query


class UnknownMart(LookupError):
    """There is no such mart, or it has no months to choose from; the message lists the marts."""


def mart_file(
    release: duckdb.DuckDBPyConnection, mart: str, kind: str, period: date | None = None
) -> bytes:
    """The mart, or one month of it.

    CSV and XLSX are for people: text that begins like a formula is neutralised. Parquet is for
    programs: typed and as it is.

    Raises:
        UnknownMart: no such mart, or `period` was given for one without months.
    """
    if mart not in EXPORTS:
        raise UnknownMart(f"{mart!r}: 可选 · choose from {', '.join(EXPORTS)}")
    export = EXPORTS[mart]
    if period is not None and "month" not in export.filters:
        raise UnknownMart(f"{mart} 没有月份 · has no months: 不要写 · leave out --period")
    filters = {"month": f"{period:%Y-%m}"} if period else {}
    if kind == "csv":
        return b"".join(csv_chunks(release, export, None, filters))
    where = "where month = $month" if period else ""
    sql = f"select * from marts.{mart} {where} order by {', '.join(export.order)}"
    parameters = {"month": period} if period else {}
    return (
        _parquet(release, sql, parameters) if kind == "parquet" else _xlsx(release, sql, parameters)
    )


def public_file(
    release: duckdb.DuckDBPyConnection, mart: str, kind: str, period: date | None = None
) -> bytes:
    """What of the mart may leave the bureau: see `publishing`.

    Raises:
        NotPublic: the mart never leaves the bureau.
    """
    sql, parameters = public_query(mart, period)
    if kind == "csv":
        return b"".join(csv_of(release.execute(sql, parameters)))
    return (
        _parquet(release, sql, parameters) if kind == "parquet" else _xlsx(release, sql, parameters)
    )


def _parquet(release: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, date]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mart.parquet"
        release.sql(sql, params=parameters).write_parquet(str(path))
        return path.read_bytes()


def _xlsx(release: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, date]) -> bytes:
    from openpyxl import Workbook

    cursor = release.execute(sql, parameters)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.append([column[0] for column in cursor.description or ()])
    while rows := cursor.fetchmany(5_000):
        for row in rows:
            # Numbers and dates stay what they are; text goes through the same guard as CSV.
            sheet.append([cell(value) if isinstance(value, str) else value for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
