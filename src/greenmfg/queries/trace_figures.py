"""Rows of the monthly forms: what a release made of each, and the figures of groups that hold it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from greenmfg.queries.explain import Window
from greenmfg.queries.rows import fetch, fetch_one
from greenmfg.registry import Filing


@dataclass(frozen=True)
class TracedFigure:
    """One figure that holds the row. `share` is the row's part of the figure's energy (of its
    value added at 2020 price, for an output row): a fraction of 1, None where the sum is not
    positive. Intensity in tce per 10,000 CNY at 2020 price."""

    grouping: str
    group_key: str
    group_name_zh: str
    group_name_en: str
    month: date
    window: Window
    status: str
    reason: str | None
    intensity: float | None
    energy_tce: Decimal | None
    energy_filed_tce: Decimal | None
    value_added_constant_10k_cny: Decimal | None
    value_added_filed_10k_cny: Decimal | None
    provisional: bool
    share: float | None


@dataclass(frozen=True)
class Conversion:
    """What the release made of a row in force, as `marts.lineage` has it: quantity in the item's
    unit, coefficient in tce per unit, value added in 10,000 CNY."""

    version: int
    energy_item: str | None
    quantity: Decimal | None
    coefficient_tce: Decimal | None
    coefficient_basis: str | None
    coefficient_edition: str | None
    energy_tce: Decimal | None
    counted: bool | None
    value_added_10k_cny: Decimal | None
    value_added_basis: str | None
    deflator_index_2020_100: Decimal | None
    value_added_constant_10k_cny: Decimal | None
    matched: bool
    unmatched_reason: str | None
    in_population: bool


def conversion_of(
    connection: duckdb.DuckDBPyConnection, filing: Filing, line: int
) -> Conversion | None:
    """What the release made of a filed row of a monthly form; None where it does not hold it."""
    return fetch_one(
        connection,
        Conversion,
        """
        select
            filed.version, filed.energy_item, filed.quantity, filed.coefficient_tce,
            filed.coefficient_basis, filed.coefficient_edition, filed.energy_tce, filed.counted,
            filed.value_added_10k_cny, filed.value_added_basis, filed.deflator_index_2020_100,
            case when filed.form = 'output_monthly'
                then firm.value_added_constant_10k_cny end as value_added_constant_10k_cny,
            filed.matched, firm.unmatched_reason, coalesce(firm.in_population, false)
                as in_population
        from marts.lineage as filed
        left join marts.enterprise_months as firm using (uscc, month)
        where filed.filing_id = $filing and filed.receipt = $receipt and filed.line = $line
        """,
        {"filing": filing.id, "receipt": filing.receipt, "line": line},
    )


_FIGURES = """
    with firm as (
        select * from marts.enterprise_months where uscc = $uscc and month = $month
    ),

    held_by as (
        select 'district' as grouping, null as group_key from firm where in_population
        union all select 'park', park from firm where in_population
        union all select 'industry', industry_code from firm where in_population
        union all select 'cluster', cluster from firm where in_population
        union all select 'town', town_code from firm where in_population
        union all select 'zone', coalesce(land_zone, 'unstated') from firm where in_population
        union all select 'enterprise', uscc from firm
    ),

    figure as (
        select
            figures.*, figures.window_name as "window",
            case when $energy then
                case when $matched then figures.energy_tce else figures.energy_filed_tce end
            else
                case when $matched then figures.value_added_constant_10k_cny
                else figures.value_added_filed_10k_cny end
            end as whole
        from held_by
        inner join marts.group_months as figures
            on held_by.grouping = figures.grouping
            and (held_by.grouping = 'district' or held_by.group_key = figures.group_key)
        where
            figures.month >= $month
            and ($every_window or figures.month = $month)
            and case figures.window_name
                when 'month' then figures.month = $month
                when 'ytd' then year(figures.month) = year(cast($month as date))
                else figures.month <= cast($month as date) + interval 11 month
            end
    )

    select
        grouping, group_key, group_name_zh, group_name_en, month, "window", status, reason,
        intensity_constant_tce_per_10k_cny as intensity, energy_tce, energy_filed_tce,
        value_added_constant_10k_cny, value_added_filed_10k_cny, provisional,
        case when whole > 0 then cast($part as double) / cast(whole as double) end as share
    from figure
    order by
        list_position(
            ['enterprise', 'district', 'park', 'industry', 'cluster', 'town', 'zone'], grouping
        ),
        list_position(['month', 'ytd', 'rolling_12'], "window"), month
"""


def figures_of(
    connection: duckdb.DuckDBPyConnection,
    filing: Filing,
    conversion: Conversion,
    every_window: bool,
) -> tuple[TracedFigure, ...]:
    """The figures of groups that hold the row, the enterprise's own first."""
    energy = filing.form == "energy_monthly"
    value_added = (
        conversion.value_added_constant_10k_cny
        if conversion.matched
        else conversion.value_added_10k_cny
    )
    return tuple(
        fetch(
            connection,
            TracedFigure,
            _FIGURES,
            {
                "uscc": filing.subject,
                "month": filing.period,
                "energy": energy,
                "matched": conversion.matched,
                "every_window": every_window,
                "part": conversion.energy_tce if energy else value_added,
            },
        )
    )
