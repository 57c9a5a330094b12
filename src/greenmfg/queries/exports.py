"""Exports: which marts go out, to whom, and as CSV that a spreadsheet opens without running it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

Connection = duckdb.DuckDBPyConnection

BOM = "\ufeff"
# Excel and WPS run a cell that begins like a formula, in full-width spelling too.
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
_ROWS_AT_ONCE = 5_000


class ExportRefused(LookupError):
    """No such export, or not for this reader: never told apart."""


class FilterRefused(ValueError):
    """A filter the mart does not have, or a value that is not one; the message says which."""


@dataclass(frozen=True)
class Export:
    """One mart as it goes out. `filters`: columns a reader may narrow it by.

    `tenant`: the column that says whose row it is. A mart without one never reaches a firm.
    """

    mart: str
    filters: tuple[str, ...]
    order: tuple[str, ...]
    tenant: str | None = None


_EXPORTS = (
    Export(
        "enterprise_months", ("uscc", "month", "park", "industry_code"), ("uscc", "month"), "uscc"
    ),
    Export(
        "enterprise_energy_months",
        ("uscc", "month", "energy_item"),
        ("uscc", "month", "energy_item"),
        "uscc",
    ),
    Export(
        "group_months",
        ("grouping", "group_key", "month", "window_name"),
        ("grouping", "group_key", "month", "window_name"),
    ),
    Export(
        "group_growth",
        ("grouping", "group_key", "month", "window_name"),
        ("grouping", "group_key", "month", "window_name"),
    ),
    Export(
        "intensity_drivers",
        ("grouping", "group_key", "month", "member_kind", "member_key", "effect"),
        ("grouping", "group_key", "month", "member_kind", "member_key", "effect"),
    ),
    Export(
        "energy_views",
        ("grouping", "group_key", "month", "window_name", "view"),
        ("grouping", "group_key", "month", "window_name", "view"),
    ),
    Export(
        "emission_views",
        ("grouping", "group_key", "month", "window_name", "purpose"),
        ("grouping", "group_key", "month", "window_name", "purpose"),
    ),
    Export("view_factors", ("purpose", "energy_item", "year"), ("purpose", "energy_item", "year")),
    Export(
        "energy_mix_months",
        ("grouping", "group_key", "month", "window_name", "energy_item"),
        ("grouping", "group_key", "month", "window_name", "energy_item"),
    ),
    Export("energy_mix_public", ("month", "energy_item"), ("month", "energy_item")),
    Export("target_progress", ("target_id", "month"), ("target_id", "month")),
    Export("plan_scoreboard", ("target_id", "month", "status"), ("month", "target_id")),
    Export("target_pace", ("target_id", "month"), ("target_id", "month")),
    Export("target_forecasts", ("target_id", "month"), ("target_id", "month")),
    Export("target_forecast_backtests", ("target_id", "month"), ("target_id", "month")),
    Export(
        "cleaner_production_audits",
        ("uscc", "park", "stream", "last_stage", "overdue"),
        ("uscc", "audit_round"),
        "uscc",
    ),
    Export("audit_progress_months", ("month",), ("month",)),
    Export(
        "audit_clocks",
        ("uscc", "stream", "stage", "state"),
        ("uscc", "audit_round", "stage_order"),
        "uscc",
    ),
    Export(
        "audit_events",
        ("uscc", "stream", "stage"),
        ("uscc", "audit_round", "event_date", "stage_order"),
        "uscc",
    ),
    Export("audit_stage_months", ("month", "stage", "stream"), ("month", "stage_order", "stream")),
    # A chance is drawn from other firms' rounds, and is the bureau's to know.
    Export("audit_forecasts", ("uscc", "month", "stage"), ("month", "uscc", "audit_round")),
    Export("audit_forecast_months", ("month",), ("month",)),
    Export("audit_savings", ("uscc", "stream", "status"), ("uscc", "audit_round"), "uscc"),
    Export("audit_savings_months", ("month", "window_name"), ("month", "window_name")),
    Export(
        "filing_coverage",
        ("uscc", "month", "form", "park", "state"),
        ("month", "uscc", "form"),
        "uscc",
    ),
    Export(
        "cross_form_facts", ("uscc", "month", "fact", "park"), ("month", "uscc", "fact"), "uscc"
    ),
    Export(
        "lineage", ("uscc", "month", "form"), ("uscc", "month", "form", "filing_id", "line"), "uscc"
    ),
    Export(
        "lineage_effects",
        ("uscc", "form", "mart", "figure"),
        ("form", "filing_id", "line", "mart", "figure", "grouping", "figure_key"),
        "uscc",
    ),
    # Quartiles and the district's values of others stand in these: bureau only.
    Export(
        "industry_benchmarks",
        ("industry_code", "month", "window_name"),
        ("industry_code", "month", "window_name"),
    ),
    Export(
        "enterprise_benchmarks",
        ("uscc", "month", "window_name", "park", "industry_code", "tier"),
        ("month", "window_name", "uscc"),
    ),
    Export(
        "resource_efficiency",
        ("uscc", "month", "park", "industry_code", "efficiency_class"),
        ("month", "uscc"),
    ),
    Export(
        "resource_efficiency_indicators",
        ("uscc", "month", "indicator"),
        ("month", "uscc", "indicator"),
    ),
    Export(
        "enterprise_quality_months",
        ("uscc", "month", "window_name", "park"),
        ("month", "window_name", "uscc"),
        "uscc",
    ),
    Export("check_months", ("check_id", "month"), ("check_id", "month")),
    Export("quality_months", ("month",), ("month",)),
    Export("release_facts", (), ("as_of",)),
)
EXPORTS: Mapping[str, Export] = {export.mart: export for export in _EXPORTS}


def export_for(mart: str, tenant: str | None) -> Export:
    """The export of that name. `tenant`: the one enterprise the reader may see, None: all.

    Raises:
        ExportRefused: there is none, or it is not for this reader.
    """
    export = EXPORTS.get(mart)
    if export is None or (tenant is not None and export.tenant is None):
        raise ExportRefused(mart)
    return export


def csv_chunks(
    connection: Connection,
    export: Export,
    tenant: str | None,
    filters: Mapping[str, str],
) -> Iterator[bytes]:
    """The mart as UTF-8 CSV with a BOM, in chunks. The tenant's filter cannot be widened.

    Raises (before the first chunk):
        FilterRefused: a filter is unknown, or its value does not parse.
    """
    conditions, parameters = _conditions(export, tenant, filters)
    where = f" where {' and '.join(conditions)}" if conditions else ""
    # Names come from this module's own table above, values travel as parameters.
    sql = f"select * from marts.{export.mart}{where} order by {', '.join(export.order)}"
    return csv_of(connection.execute(sql, parameters))


def csv_of(cursor: Connection) -> Iterator[bytes]:
    """What a query found, as UTF-8 CSV with a BOM, in chunks."""
    header = [column[0] for column in cursor.description or ()]
    yield (BOM + _lines([header])).encode()
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        yield _lines([[cell(value) for value in row] for row in rows]).encode()


def _lines(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def cell(value: object) -> str:
    """One value as a spreadsheet should read it: exact, and never run as a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            # Never in scientific notation: Excel would round it.
            return f"{value:f}"
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case date():
            return value.isoformat()
        case str():
            return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
        case _:
            return str(value)


def _conditions(
    export: Export, tenant: str | None, filters: Mapping[str, str]
) -> tuple[list[str], dict[str, Any]]:
    conditions: list[str] = []
    parameters: dict[str, Any] = {}
    for name, given in filters.items():
        if name not in export.filters:
            raise FilterRefused(f"{export.mart} cannot be narrowed by {name!r}")
        conditions.append(f"{name} = $filter_{name}")
        parameters[f"filter_{name}"] = _value(name, given)
    if tenant is not None:
        conditions.append(f"{export.tenant} = $tenant")
        parameters["tenant"] = tenant
    return conditions, parameters


def _value(name: str, given: str) -> object:
    if name == "month":
        try:
            year, month = given.split("-")
            return date(int(year), int(month), 1)
        except ValueError:
            raise FilterRefused(f"month={given!r}: expected a month such as 2026-10") from None
    if name == "overdue":
        if given not in ("true", "false"):
            raise FilterRefused(f"overdue={given!r}: expected true or false")
        return given == "true"
    return given
