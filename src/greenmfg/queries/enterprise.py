"""What the enterprise page asks of a release. Whoever calls has checked whose enterprise it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import duckdb

from greenmfg.queries.overview import INTENSITY_TARGET
from greenmfg.queries.rows import fetch, fetch_one

Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class EnterpriseName:
    uscc: str
    name: str
    park: str | None
    in_population: bool


def enterprises(connection: Connection) -> list[EnterpriseName]:
    """Every enterprise that is registered or ever filed, under its newest name."""
    return fetch(
        connection,
        EnterpriseName,
        """
        select
            uscc, coalesce(max_by(name, month), uscc) as name, max_by(park, month) as park,
            coalesce(max_by(in_population, month), false) as in_population
        from marts.enterprise_months
        group by uscc
        order by name, uscc
        """,
    )


@dataclass(frozen=True)
class Profile:
    """The register's words on an enterprise in one month (the nearest one not after it)."""

    uscc: str
    month: date
    name: str | None
    industry_code: str | None
    industry_name_zh: str | None
    industry_name_en: str | None
    cluster: str | None
    park: str | None
    town_name_zh: str | None
    town_name_en: str | None
    land_zone: str | None
    river_strip: bool | None
    above_scale: bool | None
    in_population: bool
    employees: int | None
    last_filed: date | None


def profile(connection: Connection, uscc: str, month: date) -> Profile | None:
    """Who the enterprise is, or None if no month up to this one knows it."""
    return fetch_one(
        connection,
        Profile,
        """
        select
            uscc, month, name, industry_code, industry_name_zh, industry_name_en, cluster,
            park, town_name_zh, town_name_en, land_zone, river_strip, above_scale,
            in_population, employees,
            (
                select max(filed.month)
                from marts.enterprise_months as filed
                where filed.uscc = $uscc and (filed.energy_filed or filed.output_filed)
            ) as last_filed
        from marts.enterprise_months
        where uscc = $uscc and month <= $month
        order by month desc
        limit 1
        """,
        {"uscc": uscc, "month": month},
    )


@dataclass(frozen=True)
class Standing:
    """An enterprise's ratio in one window of one month, beside the district's target.

    `excess_tce`: energy above target × own value added; None outside the population.
    """

    window_name: str
    energy_tce: Decimal | None
    value_added_current_10k_cny: Decimal | None
    value_added_constant_10k_cny: Decimal | None
    intensity: float | None
    intensity_current: float | None
    status: str
    reason: str | None
    price_status: str | None
    provisional: bool
    firm_months_due: int
    firm_months_matched: int
    target: float
    target_year: int | None
    excess_tce: Decimal | None
    intensity_year_ago: float | None
    energy_year_ago: Decimal | None
    value_added_year_ago: Decimal | None


def standings(connection: Connection, uscc: str, month: date) -> dict[str, Standing]:
    """By window (`month`, `ytd`, `rolling_12`); a window the release lacks is not there."""
    found = fetch(
        connection,
        Standing,
        """
        select
            now.window_name, now.energy_tce, now.value_added_current_10k_cny,
            now.value_added_constant_10k_cny,
            now.intensity_constant_tce_per_10k_cny as intensity,
            now.intensity_current_tce_per_10k_cny as intensity_current,
            now.status, now.reason, now.price_status, now.provisional, now.firm_months_due,
            now.firm_months_matched, cast(target.target_high as double) as target,
            target.target_year,
            benchmark.energy_over_target_tce as excess_tce,
            before.intensity_constant_tce_per_10k_cny as intensity_year_ago,
            before.energy_tce as energy_year_ago,
            before.value_added_constant_10k_cny as value_added_year_ago
        from marts.group_months as now
        inner join marts.target_progress as target
            on now.month = target.month and target.target_id = $target
        left join marts.enterprise_benchmarks as benchmark
            on
                now.group_key = benchmark.uscc and now.month = benchmark.month
                and now.window_name = benchmark.window_name
        left join marts.group_months as before
            on
                now.grouping = before.grouping and now.group_key = before.group_key
                and now.window_name = before.window_name
                and before.month = cast(now.month - interval 1 year as date)
        where
            now.grouping = 'enterprise' and now.group_key = $uscc and now.month = $month
        """,
        {"uscc": uscc, "month": month, "target": INTENSITY_TARGET},
    )
    return {standing.window_name: standing for standing in found}


@dataclass(frozen=True)
class MonthBar:
    """One month of the chart. `unmatched_reason`: why there is no ratio of filed facts."""

    month: date
    intensity: float | None
    energy_tce: Decimal | None
    value_added_constant_10k_cny: Decimal | None
    status: str
    reason: str | None
    unmatched_reason: str | None
    covered_by_february: bool
    nil_return: bool


def month_bars(connection: Connection, uscc: str, month: date, count: int = 36) -> list[MonthBar]:
    """The enterprise's months up to and with `month`, oldest first."""
    return fetch(
        connection,
        MonthBar,
        """
        select
            facts.month, ratio.intensity_constant_tce_per_10k_cny as intensity,
            facts.energy_tce, facts.value_added_constant_10k_cny,
            coalesce(ratio.status, 'not_measurable') as status, ratio.reason,
            facts.unmatched_reason,
            coalesce(facts.covered_by_february, false) as covered_by_february,
            coalesce(facts.nil_return, false) as nil_return
        from marts.enterprise_months as facts
        left join marts.group_months as ratio
            on
                ratio.grouping = 'enterprise' and ratio.window_name = 'month'
                and facts.uscc = ratio.group_key and facts.month = ratio.month
        where
            facts.uscc = $uscc
            and facts.month between cast($month - to_months($count - 1) as date) and $month
        order by facts.month
        """,
        {"uscc": uscc, "month": month, "count": count},
    )


