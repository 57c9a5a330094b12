"""What the pages ask about facts across two forms. Months are first-of-month dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from greenmfg.queries.rows import fetch


@dataclass(frozen=True)
class CrossFormFact:
    """`energy_tce`: tce filed for the month, where any is. `past_due`: no form may still come."""

    uscc: str
    name: str
    park: str | None
    month: date
    fact: str
    past_due: bool
    energy_tce: Decimal | None


def facts_of_enterprise(
    connection: duckdb.DuckDBPyConnection, uscc: str, month: date, count: int = 12
) -> list[CrossFormFact]:
    """An enterprise's facts in the months up to and with `month`, oldest first."""
    return fetch(
        connection,
        CrossFormFact,
        """
        select uscc, coalesce(name, uscc) as name, park, month, fact, past_due, energy_tce
        from marts.cross_form_facts
        where
            uscc = $uscc
            and month between cast($month - to_months($count - 1) as date) and $month
        order by month, fact
        """,
        {"uscc": uscc, "month": month, "count": count},
    )


def facts_of_month(connection: duckdb.DuckDBPyConnection, month: date) -> list[CrossFormFact]:
    """Every enterprise's facts of one month."""
    return fetch(
        connection,
        CrossFormFact,
        """
        select uscc, coalesce(name, uscc) as name, park, month, fact, past_due, energy_tce
        from marts.cross_form_facts
        where month = $month
        order by fact, uscc
        """,
        {"month": month},
    )
