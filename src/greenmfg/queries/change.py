"""Why the district's intensity changed on a year ago, as the overview shows it: few steps, whole sum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb

from greenmfg.queries.rows import fetch

Connection = duckdb.DuckDBPyConnection
StepKind = Literal["structure", "intensity", "other_intensity", "entry", "exit", "not_decomposable"]
INDUSTRIES_NAMED = 5


@dataclass(frozen=True)
class Step:
    """One part of the change, tce per 10,000 yuan at 2020 price; positive raises the intensity.

    `intensity` names one industry whose own ratio changed; `other_intensity` is all others.
    """

    kind: StepKind
    industry_code: str | None
    industry_zh: str | None
    industry_en: str | None
    contribution: float
    before: float
    now: float
    price_status: str
    provisional: bool


def change_on_a_year_ago(
    connection: Connection, month: date, named: int = INDUSTRIES_NAMED
) -> list[Step]:
    """January to `month` against last year's, by industry: `before` plus all contributions is `now`.

    The `named` industries that moved most are told apart, the rest is one step. Empty where the
    ratio was not measured in both years.
    """
    return fetch(
        connection,
        Step,
        """
        with parts as (
            select
                *,
                row_number() over (
                    partition by effect
                    order by abs(contribution_tce_per_10k_cny) desc, member_key
                ) as place
            from marts.intensity_drivers
            where grouping = 'district' and month = $month and member_kind = 'industry'
        ),

        told as (
            select
                case
                    when effect = 'intensity' and place > $named then 'other_intensity'
                    else effect
                end as kind,
                case when effect = 'intensity' and place <= $named then member_key end
                    as industry_code,
                *
            from parts
        )

        select
            kind, industry_code,
            any_value(case when industry_code is not null then member_name_zh end) as industry_zh,
            any_value(case when industry_code is not null then member_name_en end) as industry_en,
            sum(contribution_tce_per_10k_cny) as contribution,
            any_value(intensity_last_year_tce_per_10k_cny) as before,
            any_value(intensity_tce_per_10k_cny) as now,
            any_value(price_status) as price_status,
            any_value(provisional) as provisional
        from told
        group by kind, industry_code
        having sum(contribution_tce_per_10k_cny) <> 0
        order by
            array_position(
                [
                    'structure', 'intensity', 'other_intensity', 'entry', 'exit',
                    'not_decomposable'
                ],
                kind
            ),
            abs(contribution) desc
        """,
        {"month": month, "named": named},
    )
