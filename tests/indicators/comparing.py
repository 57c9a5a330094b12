"""How a cell of a mart is held against the same cell worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import duckdb
import pytest

# The marts keep ten decimals; deflated values and ratios pass through a double once.
TENTH_DECIMAL = Decimal("0.000000001")
RELATIVE = Decimal("1e-12")


def records(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, object]]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def by_key(
    found: Sequence[dict[str, object]], key: Sequence[str]
) -> dict[tuple[object, ...], dict[str, object]]:
    return {tuple(record[name] for name in key): record for record in found}


def assert_equal(given: object, expected: object, where: str) -> None:
    if isinstance(expected, Decimal) and not isinstance(given, Decimal | float):
        pytest.fail(f"{where}: {given!r}, by hand {expected}")
    if isinstance(expected, Decimal) and isinstance(given, Decimal | float):
        off = abs(Decimal(given) - expected)
        limit = RELATIVE * abs(expected) + (0 if isinstance(given, float) else TENTH_DECIMAL)
        assert off <= limit, f"{where}: {given}, by hand {expected}"
    else:
        assert given == expected, f"{where}: {given!r}, by hand {expected!r}"
