"""What the overview page asks of a release. Months are first-of-month dates, shares are 0–1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import duckdb

from greenmfg.queries.rows import fetch, fetch_one

Connection = duckdb.DuckDBPyConnection
Grouping = Literal["park", "industry", "cluster", "town", "zone"]
INTENSITY_TARGET = "T01"


@dataclass(frozen=True)
class ReleaseFacts:
    data_through: date | None
    built_today: date
    as_of: datetime
    demonstration: bool
    firms: int
    filings_in_force: int


def release_facts(connection: Connection) -> ReleaseFacts:
    """What this release is.

    Raises:
        LookupError: the release does not say what it is.
    """
    facts = fetch_one(
        connection,
        ReleaseFacts,
        """
        select data_through, built_today, as_of, demonstration, firms, filings_in_force
        from marts.release_facts
        """,
    )
    if facts is None:
        raise LookupError("the release has no row in release_facts")
    return facts


@dataclass(frozen=True)
class MonthChoice:
    """A month that can be looked at, and whether the headline number stands on it."""

    month: date
    is_headline: bool
    provisional: bool


def months(connection: Connection) -> list[MonthChoice]:
    """Months in which anything was filed, newest first."""
    return fetch(
        connection,
        MonthChoice,
        """
        select month, is_headline, provisional
        from marts.target_progress
        where target_id = $target and firms_filed > 0
        order by month desc
        """,
        {"target": INTENSITY_TARGET},
    )


@dataclass(frozen=True)
class Headline:
    """The intensity target in one month: ratios in tce per 10,000 yuan, constant 2020 price."""

    month: date
    intensity_ytd: float | None
    intensity_rolling_12: float | None
    intensity_month: float | None
    intensity_ytd_current: float | None
    target_high: Decimal
    target_year: int | None
    in_plan_period: bool | None
    gap: float | None
    gap_share: float | None
    tce_to_save: Decimal | None
    reached: bool | None
    standing: str | None
    close_band_share: float | None
    status: str
    reason: str | None
    price_status: str | None
    coverage_share: float | None
    firms_due: int
    firms_filed: int
    firms_matched: int
    is_due: bool
    is_headline: bool
    provisional: bool
    quote_zh: str
    basis_zh: str
    basis_en: str
    intensity_ytd_year_ago: float | None


def headline(connection: Connection, month: date) -> Headline | None:
    """The target's progress in a month, or None where the release does not have it."""
    return fetch_one(
        connection,
        Headline,
        """
        select
            now.month, now.intensity_ytd, now.intensity_rolling_12, now.intensity_month,
            now.intensity_ytd_current, now.target_high, now.target_year, now.in_plan_period,
            now.gap, now.gap_share, now.tce_to_save, now.reached, now.standing,
            now.close_band_share, now.status, now.reason,
            now.price_status, now.coverage_share,
            coalesce(now.firms_due, 0) as firms_due,
            coalesce(now.firms_filed, 0) as firms_filed,
            coalesce(now.firms_matched, 0) as firms_matched,
            now.is_due, now.is_headline, now.provisional,
            now.quote_zh, now.basis_zh, now.basis_en, before.intensity_ytd as intensity_ytd_year_ago
        from marts.target_progress as now
        left join marts.target_progress as before
            on
                now.target_id = before.target_id
                and before.month = cast(now.month - interval 1 year as date)
        where now.target_id = $target and now.month = $month
        """,
        {"target": INTENSITY_TARGET, "month": month},
    )


@dataclass(frozen=True)
class IntensityPoint:
    month: date
    monthly: float | None
    rolling_12: float | None
    target: float
    provisional: bool


def intensity_series(connection: Connection, month: date, count: int = 48) -> list[IntensityPoint]:
    """The district's monthly and rolling intensity up to a month, oldest first."""
    return fetch(
        connection,
        IntensityPoint,
        """
        select
            month, intensity_month as monthly, intensity_rolling_12 as rolling_12,
            cast(target_high as double) as target, provisional
        from marts.target_progress
        where
            target_id = $target
            and month between cast($month - to_months($count - 1) as date) and $month
        order by month
        """,
        {"target": INTENSITY_TARGET, "month": month, "count": count},
    )


@dataclass(frozen=True)
class AuditProgress:
    month: date
    accepted_enterprises: int
    accepted_mandatory: int
    accepted_energy_over: int
    accepted_voluntary: int
    accepted_after_window: int
    target: Decimal
    share: float | None


def audit_progress(connection: Connection, month: date) -> AuditProgress | None:
    """Acceptances counted toward the audit target up to the end of a month."""
    return fetch_one(
        connection,
        AuditProgress,
        """
        select
            month, accepted_enterprises, accepted_mandatory, accepted_energy_over,
            accepted_voluntary, accepted_after_window, target, share
        from marts.audit_progress_months
        where month = $month
        """,
        {"month": month},
    )


@dataclass(frozen=True)
class StageCount:
    """Rounds whose last stage this is (`audit_stages.stage`)."""

    stage: str
    audits: int
    overdue: int


@dataclass(frozen=True)
class OverdueAudit:
    uscc: str
    name: str
    park: str | None
    stream: str | None
    last_stage_zh: str | None
    last_stage_en: str | None
    next_stage_zh: str | None
    next_stage_en: str | None
    next_due_on: date
    days_left: int


