"""Groups of firms and single firms beside each other: parks, industries, firms to watch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from greenmfg.queries.overview import INTENSITY_TARGET, Grouping
from greenmfg.queries.rows import fetch

Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Group:
    """One group, year to date: intensity at constant price, its change and its weight."""

    key: str
    name_zh: str
    name_en: str
    intensity: float | None
    intensity_year_ago: float | None
    status: str
    reason: str | None
    energy_tce: Decimal | None
    energy_share: float | None
    target: float
    excess_tce: Decimal | None
    firms_due: int
    firms_filed: int
    rolling_12: list[float | None]


def groups(connection: Connection, grouping: Grouping, month: date, count: int = 24) -> list[Group]:
    """Groups of one kind, the largest excess energy first; `rolling_12` has `count` months.

    `excess_tce` is the group's energy above target × its own value added, negative below it;
    `energy_share` is the group's part of the energy of all groups.
    """
    return fetch(
        connection,
        Group,
        """
        with target as (
            select cast(target_high as double) as target, target_high
            from marts.target_progress
            where target_id = $target and month = $month
        ),

        now as (
            select *, cast(energy_tce as double) as energy
            from marts.group_months
            where grouping = $grouping and window_name = 'ytd' and month = $month
        ),

        before as (
            select group_key, intensity_constant_tce_per_10k_cny as intensity_year_ago
            from marts.group_months
            where
                grouping = $grouping and window_name = 'ytd'
                and month = cast($month - interval 1 year as date)
        ),

        -- A month's firms stand beside the ratio: who filed THIS month, not ever this year.
        filed as (
            select group_key, firms_due, firms_filed
            from marts.group_months
            where grouping = $grouping and window_name = 'month' and month = $month
        ),

        rolling as (
            select
                group_key,
                list(intensity_constant_tce_per_10k_cny order by month) as rolling_12
            from marts.group_months
            where
                grouping = $grouping and window_name = 'rolling_12'
                and month between cast($month - to_months($count - 1) as date) and $month
            group by group_key
        )

        select
            now.group_key as key, now.group_name_zh as name_zh, now.group_name_en as name_en,
            now.intensity_constant_tce_per_10k_cny as intensity, before.intensity_year_ago,
            now.status, now.reason, now.energy_tce,
            now.energy / nullif(sum(now.energy) over (), 0) as energy_share,
            target.target,
            now.energy_tce
            - cast(target.target_high * now.value_added_constant_10k_cny as decimal(28, 10))
                as excess_tce,
            coalesce(filed.firms_due, 0) as firms_due,
            coalesce(filed.firms_filed, 0) as firms_filed,
            rolling.rolling_12
        from now
        cross join target
        left join before on now.group_key = before.group_key
        left join filed on now.group_key = filed.group_key
        left join rolling on now.group_key = rolling.group_key
        order by excess_tce desc nulls last, now.group_key
        """,
        {
            "target": INTENSITY_TARGET,
            "grouping": grouping,
            "month": month,
            "count": count,
        },
    )


@dataclass(frozen=True)
class FirmToWatch:
    """One firm, year to date, beside the benchmark of its industry and the industry's quartiles.

    `over_benchmark_tce`: its energy above benchmark × own value added, negative below it.
    """

    uscc: str
    name: str
    park: str | None
    industry_code: str
    industry_zh: str
    industry_en: str
    intensity: float
    intensity_year_ago: float | None
    over_benchmark_tce: Decimal
    energy_tce: Decimal
    benchmark: float
    benchmark_basis: str
    tier: str | None
    industry_q1: float | None
    industry_q3: float | None
    industry_firms: int
    months: list[float | None]


_FIRMS = """
    with before as (
        select group_key as uscc, intensity_constant_tce_per_10k_cny as intensity_year_ago
        from marts.group_months
        where
            grouping = 'enterprise' and window_name = 'ytd'
            and month = cast($month - interval 1 year as date)
    ),

    course as (
        select
            group_key as uscc,
            list(intensity_constant_tce_per_10k_cny order by month) as months
        from marts.group_months
        where
            grouping = 'enterprise' and window_name = 'month'
            and month between cast($month - interval 23 month as date) and $month
        group by group_key
    )

    select
        firm.uscc, coalesce(firm.name, firm.uscc) as name, firm.park, firm.industry_code,
        firm.industry_name_zh as industry_zh, firm.industry_name_en as industry_en,
        firm.intensity_tce_per_10k_cny as intensity, before.intensity_year_ago,
        firm.energy_over_benchmark_tce as over_benchmark_tce, firm.energy_tce,
        firm.benchmark_tce_per_10k_cny as benchmark, firm.benchmark_basis, firm.tier,
        industry.q1_tce_per_10k_cny as industry_q1, industry.q3_tce_per_10k_cny as industry_q3,
        industry.firms_measured as industry_firms, course.months
    from marts.enterprise_benchmarks as firm
    inner join marts.industry_benchmarks as industry
        on
            firm.industry_code = industry.industry_code and firm.month = industry.month
            and firm.window_name = industry.window_name
    left join before on firm.uscc = before.uscc
    left join course on firm.uscc = course.uscc
    where firm.month = $month and firm.window_name = 'ytd' and firm.status = 'measured'
    order by firm.excess_rank
"""


def firms_to_watch(connection: Connection, month: date) -> list[FirmToWatch]:
    """Measured firms of the population by the energy they used above benchmark × value added.

    Excess, not intensity, ranks them: intensity alone only names heavy industry. Firms whose
    ratio cannot be measured are not ranked.
    """
    return fetch(connection, FirmToWatch, _FIRMS, {"month": month})
