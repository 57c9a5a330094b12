"""Industries and firms against benchmarks, and the resource-efficiency score, for the bureau."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import duckdb

from greenmfg.queries.rows import fetch, fetch_one

Connection = duckdb.DuckDBPyConnection
BenchmarkWindow = Literal["ytd", "rolling_12"]
Tier = Literal["green", "yellow", "orange", "red"]
EfficiencyClass = Literal["A", "B", "C", "D"]
Indicator = Literal[
    "value_added_per_energy", "tax_per_land", "output_per_land", "value_added_per_employee"
]


@dataclass(frozen=True)
class IndustryBenchmark:
    """Quartiles of the measured firms' own intensities, and the ratio of sums; tce per 10,000 CNY.

    `quartiles_withheld`, `ratio_withheld`: why these must not leave the bureau. `excess_tce`: what
    the industry's firms used above their benchmarks; tiers count its firms by colour.
    """

    industry_code: str
    name_zh: str | None
    name_en: str | None
    firms: int
    firms_measured: int
    q1: float | None
    median: float | None
    q3: float | None
    ratio: float | None
    ratio_reason: str | None
    ratio_withheld: str | None
    quartiles_withheld: str | None
    green: int
    yellow: int
    orange: int
    red: int
    excess_tce: Decimal
    price_status: str | None


def industry_benchmarks(
    connection: Connection, month: date, window: BenchmarkWindow
) -> list[IndustryBenchmark]:
    """Every industry of the month, the largest excess first."""
    return fetch(
        connection,
        IndustryBenchmark,
        """
        with firms as (
            select
                industry_code,
                count_if(tier = 'green') as green, count_if(tier = 'yellow') as yellow,
                count_if(tier = 'orange') as orange, count_if(tier = 'red') as red,
                sum(excess_tce) as excess_tce
            from marts.enterprise_benchmarks
            where month = $month and window_name = $window
            group by industry_code
        )

        select
            industry.industry_code, industry.industry_name_zh as name_zh,
            industry.industry_name_en as name_en, industry.firms, industry.firms_measured,
            industry.q1_tce_per_10k_cny as q1, industry.median_tce_per_10k_cny as median,
            industry.q3_tce_per_10k_cny as q3, industry.aggregate_tce_per_10k_cny as ratio,
            industry.aggregate_reason as ratio_reason,
            industry.aggregate_suppressed_reason as ratio_withheld,
            industry.quartiles_suppressed_reason as quartiles_withheld,
            coalesce(firms.green, 0) as green, coalesce(firms.yellow, 0) as yellow,
            coalesce(firms.orange, 0) as orange, coalesce(firms.red, 0) as red,
            coalesce(firms.excess_tce, 0) as excess_tce, industry.price_status
        from marts.industry_benchmarks as industry
        left join firms on industry.industry_code = firms.industry_code
        where industry.month = $month and industry.window_name = $window
        order by excess_tce desc, industry.industry_code
        """,
        {"month": month, "window": window},
    )


@dataclass(frozen=True)
class FirmBenchmark:
    """One firm beside its benchmark (tce per 10,000 CNY), and its resource-efficiency result.

    `excess_tce` is energy above the benchmark, 0 below it; `over_tce` keeps the sign.
    """

    uscc: str
    name: str
    park: str | None
    industry_code: str | None
    industry_zh: str | None
    industry_en: str | None
    intensity: float | None
    reason: str | None
    benchmark: float | None
    benchmark_basis: str | None
    benchmark_ratio: float | None
    over_tce: Decimal | None
    excess_tce: Decimal | None
    rank: int | None
    tier: Tier | None
    over_target_tce: Decimal | None
    below_share: float | None
    place_withheld: str | None


def firm_benchmarks(
    connection: Connection, month: date, window: BenchmarkWindow, uscc: str | None = None
) -> list[FirmBenchmark]:
    """All firms of the population, the largest excess first, unmeasured ones last; or one firm."""
    return fetch(
        connection,
        FirmBenchmark,
        """
        select
            uscc, coalesce(name, uscc) as name, park, industry_code,
            industry_name_zh as industry_zh, industry_name_en as industry_en,
            intensity_tce_per_10k_cny as intensity, reason,
            benchmark_tce_per_10k_cny as benchmark, benchmark_basis, benchmark_ratio,
            energy_over_benchmark_tce as over_tce, excess_tce, excess_rank as rank, tier,
            energy_over_target_tce as over_target_tce, peers_below_share as below_share,
            peers_suppressed_reason as place_withheld
        from marts.enterprise_benchmarks
        where month = $month and window_name = $window and ($uscc is null or uscc = $uscc)
        order by excess_rank nulls last, uscc
        """,
        {"month": month, "window": window, "uscc": uscc},
    )


@dataclass(frozen=True)
class Efficiency:
    """One firm's score over the twelve months to a month. 100 points are the district's own value.

    Values in 10,000 CNY per tce, per hectare and year (tax, output), per person and year.
    """

    uscc: str
    month: date
    name: str
    park: str | None
    industry_code: str | None
    industry_zh: str | None
    industry_en: str | None
    value_added_per_energy: float | None
    tax_per_land: float | None
    output_per_land: float | None
    value_added_per_employee: float | None
    value_added_per_energy_points: float | None
    tax_per_land_points: float | None
    output_per_land_points: float | None
    value_added_per_employee_points: float | None
    indicators_measured: int
    weight_measured_share: float | None
    score: float | None
    efficiency_class: EfficiencyClass | None
    reason: str | None
    provisional: bool


_EFFICIENCY = """
    select
        uscc, month, coalesce(name, uscc) as name, park, industry_code,
        industry_name_zh as industry_zh, industry_name_en as industry_en,
        value_added_10k_cny_per_tce as value_added_per_energy,
        tax_10k_cny_per_ha as tax_per_land, output_10k_cny_per_ha as output_per_land,
        value_added_10k_cny_per_person as value_added_per_employee,
        value_added_per_energy_points, tax_per_land_points, output_per_land_points,
        value_added_per_employee_points, indicators_measured, weight_measured_share, score,
        efficiency_class, reason, provisional
    from marts.resource_efficiency
