"""Audits against the plan: acceptances by month, their forecast to year-end, clocks by stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import duckdb

from greenmfg.queries.rows import fetch, fetch_one

Connection = duckdb.DuckDBPyConnection
Stream = Literal["mandatory", "voluntary"]


@dataclass(frozen=True)
class AcceptanceMonth:
    """Distinct enterprises accepted in the target's years up to the end of a month, against `target`."""

    month: date
    accepted_enterprises: int
    accepted_audits: int
    accepted_mandatory: int
    accepted_voluntary: int
    accepted_energy_over: int
    accepted_after_window: int
    target: Decimal
    share: float


def acceptance_months(
    connection: Connection, month: date, count: int = 60
) -> list[AcceptanceMonth]:
    """The months up to and with `month`, oldest first."""
    return fetch(
        connection,
        AcceptanceMonth,
        """
        select
            month, accepted_enterprises, accepted_audits, accepted_mandatory, accepted_voluntary,
            accepted_energy_over, accepted_after_window, target, share
        from marts.audit_progress_months
        where month between cast($month - to_months($count - 1) as date) and $month
        order by month
        """,
        {"month": month, "count": count},
    )


def audited_months(connection: Connection) -> list[date]:
    """The months that the count is known for, newest first."""
    found = connection.execute(
        "select month from marts.audit_progress_months order by month desc"
    ).fetchall()
    return [month for (month,) in found]


@dataclass(frozen=True)
class AuditForecast:
    """Acceptances expected by 31 December, as forecast at the end of a month (today, if running).

    Enterprises; the expected ones are a sum of chances and no whole number. After the plan's years
    (`is_after_target_years`) those since then are counted, not those toward the target.
    """

    month: date
    made_on: date
    year_end: date
    is_after_target_years: bool
    target: Decimal
    accepted_so_far: int
    rounds_open: int
    rounds_forecast: int
    past_rounds_least: int | None
    method: str
    status: str
    reason: str | None
    expected_new: float | None
    expected: float | None
    low: int | None
    high: int | None
    became: int | None
    error: float | None
    within_band: bool | None


_FORECASTS = """
    select
        month, made_on, year_end, is_after_target_years, target, accepted_so_far, rounds_open,
        rounds_forecast, past_rounds_least, method, status, reason,
        expected_new_enterprises as expected_new, expected_by_year_end as expected,
        low_by_year_end as low, high_by_year_end as high, accepted_by_year_end as became,
        forecast_error as error, within_band
    from marts.audit_forecast_months
"""


def audit_forecast(connection: Connection, month: date) -> AuditForecast | None:
    """The forecast made in a month, or None where the release has none (before the plan)."""
    return fetch_one(
        connection, AuditForecast, f"{_FORECASTS} where month = $month", {"month": month}
    )


def past_forecasts(connection: Connection, month: date) -> list[AuditForecast]:
    """What the same calendar month forecast in earlier years, and what the years became."""
    return fetch(
        connection,
        AuditForecast,
        f"{_FORECASTS} where month < $month and month(month) = month($month)"
        " and accepted_by_year_end is not null order by month",
        {"month": month},
    )


@dataclass(frozen=True)
class Chance:
    """One open round: its chance of an acceptance by year-end, and the past rounds that it rests on."""

    uscc: str
    name: str
    park: str | None
    audit_round: str
    stream: Stream
    stage_zh: str | None
    stage_en: str | None
    days_at_stage: int
    days_to_year_end: int
    past_rounds: int
    past_rounds_accepted: int
    share: float | None
    reason: str | None


def chances(connection: Connection, month: date) -> list[Chance]:
    """Open rounds at the end of a month, the likeliest first, those without a chance last."""
    return fetch(
        connection,
        Chance,
        """
        select
            forecast.uscc, coalesce(audit.name, forecast.uscc) as name, audit.park,
            forecast.audit_round, forecast.stream, forecast.stage_name_zh as stage_zh,
            forecast.stage_name_en as stage_en, forecast.days_at_stage,
            forecast.days_to_year_end, forecast.past_rounds, forecast.past_rounds_accepted,
            forecast.acceptance_share as share, forecast.reason
        from marts.audit_forecasts as forecast
        left join marts.cleaner_production_audits as audit
            on forecast.uscc = audit.uscc and forecast.audit_round = audit.audit_round
        where forecast.month = $month
        order by share desc nulls last, forecast.past_rounds desc, forecast.uscc
        """,
        {"month": month},
    )


@dataclass(frozen=True)
class StageLoad:
    """One stage in one stream, as of the release's day: how its clocks stand.

    `least_days_left` and `most_days_late`: of the clocks that run, and that are overdue.
    `without_clock`: not done yet, and no limit runs. `limit_months`: statutory, None without one.
    """

    stage: str
    stage_order: int
    stage_zh: str
    stage_en: str
    stream: Stream
    reached: int
    running: int
    overdue: int
    done_in_time: int
    done_late: int
    not_recorded: int
    without_clock: int
    least_days_left: int | None
    most_days_late: int | None
    limit_months: int | None


def stage_loads(connection: Connection) -> list[StageLoad]:
    """Every stage of both streams in the order of the process."""
    return fetch(
        connection,
        StageLoad,
        """
        with reached as (
            select stage, stream, sum(rounds_so_far) as reached
            from marts.audit_stage_months
            where month = (select max(month) from marts.audit_stage_months)
            group by stage, stream
        )

        select
            clock.stage, min(clock.stage_order) as stage_order,
            any_value(clock.stage_name_zh) as stage_zh, any_value(clock.stage_name_en) as stage_en,
            clock.stream, coalesce(cast(any_value(reached.reached) as bigint), 0) as reached,
            count_if(clock.state = 'running') as running,
            count_if(clock.state = 'overdue') as overdue,
            count_if(clock.state = 'done_in_time') as done_in_time,
            count_if(clock.state = 'done_late') as done_late,
            count_if(clock.state = 'not_recorded') as not_recorded,
            count_if(clock.state in ('no_deadline', 'not_started')) as without_clock,
            min(clock.days_left) filter (where clock.state = 'running') as least_days_left,
            max(clock.days_late) filter (where clock.state = 'overdue') as most_days_late,
            min(clock.deadline_months) filter (where clock.due_on is not null)
                as limit_months
        from marts.audit_clocks as clock
        left join reached on clock.stage = reached.stage and clock.stream = reached.stream
        where clock.stream is not null
        group by clock.stage, clock.stream
        order by stage_order, clock.stream
        """,
    )


@dataclass(frozen=True)
class OpenClock:
    """A clock that runs or is overdue. `days_left` is negative when overdue."""

    uscc: str
    name: str
    park: str | None
    audit_round: str
    stream: Stream
    stage: str
    stage_zh: str
    stage_en: str
    entered_by: str
    due_on: date
    days_left: int
    law: str | None


def open_clocks(connection: Connection) -> list[OpenClock]:
    """All of them, the longest overdue first and the last due last."""
    return fetch(
        connection,
        OpenClock,
        """
        select
            clock.uscc, coalesce(audit.name, clock.uscc) as name, audit.park, clock.audit_round,
            clock.stream, clock.stage, clock.stage_name_zh as stage_zh,
            clock.stage_name_en as stage_en, clock.entered_by, clock.due_on, clock.days_left,
            clock.law
        from marts.audit_clocks as clock
        left join marts.cleaner_production_audits as audit
            on clock.uscc = audit.uscc and clock.audit_round = audit.audit_round
        where clock.state in ('running', 'overdue')
        order by clock.days_left, clock.uscc, clock.stage_order
        """,
    )
