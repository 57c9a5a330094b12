"""What the pages read, cached by release and scalars alone.

Streamlit samples large frames given as arguments when it looks for a cached answer, so one
firm's figures could be returned for another's: no frame, person or connection is ever a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ParamSpec, TypeVar

import duckdb
import streamlit as st

from greenmfg.queries import (
    audit_program,
    audit_rounds,
    audits,
    benchmarks,
    change,
    cross_form,
    enterprise,
    filed,
    forecasts,
    groups,
    overview,
    pace,
    quality,
    scoreboard,
    slips,
    views,
)
from greenmfg.queries.explain import Subject
from greenmfg.settings import Settings
from greenmfg.warehouse.release import NoRelease, ReleaseRef, current, reader

P = ParamSpec("P")
R = TypeVar("R")
Read = Callable[P, R]


def _cached(read: Read[P, R]) -> Read[P, R]:
    cached: Read[P, R] = st.cache_data(read, max_entries=256, show_spinner=False)
    return cached


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings.from_environment()


def current_release() -> ReleaseRef | None:
    return current(settings())


class ReleaseMoved(RuntimeError):
    """A new release was published between two reads of one page view: run the page again."""


@contextmanager
def _reading(release: str) -> Iterator[duckdb.DuckDBPyConnection]:
    try:
        connection = reader(settings())
    except NoRelease:
        raise ReleaseMoved(release) from None
    published = current_release()
    if published is None or published.release != release:
        connection.close()
        raise ReleaseMoved(release)
    with connection:
        yield connection


@_cached
def facts(release: str) -> overview.ReleaseFacts:
    with _reading(release) as connection:
        return overview.release_facts(connection)


@_cached
def months(release: str) -> list[overview.MonthChoice]:
    with _reading(release) as connection:
        return overview.months(connection)


@dataclass(frozen=True)
class Overview:
    """All of the overview page in one month but the groups and the firms."""

    headline: overview.Headline | None
    forecast: forecasts.YearForecast | None
    pace: pace.Pace | None
    series: list[overview.IntensityPoint]
    change: list[change.Step]
    audits: overview.AuditProgress | None
    stages: list[overview.StageCount]
    overdue: list[overview.OverdueAudit]
    coverage: list[overview.Coverage]
    park_months: list[overview.ParkMonth]
    missing: list[overview.MissingFirm]
    cross_form: list[cross_form.CrossFormFact]
    quality: list[overview.Quality]


@_cached
def overview_of(release: str, month: date) -> Overview:
    with _reading(release) as connection:
        return Overview(
            headline=overview.headline(connection, month),
            forecast=forecasts.year_forecast(connection, month),
            pace=pace.pace_of(connection, month),
            series=overview.intensity_series(connection, month),
            change=change.change_on_a_year_ago(connection, month),
            audits=overview.audit_progress(connection, month),
            stages=overview.audit_stages(connection),
            overdue=overview.overdue_audits(connection),
            coverage=overview.coverage_series(connection, month),
            park_months=overview.park_filing(connection, month),
            missing=overview.missing_firms(connection, month),
            cross_form=cross_form.facts_of_month(connection, month),
            quality=overview.quality_series(connection, month),
        )


@_cached
def scored_months(release: str) -> dict[date, bool]:
    with _reading(release) as connection:
        return scoreboard.scored_months(connection)


@_cached
def scoreboard_of(release: str, month: date) -> scoreboard.Scoreboard:
    with _reading(release) as connection:
        return scoreboard.scoreboard(connection, month)


@_cached
def audited_months(release: str) -> list[date]:
    with _reading(release) as connection:
        return audit_program.audited_months(connection)


@dataclass(frozen=True)
class AuditProgram:
    """All of the bureau's audits page. Clocks and rounds stand as of the release's day."""

    months: list[audit_program.AcceptanceMonth]
    forecast: audit_program.AuditForecast | None
    past_forecasts: list[audit_program.AuditForecast]
    chances: list[audit_program.Chance]
    stages: list[audit_program.StageLoad]
    clocks: list[audit_program.OpenClock]
    repeated: list[audit_rounds.RepeatedRound]
    park_audits: list[audit_rounds.ParkAudit]
    savings: list[audit_rounds.Saving]
    savings_windows: list[audit_rounds.SavingsWindow]


@_cached
def audit_program_of(release: str, month: date) -> AuditProgram:
    with _reading(release) as connection:
        return AuditProgram(
            months=audit_program.acceptance_months(connection, month),
            forecast=audit_program.audit_forecast(connection, month),
            past_forecasts=audit_program.past_forecasts(connection, month),
            chances=audit_program.chances(connection, month),
            stages=audit_program.stage_loads(connection),
            clocks=audit_program.open_clocks(connection),
            repeated=audit_rounds.repeated_rounds(connection),
            park_audits=audit_rounds.park_audits(connection),
            savings=audit_rounds.savings(connection),
            savings_windows=audit_rounds.savings_windows(connection, month),
        )


@dataclass(frozen=True)
class Benchmarks:
    """All of the benchmarks page in one month; the score has one window only, twelve months."""

    industries: list[benchmarks.IndustryBenchmark]
    firms: list[benchmarks.FirmBenchmark]
    efficiencies: list[benchmarks.Efficiency]
    rules: list[benchmarks.EfficiencyRule]


@_cached
def benchmarks_of(release: str, month: date, window: benchmarks.BenchmarkWindow) -> Benchmarks:
    with _reading(release) as connection:
        return Benchmarks(
            industries=benchmarks.industry_benchmarks(connection, month, window),
            firms=benchmarks.firm_benchmarks(connection, month, window),
            efficiencies=benchmarks.efficiencies(connection, month),
            rules=benchmarks.efficiency_rules(connection, month),
        )


@dataclass(frozen=True)
class DataQuality:
    """All of the data-quality page in one month."""

    months: list[overview.Quality]
    checks: list[quality.CheckMonth]
    firms: list[quality.FirmQuality]


@_cached
def data_quality_of(release: str, month: date, window: quality.QualityWindow) -> DataQuality:
    with _reading(release) as connection:
        return DataQuality(
            months=overview.quality_series(connection, month),
            checks=quality.check_months(connection, month),
            firms=quality.firm_qualities(connection, month, window),
        )


@_cached
def groups_of(release: str, grouping: overview.Grouping, month: date) -> list[groups.Group]:
    with _reading(release) as connection:
        return groups.groups(connection, grouping, month)


@_cached
def firms_to_watch(release: str, month: date) -> list[groups.FirmToWatch]:
    with _reading(release) as connection:
        return groups.firms_to_watch(connection, month)


@_cached
def enterprises(release: str) -> list[enterprise.EnterpriseName]:
    with _reading(release) as connection:
        return enterprise.enterprises(connection)


@dataclass(frozen=True)
class Enterprise:
    """All of the enterprise page in one month but the month that was clicked."""

    profile: enterprise.Profile | None
    standings: dict[str, enterprise.Standing]
    bars: list[enterprise.MonthBar]
    mix: list[enterprise.MixItem]
    filings: list[enterprise.FilingMonth]
    cross_form: list[cross_form.CrossFormFact]
    audits: list[enterprise.AuditRound]
    clocks: list[audits.StageClock]
    peers: enterprise.Peers | None
    efficiency: benchmarks.Efficiency | None
    efficiency_parts: list[benchmarks.EfficiencyPart]
    quality: quality.FirmQuality | None


@_cached
def enterprise_of(release: str, uscc: str, month: date) -> Enterprise:
    with _reading(release) as connection:
        return Enterprise(
            profile=enterprise.profile(connection, uscc, month),
            standings=enterprise.standings(connection, uscc, month),
            bars=enterprise.month_bars(connection, uscc, month),
            mix=enterprise.energy_mix(connection, uscc, month),
            filings=enterprise.filing_history(connection, uscc, month),
            cross_form=cross_form.facts_of_enterprise(connection, uscc, month),
            audits=enterprise.audit_rounds(connection, uscc),
            clocks=audits.stage_clocks(connection, uscc),
            peers=enterprise.peers(connection, uscc, month),
            efficiency=benchmarks.efficiency_of(connection, uscc, month),
            efficiency_parts=benchmarks.efficiency_parts(connection, uscc, month),
            quality=next(iter(quality.firm_qualities(connection, month, "rolling_12", uscc)), None),
        )


@_cached
def beside(release: str, grouping: str, key: str, month: date) -> views.Views:
    """Other views and CO2 of a group, year to date."""
    with _reading(release) as connection:
        return views.views_of(connection, Subject(key, grouping, key).parameters(month, "ytd"))


@_cached
def usual_month(release: str, uscc: str, item: str, before: date) -> slips.UsualMonth | None:
    with _reading(release) as connection:
        return slips.usual_month(connection, uscc, item, before)


@dataclass(frozen=True)
class MonthBehind:
    """One month's arithmetic and the rows behind it."""

    arithmetic: filed.Arithmetic | None
    rows: list[filed.FiledRow]


@_cached
def month_behind(release: str, uscc: str, month: date) -> MonthBehind:
    with _reading(release) as connection:
        return MonthBehind(
            arithmetic=filed.arithmetic(connection, uscc, month),
            rows=filed.filed_rows(connection, uscc, month),
        )
