"""Where rounds stand in both streams, and every statutory clock that runs or has run out."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from front import figures
from front.frame import head, panel
from front.markup import Cell, esc, firm_link, pill, table
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.audit_program import OpenClock, StageLoad

_SOON_DAYS = 30
_STREAMS = ("mandatory", "voluntary")


def stages_panel(visitor: Visitor, stages: Sequence[StageLoad]) -> None:
    say = visitor.say
    with panel("audit_stages"):
        head(
            say,
            say("program.stages"),
            say("program.stages_sub"),
            [say("method.audit_clock"), say("method.audit_streams"), say("method.not_recorded")],
            ("audit_stage_months", {}),
        )
        if not stages:
            st.html(f'<p class="quiet">{esc(say("empty.no_audits"))}</p>')
            return
        headers = [
            (say("program.column_stage"), False),
            (say("program.column_mandatory"), True),
            (say("program.column_voluntary"), True),
            (say("program.column_running"), True),
            (say("program.column_overdue"), True),
            (say("program.column_done"), True),
        ]
        st.html(table(headers, _stages(visitor, stages), say("program.stages")))


def _stages(visitor: Visitor, stages: Sequence[StageLoad]) -> list[list[Cell]]:
    rows = []
    for stage in dict.fromkeys(load.stage for load in stages):
        of_stream = {load.stream: load for load in stages if load.stage == stage}
        loads = list(of_stream.values())
        name = visitor.language.pick(loads[0].stage_zh, loads[0].stage_en) or stage
        months = loads[0].limit_months
        limit = "" if months is None else visitor.say("program.limit", months=months)
        reached = [
            Cell.figure(str(of_stream[stream].reached) if stream in of_stream else figures.NOTHING)
            for stream in _STREAMS
        ]
        rows.append(
            [
                Cell(f'<b>{esc(name)}</b><span class="under">{esc(limit)}</span>'),
                *reached,
                _running(visitor, loads),
                _overdue(visitor, loads),
                _done(visitor, loads),
            ]
        )
    return rows


def _running(visitor: Visitor, loads: Sequence[StageLoad]) -> Cell:
    count = sum(load.running for load in loads)
    if not count:
        return Cell.figure(figures.NOTHING)
    least = min(load.least_days_left for load in loads if load.least_days_left is not None)
    words = visitor.say("program.least_left", days=least)
    return Cell(f'{count}<span class="under">{esc(words)}</span>', numeric=True)


def _overdue(visitor: Visitor, loads: Sequence[StageLoad]) -> Cell:
    count = sum(load.overdue for load in loads)
    if not count:
        return Cell.figure(figures.NOTHING)
    most = max(load.most_days_late for load in loads if load.most_days_late is not None)
    words = visitor.say("program.most_late", days=most)
    return Cell(f'<b class="bad">{count}</b><span class="under">{esc(words)}</span>', numeric=True)


def _done(visitor: Visitor, loads: Sequence[StageLoad]) -> Cell:
    """Only stages with a limit can be in time."""
    in_time, late = (sum(getattr(load, name) for load in loads) for name in _DONE)
    if not in_time and not late:
        return Cell.figure(figures.NOTHING)
    return Cell.figure(visitor.say("program.in_time_late", in_time=in_time, late=late))


_DONE = ("done_in_time", "done_late")


def open_panel(visitor: Visitor, clocks: Sequence[OpenClock]) -> None:
    say = visitor.say
    overdue = sum(clock.days_left < 0 for clock in clocks)
    with panel("audit_clocks"):
        head(
            say,
            say("program.open"),
            say("program.open_sub", overdue=overdue, running=len(clocks) - overdue),
            [say("method.audit_clock"), say("method.audit_law")],
            ("audit_clocks", {}),
        )
        if not clocks:
            st.html(f'<p class="quiet">{esc(say("program.no_clocks"))}</p>')
            return
        headers = [
            (say("column.firm"), False),
            (say("column.due_on"), True),
            (say("program.column_left"), True),
        ]
        rows = [_clock(visitor, clock) for clock in clocks]
        st.html(table(headers, rows, say("program.open"), "tall"))


def _clock(visitor: Visitor, clock: OpenClock) -> list[Cell]:
    say = visitor.say
    stage = visitor.language.pick(clock.stage_zh, clock.stage_en) or clock.stage
    under = " · ".join(
        [say(f"stream.{clock.stream}"), say("rounds.round", round=clock.audit_round), stage]
    )
    late = clock.days_left < 0
    words = (
        say("audits.days", days=-clock.days_left)
        if late
        else say("program.days_left", days=clock.days_left)
    )
    tone = Tone.BAD if late else Tone.WARN if clock.days_left <= _SOON_DAYS else Tone.PLAIN
    return [
        Cell(f'{firm_link(clock.uscc, clock.name)}<span class="under">{esc(under)}</span>'),
        Cell.figure(clock.due_on.isoformat()),
        Cell(pill(words, tone), numeric=True),
    ]
