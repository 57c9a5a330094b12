"""One month of one enterprise: its arithmetic, and the filed rows behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from greenmfg.queries.rows import fetch, fetch_one

Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Arithmetic:
    """One month's sum: energy ÷ (value added ÷ deflator) = intensity, with the basis of each."""

    month: date
    energy_tce: Decimal | None
    value_added_10k_cny: Decimal | None
    value_added_basis: str | None
    deflator_index_2020_100: Decimal | None
    price_status: str | None
    value_added_constant_10k_cny: Decimal | None
    intensity: float | None
    status: str
    reason: str | None
    matched: bool
    unmatched_reason: str | None
    covered_by_february: bool
    nil_return: bool
    energy_months_covered: int | None
    gross_output_10k_cny: Decimal | None


def arithmetic(connection: Connection, uscc: str, month: date) -> Arithmetic | None:
    """How the month's ratio came about, or None if the release does not have the month."""
    return fetch_one(
        connection,
        Arithmetic,
        """
        select
            facts.month, facts.energy_tce, facts.value_added_10k_cny, facts.value_added_basis,
            facts.deflator_index_2020_100, facts.price_status,
            facts.value_added_constant_10k_cny,
            ratio.intensity_constant_tce_per_10k_cny as intensity,
            coalesce(ratio.status, 'not_measurable') as status, ratio.reason,
            coalesce(facts.matched, false) as matched, facts.unmatched_reason,
            coalesce(facts.covered_by_february, false) as covered_by_february,
            coalesce(facts.nil_return, false) as nil_return, facts.energy_months_covered,
            facts.gross_output_10k_cny
        from marts.enterprise_months as facts
        left join marts.group_months as ratio
            on
                ratio.grouping = 'enterprise' and ratio.window_name = 'month'
                and facts.uscc = ratio.group_key and facts.month = ratio.month
        where facts.uscc = $uscc and facts.month = $month
        """,
        {"uscc": uscc, "month": month},
    )


@dataclass(frozen=True)
class FiledRow:
    """One filed row behind a month's figures, as it stands in the file."""

    form: str
    line: int
    receipt: str
    file_name: str
    version: int
    energy_item: str | None
    item_name_zh: str | None
    item_name_en: str | None
    unit: str | None
    counted: bool | None
    quantity: Decimal | None
    coefficient_tce: Decimal | None
    coefficient_basis: str | None
    coefficient_edition: str | None
    coefficient_flagged: bool | None
    energy_tce: Decimal | None
    value_added_10k_cny: Decimal | None
    value_added_basis: str | None


def filed_rows(connection: Connection, uscc: str, month: date) -> list[FiledRow]:
    """The rows in force behind a month: the output report first, then energy in file order."""
    return fetch(
        connection,
        FiledRow,
        """
        select
            rows.form, rows.line, rows.receipt, rows.file_name, rows.version, rows.energy_item,
            items.item_name_zh, items.item_name_en, items.unit, rows.counted, rows.quantity,
            rows.coefficient_tce, rows.coefficient_basis, rows.coefficient_edition,
            items.coefficient_flagged, rows.energy_tce, rows.value_added_10k_cny,
            rows.value_added_basis
        from marts.lineage as rows
        left join marts.enterprise_energy_months as items
            on
                rows.uscc = items.uscc and rows.month = items.month
                and rows.energy_item = items.energy_item
        where rows.uscc = $uscc and rows.month = $month
        order by rows.form desc, rows.filing_id, rows.line
        """,
        {"uscc": uscc, "month": month},
    )


def filed_filings(connection: Connection, uscc: str, month: date) -> set[int]:
    """The filings whose rows stand behind a month."""
    found = connection.execute(
        "select distinct filing_id from marts.lineage where uscc = $uscc and month = $month",
        {"uscc": uscc, "month": month},
    ).fetchall()
    return {int(filing) for (filing,) in found}
