"""What a firm has to do, and by when: its monthly reports and the stages of its audits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from front import data, figures
from front.filing.office import office_of
from front.frame import head, panel
from front.markup import Cell, esc, pill, table
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.portal import Deadline
from greenmfg.queries.audits import StageClock

_OPEN_CLOCKS = ("running", "overdue", "not_recorded")


@dataclass(frozen=True)
class _ToDo:
    """`what` and `state` are markup already."""

    due_on: date
    what: str
    state: str
    overdue: bool


def deadlines_panel(visitor: Visitor, uscc: str, clocks: Sequence[StageClock]) -> None:
    """For a firm, of itself. Without a registry there are no reports to file, only audits."""
    say = visitor.say
    office = office_of(data.settings())
    reports = () if office is None else office.deadlines(uscc)
    todo = [_report(visitor, one, data.settings().today()) for one in reports]
    todo += [_stage(visitor, one) for one in clocks if one.state in _OPEN_CLOCKS]
    todo.sort(key=lambda one: (one.due_on, one.what))
    overdue = sum(one.overdue for one in todo)
    with panel("deadlines"):
        sub = say("deadlines.overdue", count=overdue) if overdue else say("deadlines.none_overdue")
        head(say, say("deadlines.title"), sub, [say("deadlines.method")], None)
        if not todo:
            st.html(f'<p class="quiet">{esc(say("deadlines.none"))}</p>')
            return
        headers = [
            (say("deadlines.due"), False),
            (say("deadlines.what"), False),
            (say("rounds.clock"), True),
        ]
        rows = [
            [Cell.text(one.due_on.isoformat()), Cell(one.what), Cell(one.state, numeric=True)]
            for one in todo
        ]
        st.html(table(headers, rows, say("deadlines.title"), "medium"))


def _report(visitor: Visitor, one: Deadline, today: date) -> _ToDo:
    say = visitor.say
    names = "、" if visitor.language.value == "zh" else ", "
    forms = names.join(say(f"form.{form}_short") for form in one.forms)
    month = figures.month_words(one.month, visitor.language)
    what = (
        f'<a href="/" target="_self">{esc(say("deadlines.report", month=month, forms=forms))}</a>'
    )
    if one.returned:
        what += " " + pill(say("deadlines.returned"), Tone.WARN)
    left = (one.due_on - today).days
    return _ToDo(one.due_on, what, _left(visitor, left), left < 0)


def _stage(visitor: Visitor, clock: StageClock) -> _ToDo:
    say = visitor.say
    stage = visitor.language.pick(clock.stage_zh, clock.stage_en) or clock.stage
    words = say("deadlines.audit", round=clock.audit_round, stage=stage)
    what = f'<a href="/audit" target="_self">{esc(words)}</a>'
    if clock.state == "not_recorded":
        return _ToDo(clock.due_on, what, pill(say("clock.not_recorded"), Tone.WARN), False)
    left = -(clock.days_late or 0) if clock.state == "overdue" else clock.days_left or 0
    return _ToDo(clock.due_on, what, _left(visitor, left), left < 0)


def _left(visitor: Visitor, left: int) -> str:
    say = visitor.say
    if left < 0:
        return pill(say("clock.overdue", late=-left), Tone.BAD)
    return pill(say("clock.running", left=left) if left else say("deadlines.today"), Tone.PLAIN)
