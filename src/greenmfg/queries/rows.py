"""One way from a query to frozen nouns: the columns of the SQL are the fields of the noun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import duckdb

Noun = TypeVar("Noun")


def fetch(
    connection: duckdb.DuckDBPyConnection,
    noun: type[Noun],
    sql: str,
    parameters: Mapping[str, Any] | None = None,
) -> list[Noun]:
    """Every row as a `noun`.

    Raises:
        TypeError: the query's columns are not the noun's fields.
    """
    cursor = connection.execute(sql, dict(parameters or {}))
    names = [column[0] for column in cursor.description or ()]
    return [noun(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def fetch_one(
    connection: duckdb.DuckDBPyConnection,
    noun: type[Noun],
    sql: str,
    parameters: Mapping[str, Any] | None = None,
) -> Noun | None:
    """The one row there is, or None."""
    found = fetch(connection, noun, sql, parameters)
    if len(found) > 1:
        raise LookupError(f"expected one {noun.__name__}, found {len(found)}")
    return found[0] if found else None
