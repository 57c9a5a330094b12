"""Audits against the plan as a person reads them, and as a program does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import duckdb

from greenmfg.queries.audit_program import (
    AcceptanceMonth,
    AuditForecast,
    OpenClock,
    StageLoad,
    acceptance_months,
    audit_forecast,
    open_clocks,
    past_forecasts,
    stage_loads,
)
from greenmfg.queries.audit_rounds import (
    ParkAudit,
    RepeatedRound,
    Saving,
    SavingsWindow,
    park_audits,
    repeated_rounds,
    savings,
    savings_windows,
)
from greenmfg.queries.in_words import STREAMS, month_in, number, plain_json, why
from greenmfg.queries.overview import release_facts

_MONTHS_SHOWN = 12
_WINDOWS = {
    "ytd": "年初累计 year to date",
    "rolling_12": "近 12 个月 rolling 12",
    "so_far": "历年至今 all so far",
}


@dataclass(frozen=True)
class AuditProgram:
    """What the command says: counts and savings to `month`, clocks and rounds on `today`."""

    month: date
    today: date
    months: tuple[AcceptanceMonth, ...]
    forecast: AuditForecast | None
    past_forecasts: tuple[AuditForecast, ...]
    stages: tuple[StageLoad, ...]
    clocks: tuple[OpenClock, ...]
    repeated: tuple[RepeatedRound, ...]
    park_audits: tuple[ParkAudit, ...]
    savings: tuple[Saving, ...]
    savings_windows: tuple[SavingsWindow, ...]

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = plain_json(asdict(self))
        return said


def audit_program(connection: duckdb.DuckDBPyConnection, month: date | None = None) -> AuditProgram:
    """The audits of the release as of a month; by default the running one.

    Raises:
        UnknownMonth: no count is known for the month.
    """
    today = release_facts(connection).built_today
    chosen = month_in(connection, "audit_progress_months", month, today.replace(day=1))
    return AuditProgram(
        month=chosen,
        today=today,
        months=tuple(acceptance_months(connection, chosen, _MONTHS_SHOWN)),
        forecast=audit_forecast(connection, chosen),
        past_forecasts=tuple(past_forecasts(connection, chosen)),
        stages=tuple(stage_loads(connection)),
        clocks=tuple(open_clocks(connection)),
        repeated=tuple(repeated_rounds(connection)),
        park_audits=tuple(park_audits(connection)),
        savings=tuple(savings(connection)),
        savings_windows=tuple(savings_windows(connection, chosen)),
    )


def as_text(program: AuditProgram) -> str:
    """The audits in Chinese and English, one fact a line."""
    return "\n".join(_lines(program))


def _lines(program: AuditProgram) -> Iterator[str]:
    now = program.months[-1]
    yield f"清洁生产审核 Cleaner-production audits  {program.month:%Y-%m}"
    yield (
        f"  验收 accepted {now.accepted_enterprises}/{number(now.target)} 家 firms"
        f"（强制性 mandatory {now.accepted_mandatory}，其中高耗能 energy-intensive"
        f" {now.accepted_energy_over}；自愿性 voluntary {now.accepted_voluntary}）；"
        f"由 by {now.accepted_audits} 次审核 audits；规划期后 after the plan {now.accepted_after_window}"
    )
    yield "  逐月 by month: " + "，".join(
        f"{entry.month:%Y-%m} {entry.accepted_enterprises}" for entry in program.months
    )
    yield from _forecast(program)
    yield f"  各环节 stages（{program.today:%Y-%m-%d}）"
    for stage in program.stages:
        yield _stage(stage)
    overdue = [clock for clock in program.clocks if clock.days_left < 0]
    yield f"  逾期时限 clocks overdue {len(overdue)}，时限内 running {len(program.clocks) - len(overdue)}"
    for clock in program.clocks:
        yield _clock(clock)
    yield from _rounds(program)
    yield from _savings(program)


def _forecast(program: AuditProgram) -> Iterator[str]:
    forecast = program.forecast
    if forecast is None:
        yield "  没有预测 · no forecast: 规划期之前 before the plan"
        return
    scope = (
        "规划期后新增，不计入目标 after the plan, not toward the target"
        if forecast.is_after_target_years
        else "计入目标 toward the target"
    )
    said = (
        f"无法测算 not measurable: {why(forecast.reason)}"
        if forecast.expected is None
        else f"{forecast.expected:.1f} 家 firms，区间 band {forecast.low}–{forecast.high}"
    )
    became = "" if forecast.became is None else f"；实际 became {forecast.became}"
    yield (
        f"  到 by {forecast.year_end:%Y-%m-%d} 预计 expected: {said}（{scope}；"
        f"已验收 so far {forecast.accepted_so_far}，在审 open {forecast.rounds_open} 轮 rounds，"
        f"可预测 forecast {forecast.rounds_forecast}，往轮最少 past rounds at least"
        f" {number(forecast.past_rounds_least)}）{became}"
    )
    if program.past_forecasts:
        held = sum(bool(entry.within_band) for entry in program.past_forecasts)
        yield (
            f"  往年同月预测落在区间内 held in the band: {held}/{len(program.past_forecasts)}"
            " 次回测 back-tests"
        )


def _stage(stage: StageLoad) -> str:
    limit = "" if stage.limit_months is None else f"  时限 limit {stage.limit_months} 个月 months"
    running = f"  时限内 running {stage.running}（最近 next in {stage.least_days_left} 天 days）"
    overdue = f"  逾期 overdue {stage.overdue}（最长 up to {stage.most_days_late} 天 days）"
    done = f"  按期 in time {stage.done_in_time}，迟 late {stage.done_late}"
    return (
        f"    {stage.stage_zh} {stage.stage_en}  {STREAMS[stage.stream]}  到过 reached"
        f" {stage.reached}{limit}{running if stage.running else ''}"
        f"{overdue if stage.overdue else ''}"
        f"{done if stage.done_in_time or stage.done_late else ''}"
    )


def _clock(clock: OpenClock) -> str:
    days = (
        f"逾期 {-clock.days_left} 天 days late"
        if clock.days_left < 0
        else f"还有 {clock.days_left} 天 days left"
    )
    return (
        f"    {clock.uscc} {clock.name}  {clock.audit_round}  {clock.stage_zh} {clock.stage_en}"
        f"  应完成 due {clock.due_on}  {days}"
    )


def _rounds(program: AuditProgram) -> Iterator[str]:
    if program.repeated:
        yield "  验收不合格与再次审核 failed and repeated"
    for entry in program.repeated:
        failed = f"  不合格 failed {entry.failed_on}" if entry.failed_on else ""
        accepted = f"  合格 accepted {entry.accepted_on}" if entry.accepted_on else ""
        counts = "  计入 counted" if entry.counts_toward_target else "  不计 not counted"
        yield (
            f"    {entry.uscc} {entry.name}  {entry.audit_round}（{entry.place}/{entry.rounds}）"
            f"{failed}{accepted}{counts}"
        )
    if program.park_audits:
        yield "  园区整体审核 audits of a park"
    for audit in program.park_audits:
        yield (
            f"    {audit.park or '—'}  {audit.document_no or '—'}  {audit.accepted_on}"
            f"  {audit.enterprises} 家 firms，计入 counted {audit.counted}: {'、'.join(audit.names)}"
        )


def _savings(program: AuditProgram) -> Iterator[str]:
    yield "  节约量 savings（tce/年 a year）"
    for window in program.savings_windows:
        yield (
            f"    {_WINDOWS[window.window_name]}: 验收 accepted {window.rounds_accepted} 轮，"
            f"申报 claimed {number(window.claimed_tce, 1)}；可测 measured {window.rounds_realised} 轮："
            f"实测 {number(window.realised_tce, 1)} 对同批申报 against claims of"
            f" {number(window.claimed_where_realised_tce, 1)}；"
            f"节水 water {number(window.water_t)} t，节材 material {number(window.material_t, 1)} t，"
            f"减排 pollutants {number(window.pollutant_t, 2)} t"
        )
    for saving in program.savings:
        total = "（整次审核 of the whole audit）" if saving.claimed_basis == "audit_total" else ""
        yield (
            f"    {saving.uscc} {saving.name}  {saving.audit_round}"
            f"  申报 claimed {number(saving.claimed_tce, 1)}{total}"
            f"  实测按增加值 measured by value added {_realised(saving.realised_tce, saving.reason)}"
            f"  按产值 by output {_realised(saving.realised_by_output_tce, saving.output_reason)}"
        )


def _realised(value: Any, reason: str | None) -> str:
    if reason is None:
        return number(value, 1)
    return f"无法测算 not measurable: {why(reason)}"