def audit_stages(connection: Connection) -> list[StageCount]:
    """Audit rounds by the last stage they reached."""
    return fetch(
        connection,
        StageCount,
        """
        select last_stage as stage, count(*) as audits, count_if(overdue) as overdue
        from marts.cleaner_production_audits
        group by last_stage
        """,
    )


def overdue_audits(connection: Connection) -> list[OverdueAudit]:
    """Audits past a statutory date, the longest overdue first."""
    return fetch(
        connection,
        OverdueAudit,
        """
        select
            uscc, coalesce(name, uscc) as name, park, stream,
            last_stage_name_zh as last_stage_zh, last_stage_name_en as last_stage_en,
            next_stage_name_zh as next_stage_zh, next_stage_name_en as next_stage_en,
            next_due_on, days_left
        from marts.cleaner_production_audits
        where overdue
        order by days_left, uscc
        """,
    )


@dataclass(frozen=True)
class Coverage:
    """Filing of one month by the firms due; a firm is complete when both forms are satisfied."""

    month: date
    due_on: date
    firms_due: int
    firms_complete: int
    firms_partial: int
    firms_nothing: int
    firms_late: int
    firms_in_review: int


_COVERAGE = """
    with firm_months as (
        select
            month, uscc, max(due_on) as due_on, count(*) as forms,
            count_if(state in ('filed', 'late')) as satisfied,
            count_if(state = 'late') as late,
            count_if(state in ('awaiting_review', 'returned')) as in_review
        from marts.filing_coverage
        group by month, uscc
    )

    select
        month, max(due_on) as due_on, count(*) as firms_due,
        count_if(satisfied = forms) as firms_complete,
        count_if(satisfied > 0 and satisfied < forms) as firms_partial,
        count_if(satisfied = 0) as firms_nothing,
        count_if(late > 0) as firms_late,
        count_if(in_review > 0) as firms_in_review
    from firm_months
    where month between cast($month - to_months($count - 1) as date) and $month
    group by month
    order by month
"""


def coverage_series(connection: Connection, month: date, count: int = 12) -> list[Coverage]:
    """Filing coverage of the months up to and with `month`, oldest first."""
    return fetch(connection, Coverage, _COVERAGE, {"month": month, "count": count})


@dataclass(frozen=True)
class ParkMonth:
    park: str
    month: date
    firms_due: int
    firms_missing: int
    firms_late: int
    due: bool


def park_filing(connection: Connection, month: date, count: int = 12) -> list[ParkMonth]:
    """Per park and month: how many firms still owe a form. `due`: the day is past."""
    return fetch(
        connection,
        ParkMonth,
        """
        with firm_months as (
            select
                park, month, uscc,
                bool_or(state not in ('filed', 'late')) as missing,
                bool_or(state = 'late') as late,
                bool_and(state != 'not_due_yet') as due
            from marts.filing_coverage
            where month between cast($month - to_months($count - 1) as date) and $month
            group by park, month, uscc
        )

        select
            coalesce(park, '') as park, month, count(*) as firms_due,
            count_if(missing) as firms_missing, count_if(late) as firms_late,
            bool_and(due) as due
        from firm_months
        group by park, month
        order by park, month
        """,
        {"month": month, "count": count},
    )


@dataclass(frozen=True)
class MissingFirm:
    uscc: str
    name: str
    park: str | None
    energy_state: str | None
    output_state: str | None
    due_on: date
    last_filed: date | None
    contact_email: str | None


def missing_firms(connection: Connection, month: date) -> list[MissingFirm]:
    """Firms that still owe a form of the month, the longest silent first."""
    return fetch(
        connection,
        MissingFirm,
        """
        with last_filed as (
            select uscc, max(month) as last_filed
            from marts.filing_coverage
            where state in ('filed', 'late') and month < $month
            group by uscc
        )

        select
            owed.uscc, coalesce(any_value(owed.name), owed.uscc) as name,
            any_value(owed.park) as park,
            max(owed.state) filter (where owed.form = 'energy_monthly') as energy_state,
            max(owed.state) filter (where owed.form = 'output_monthly') as output_state,
            max(owed.due_on) as due_on, any_value(last_filed.last_filed) as last_filed,
            any_value(owed.contact_email) as contact_email
        from marts.filing_coverage as owed
        left join last_filed on owed.uscc = last_filed.uscc
        where owed.month = $month
        group by owed.uscc
        having bool_or(owed.state not in ('filed', 'late'))
        order by last_filed nulls first, owed.uscc
        """,
        {"month": month},
    )


@dataclass(frozen=True)
class Quality:
    """How a month came in: shares of what was due and of what came; `score` weighs them, 0–100."""

    month: date
    filings: int
    filings_clean: int
    filings_returned: int
    findings_error: int
    findings_warning: int
    completeness_share: float | None
    punctuality_share: float | None
    pass_share: float | None
    score: float | None


def quality_series(connection: Connection, month: date, count: int = 12) -> list[Quality]:
    """The data-quality months up to and with `month`, oldest first."""
    return fetch(
        connection,
        Quality,
        """
        select
            month, filings, filings_clean, filings_returned, findings_error,
            findings_warning, completeness_share, punctuality_share, pass_share, score
        from marts.quality_months
        where month between cast($month - to_months($count - 1) as date) and $month
        order by month
        """,
        {"month": month, "count": count},
    )
