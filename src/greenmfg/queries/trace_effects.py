"""Rows of the register, the audits and the projects: the figures that each of them moves.

The release holds what a row adds to which figure and in which months (`marts.lineage_effects`); here
the figure's own value is put beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from greenmfg.contract import Words
from greenmfg.queries.explain import plain
from greenmfg.queries.rows import fetch
from greenmfg.registry import Filing

FORMS = ("enterprise_register", "audit_progress", "plan_projects")

_NOTHING = {
    "enterprise_register": Words(
        "已生效，但未使企业计入统计范围：非规模以上、非工业、不在本区，或同一企业有更新的名录行",
        "in force, but puts no firm into the population: not above scale, not industry, not in the"
        " district, or a newer register row of the firm takes its months",
    ),
    "audit_progress": Words(
        "已生效，但同一阶段已有更新的行", "in force, but a newer row of the same stage stands"
    ),
    "plan_projects": Words(
        "已生效，但不计入规划的任何一行：不在其年份内，或同一项目有更新的行",
        "in force, but no row of the plan counts it: outside its years, or a newer row of the same"
        " project stands",
    ),
}
_NOT_COUNTED = Words(
    "此次验收不再计入目标企业数：该企业已计入，或当月不在名录",
    "this acceptance adds no enterprise to the target: the firm counts already, or is not in the"
    " register of the month",
)
_LATER = Words(
    "已生效，在当前发布版本之后 · 下次发布时计入",
    "in force since the current release was made: the next one will hold it",
)


@dataclass(frozen=True)
class TracedEffect:
    """One figure that a row adds to. `contribution` in `unit` (enterprise, event, project, tce, t,
    10k_cny); `value`, in the figure's own unit, is the figure in `shown_month`, the last month that
    is there and holds the row."""

    mart: str
    figure: str
    grouping: str
    figure_key: str
    name_zh: str
    name_en: str
    unit: str
    contribution: Decimal
    first_month: date
    last_month: date | None
    shown_month: date | None
    value: Decimal | None


_EFFECTS = """
    with effect as (
        select
            effects.*,
            least(
                coalesce(effects.last_month, date '9999-12-01'),
                cast(date_trunc('month', facts.built_today) as date)
            ) as shown_month
        from marts.lineage_effects as effects
        cross join marts.release_facts as facts
        where
            effects.filing_id = $filing and effects.receipt = $receipt and effects.line = $line
    )

    select
        effect.mart, effect.figure, effect.grouping, effect.figure_key,
        coalesce(
            named.group_name_zh, scored.indicator_zh, events.stage_name_zh, effect.figure_key
        ) as name_zh,
        coalesce(
            named.group_name_en, scored.indicator_en, events.stage_name_en, effect.figure_key
        ) as name_en,
        effect.unit, effect.contribution, effect.first_month, effect.last_month,
        case when effect.mart in ('group_months', 'audit_progress_months', 'plan_scoreboard')
            then effect.shown_month end as shown_month,
        cast(case effect.mart
            when 'group_months' then named.firms_due
            when 'audit_progress_months' then case effect.figure
                when 'accepted_enterprises' then progress.accepted_enterprises
                else progress.accepted_after_window end
            when 'plan_scoreboard' then scored.measured_value
            when 'audit_savings' then effect.contribution
        end as decimal(28, 6)) as value
    from effect
    left join marts.group_months as named
        on
            effect.mart = 'group_months' and effect.grouping = named.grouping
            and effect.figure_key = named.group_key and effect.shown_month = named.month
            and named.window_name = 'month'
    left join marts.audit_progress_months as progress
        on effect.mart = 'audit_progress_months' and effect.shown_month = progress.month
    left join marts.plan_scoreboard as scored
        on
            effect.shown_month = scored.month
            and (
                effect.mart = 'plan_scoreboard' and effect.figure_key = scored.target_id
                or effect.mart = 'audit_progress_months' and effect.figure_key = scored.target_id
            )
    left join marts.audit_events as events
        on
            effect.mart = 'cleaner_production_audits' and effect.receipt = events.receipt
            and effect.line = events.line and effect.uscc = events.uscc
    order by
        list_position(
            ['cleaner_production_audits', 'audit_progress_months', 'audit_savings', 'group_months',
             'plan_scoreboard'], effect.mart
        ),
        list_position(['district', 'park', 'industry', 'cluster', 'town', 'zone'], effect.grouping),
        effect.figure, effect.figure_key, effect.unit
"""


def effects_of(
    connection: duckdb.DuckDBPyConnection, filing: Filing, line: int
) -> tuple[tuple[TracedEffect, ...], Words | None]:
    """What a row in force of one of `FORMS` moves in a release, and why not all (or nothing)."""
    identity = {"filing": filing.id, "receipt": filing.receipt, "line": line}
    found = tuple(fetch(connection, TracedEffect, _EFFECTS, identity))
    if not found:
        return (), _LATER if _is_later(connection, filing) else _NOTHING[filing.form]
    accepts = any(
        one.mart == "cleaner_production_audits" and one.figure == "accepted" for one in found
    )
    counts = any(one.mart == "audit_progress_months" for one in found)
    return found, _NOT_COUNTED if accepts and not counts else None


def _is_later(connection: duckdb.DuckDBPyConnection, filing: Filing) -> bool:
    """Whether the filing came into force after the instant that the release holds."""
    row = connection.execute("select as_of from marts.release_facts").fetchone()
    assert row is not None
    as_of: datetime = row[0]
    accepted = filing.accepted_at
    return accepted is None or accepted.astimezone(UTC).replace(tzinfo=None) > as_of


def effect_json(effect: TracedEffect) -> dict[str, Any]:
    return {
        "mart": effect.mart,
        "figure": effect.figure,
        "grouping": effect.grouping,
        "key": effect.figure_key,
        "name_zh": effect.name_zh,
        "name_en": effect.name_en,
        "contribution": plain(effect.contribution),
        "unit": effect.unit,
        "first_month": f"{effect.first_month:%Y-%m}",
        "last_month": None if effect.last_month is None else f"{effect.last_month:%Y-%m}",
        "shown_month": None if effect.shown_month is None else f"{effect.shown_month:%Y-%m}",
        "value": plain(effect.value),
    }
