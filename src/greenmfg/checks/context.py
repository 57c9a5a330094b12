"""The tables that features join: reference rows in force in each month of the batch, and the register."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from greenmfg.checks.world import World
from greenmfg.contract import Contract
from greenmfg.records import ReferenceRows

_REFERENCE = (
    "energy_coefficients",
    "check_parameters",
    "unit_scales",
    "audit_stages",
    "filing_calendar",
)

# Each holds the newest row valid in each month of the batch: a parameter's value is dated.
_IN_FORCE = """
  {table}.valid_from <= last_day(month.period)
  and coalesce({table}.valid_to, date '9999-12-31') >= month.period
"""


def lay_out_reference(database: duckdb.DuckDBPyConnection, world: World) -> None:
    """Reference tables as text under their own names with `_text`, and what needs no month."""
    for name in _REFERENCE:
        _as_text(database, f"{name}_text", world.reference[name])
    database.execute(
        f"create or replace table today as select date '{world.today}' as today,"
        f" {str(world.register_known).lower()} as register_known"
    )
    database.execute(
        """
        create or replace table unit_scales as
        select given_unit, form_unit, cast(factor as decimal(19, 6)) as factor
        from unit_scales_text;
        create or replace table stages as
        select form_stage, min(cast(stage_order as integer)) as stage_order,
          min(entered_by) as entered_by, bool_or(form_result is not null) as wants_result
        from audit_stages_text group by form_stage;
        """
    )
    _lay_out_register(database, world.register)


def lay_out_months(database: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """`items_then`, `limits`, `price_bounds` and `openings` for every month of `typed`."""
    if contract.kind != "monthly" or contract.period is None:
        return
    database.execute(
        f"""
        create or replace table months as
        select distinct {contract.period} as period from typed where {contract.period} is not null;
        create or replace table parameters_then as
        select month.period, parameter.parameter, cast(parameter.value as double) as value
        from months as month
        inner join (
          select parameter, value, cast(valid_from as date) as valid_from,
            cast(valid_to as date) as valid_to
          from check_parameters_text
        ) as parameter on {_IN_FORCE.format(table="parameter")}
        qualify row_number() over (
          partition by month.period, parameter.parameter order by parameter.valid_from desc) = 1;
        create or replace table items_then as
        select month.period, item.*
        from months as month
        inner join (
          select item_code, form_name_zh, form_unit, own_coefficient, part_of,
            cast(own_low as decimal(16, 12)) as own_low,
            cast(own_high as decimal(16, 12)) as own_high,
            cast(carries_stock as integer) as carries_stock,
            cast(valid_from as date) as valid_from, cast(valid_to as date) as valid_to
          from energy_coefficients_text where reportable = '1'
        ) as item on {_IN_FORCE.format(table="item")}
        qualify row_number() over (
          partition by month.period, item.item_code order by item.valid_from desc) = 1;
        create or replace table price_bounds as
        select period, split_part(parameter, ':', 2) as item_code,
          max(value) filter (where parameter like 'price_low:%') as low,
          max(value) filter (where parameter like 'price_high:%') as high
        from parameters_then where parameter like 'price_%:%' group by all;
        """
    )
    database.execute(
        """
        create or replace table registered_months as
        select filed.uscc, filed.period, count(*) as spans
        from (select distinct uscc, period from typed) as filed
        inner join register_spans as span on span.uscc = filed.uscc
          and filed.period >= span.valid_from
          and filed.period <= coalesce(span.valid_to, date '9999-12-01')
        group by all;
        create or replace table spreads as
        select submission, uscc, period,
          max(months_covered) - min(months_covered) as months_covered_spread
        from typed group by all having count(*) > 1;
        """
    )
    _lay_out_limits(database)
    database.execute(
        """
        create or replace table openings as
        select form.form, limits.period, coalesce(cast(calendar.opens_on as date),
          cast(last_day(limits.period)
            - to_days(cast(limits.filing_opens_days_before_month_end as integer)) as date)
          ) as opens_on
        from limits
        cross join (values ('energy_monthly'), ('output_monthly')) as form(form)
        left join filing_calendar_text as calendar
          on calendar.form = form.form and cast(calendar.period as date) = limits.period
        """
    )


def _lay_out_limits(database: duckdb.DuckDBPyConnection) -> None:
    names = [
        name
        for (name,) in database.execute(
            "select distinct parameter from check_parameters_text"
            " where not contains(parameter, ':') order by all"
        ).fetchall()
    ]
    columns = ", ".join(f"max(value) filter (where parameter = '{n}') as {n}" for n in names)
    database.execute(
        f"""
        create or replace table limits as
        select month.period, {columns}
        from months as month left join parameters_then as p on p.period = month.period
        group by month.period
        """
    )


def _lay_out_register(database: duckdb.DuckDBPyConnection, register: pa.Table | None) -> None:
    empty = pa.table(
        {
            "uscc": pa.array([], pa.string()),
            "valid_from": pa.array([], pa.date32()),
            "valid_to": pa.array([], pa.date32()),
        }
    )
    rows = empty if register is None else register.select(["uscc", "valid_from", "valid_to"])
    database.register("register_rows", rows)
    database.execute(
        """
        create or replace table register_spans as
        select uscc, valid_from, coalesce(valid_to, cast(
          lead(valid_from) over (partition by uscc order by valid_from) - to_months(1) as date
          )) as valid_to
        from register_rows;
        create or replace table registered as
        select uscc, count(*) as spans, strftime(min(valid_from), '%Y-%m') || ' – '
          || coalesce(strftime(max(coalesce(valid_to, date '9999-12-01')), '%Y-%m'), '') as validity
        from register_spans group by uscc;
        update registered set validity = replace(validity, '9999-12', '…');
        """
    )
    database.unregister("register_rows")


def _as_text(database: duckdb.DuckDBPyConnection, name: str, rows: ReferenceRows) -> None:
    columns: Iterable[str] = rows[0].keys() if rows else _EMPTY_COLUMNS[name]
    table = pa.table({c: pa.array([row[c] for row in rows], pa.string()) for c in columns})
    database.register("reference_rows", table)
    database.execute(f"create or replace table {name} as select * from reference_rows")
    database.unregister("reference_rows")


# Tables that may be empty; their columns cannot be read off a row.
_EMPTY_COLUMNS = {"filing_calendar_text": ("period", "form", "opens_on", "due_on", "source")}