@dataclass(frozen=True)
class MixItem:
    energy_item: str
    name_zh: str
    name_en: str
    unit: str
    quantity: Decimal
    energy_tce: Decimal
    share: float | None


def energy_mix(connection: Connection, uscc: str, month: date) -> list[MixItem]:
    """Counted energy from January to `month` by item, the largest first."""
    return fetch(
        connection,
        MixItem,
        """
        select
            energy_item, any_value(item_name_zh) as name_zh, any_value(item_name_en) as name_en,
            any_value(unit) as unit, cast(sum(quantity) as decimal(28, 6)) as quantity,
            cast(sum(energy_tce) as decimal(28, 10)) as energy_tce,
            cast(sum(energy_tce) as double)
            / nullif(sum(cast(sum(energy_tce) as double)) over (), 0) as share
        from marts.enterprise_energy_months
        where
            uscc = $uscc and counted
            and month between cast(date_trunc('year', $month) as date) and $month
        group by energy_item
        order by energy_tce desc, energy_item
        """,
        {"uscc": uscc, "month": month},
    )


@dataclass(frozen=True)
class FilingMonth:
    month: date
    form: str
    state: str
    satisfied_by: str | None
    due_on: date
    first_received_at: datetime | None
    days_late: int | None


def filing_history(
    connection: Connection, uscc: str, month: date, count: int = 12
) -> list[FilingMonth]:
    """The two monthly forms over the months up to `month`, newest first."""
    return fetch(
        connection,
        FilingMonth,
        """
        select month, form, state, satisfied_by, due_on, first_received_at, days_late
        from marts.filing_coverage
        where
            uscc = $uscc
            and month between cast($month - to_months($count - 1) as date) and $month
        order by month desc, form
        """,
        {"uscc": uscc, "month": month, "count": count},
    )


@dataclass(frozen=True)
class AuditRound:
    audit_round: str
    stream: str | None
    last_stage_zh: str | None
    last_stage_en: str | None
    last_stage_on: date | None
    next_stage_zh: str | None
    next_stage_en: str | None
    next_due_on: date | None
    days_left: int | None
    overdue: bool | None
    counts_toward_target: bool | None


def audit_rounds(connection: Connection, uscc: str) -> list[AuditRound]:
    """The enterprise's cleaner-production audits, the newest round first."""
    return fetch(
        connection,
        AuditRound,
        """
        select
            audit_round, stream, last_stage_name_zh as last_stage_zh,
            last_stage_name_en as last_stage_en, last_stage_on,
            next_stage_name_zh as next_stage_zh, next_stage_name_en as next_stage_en,
            next_due_on, days_left, overdue, counts_toward_target
        from marts.cleaner_production_audits
        where uscc = $uscc
        order by audit_round desc
        """,
        {"uscc": uscc},
    )


@dataclass(frozen=True)
class Peers:
    """The enterprise, year to date, beside the firms of its industry.

    What says more of others than a firm may know is withheld in the mart's own words:
    `ratio_withheld` (the industry's ratio), `quartiles_withheld`, `place_withheld` (its own place
    and colour among them). The bureau sees all.
    """

    industry_code: str
    industry_zh: str
    industry_en: str
    ratio: float | None
    firms: int
    ratio_withheld: str | None
    firms_measured: int
    q1: float | None
    median: float | None
    q3: float | None
    quartiles_withheld: str | None
    intensity: float | None
    reason: str | None
    benchmark: float | None
    benchmark_basis: str | None
    over_benchmark_tce: Decimal | None
    rank: int | None
    tier: str | None
    below_share: float | None
    place_withheld: str | None


def peers(connection: Connection, uscc: str, month: date) -> Peers | None:
    """The enterprise among its peers, or None outside the population of the month."""
    return fetch_one(
        connection,
        Peers,
        """
        select
            industry.industry_code, industry.industry_name_zh as industry_zh,
            industry.industry_name_en as industry_en,
            industry.aggregate_tce_per_10k_cny as ratio, industry.firms_summed as firms,
            industry.aggregate_suppressed_reason as ratio_withheld, industry.firms_measured,
            industry.q1_tce_per_10k_cny as q1, industry.median_tce_per_10k_cny as median,
            industry.q3_tce_per_10k_cny as q3,
            industry.quartiles_suppressed_reason as quartiles_withheld,
            firm.intensity_tce_per_10k_cny as intensity, firm.reason,
            firm.benchmark_tce_per_10k_cny as benchmark, firm.benchmark_basis,
            firm.energy_over_benchmark_tce as over_benchmark_tce, firm.excess_rank as rank,
            firm.tier, firm.peers_below_share as below_share,
            firm.peers_suppressed_reason as place_withheld
        from marts.enterprise_benchmarks as firm
        inner join marts.industry_benchmarks as industry
            on
                firm.industry_code = industry.industry_code and firm.month = industry.month
                and firm.window_name = industry.window_name
        where firm.uscc = $uscc and firm.month = $month and firm.window_name = 'ytd'
        """,
        {"uscc": uscc, "month": month},
    )