"""


def efficiencies(connection: Connection, month: date) -> list[Efficiency]:
    """Every firm of the population, the best score first, those without one last."""
    return fetch(
        connection,
        Efficiency,
        f"{_EFFICIENCY} where month = $month order by score desc nulls last, uscc",
        {"month": month},
    )


def efficiency_of(connection: Connection, uscc: str, month: date) -> Efficiency | None:
    """One firm's score, or None outside the population of the month."""
    return fetch_one(
        connection,
        Efficiency,
        f"{_EFFICIENCY} where month = $month and uscc = $uscc",
        {"uscc": uscc, "month": month},
    )


@dataclass(frozen=True)
class EfficiencyRule:
    """One indicator in one month: its weight, and the district's value that earns 100 points."""

    indicator: Indicator
    weight: Decimal | None
    district_value: float | None
    district_firms: int


def efficiency_rules(connection: Connection, month: date) -> list[EfficiencyRule]:
    """The four indicators, the heaviest first."""
    return fetch(
        connection,
        EfficiencyRule,
        """
        select
            indicator, max(weight) as weight, max(district_value) as district_value,
            max(district_firms) as district_firms
        from marts.resource_efficiency_indicators
        where month = $month
        group by indicator
        order by weight desc nulls last, indicator desc
        """,
        {"month": month},
    )


@dataclass(frozen=True)
class EfficiencyPart:
    """One indicator of one firm: value, points, and the weight it has in the score."""

    indicator: Indicator
    value: float | None
    months: int
    points: float | None
    weight: Decimal | None
    weight_used: float | None
    district_value: float | None
    reason: str | None


def efficiency_parts(connection: Connection, uscc: str, month: date) -> list[EfficiencyPart]:
    """The firm's four indicators, the heaviest first."""
    return fetch(
        connection,
        EfficiencyPart,
        """
        select
            indicator, indicator_value as value, months, points, weight, weight_used,
            district_value, reason
        from marts.resource_efficiency_indicators
        where month = $month and uscc = $uscc
        order by weight desc nulls last, indicator desc
        """,
        {"uscc": uscc, "month": month},
    )
