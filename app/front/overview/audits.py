"""Cleaner-production audits: how many rounds stand at which step, and which are overdue."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from front import figures
from front.data import Overview
from front.frame import head, panel
from front.markup import Cell, esc, firm_link, table
from front.steps import AUDIT_STEPS, STEP_OF_STAGE
from front.visitor import Visitor
from greenmfg.queries.overview import OverdueAudit, StageCount


def audits_panel(visitor: Visitor, shown: Overview) -> None:
    say = visitor.say
    with panel("audits"):
        head(
            say,
            say("audits.title"),
            say("audits.sub"),
            [say("method.audits"), say("method.audit_clock"), say("method.audit_steps")],
            ("cleaner_production_audits", {}),
        )
        if not shown.stages:
            st.html(f'<p class="quiet">{esc(say("empty.no_audits"))}</p>')
            return
        st.html(_steps(visitor, shown.stages))
        if shown.overdue:
            st.html(_overdue(visitor, shown.overdue))
        else:
            st.html(f'<p class="quiet">{esc(say("audits.none_overdue"))}</p>')


def _steps(visitor: Visitor, stages: list[StageCount]) -> str:
    say = visitor.say
    audits: Counter[str] = Counter()
    overdue: Counter[str] = Counter()
    for stage in stages:
        step = STEP_OF_STAGE[stage.stage]
        audits[step] += stage.audits
        overdue[step] += stage.overdue
    shown = [step for step in AUDIT_STEPS if step != "failed" or audits[step]]
    items = []
    for step in shown:
        late = overdue[step]
        note = f"<em>{esc(say('audits.step_overdue', count=late))}</em>" if late else ""
        name = esc(say(f"step.{step}"))
        items.append(f'<li class="{step}"><b>{audits[step]}</b><span>{name}</span>{note}</li>')
    return f'<ol class="steps">{"".join(items)}</ol>'


def _overdue(visitor: Visitor, overdue: list[OverdueAudit]) -> str:
    say = visitor.say
    rows = [
        [
            Cell(
                f'{firm_link(audit.uscc, audit.name)}<span class="under">'
                f"{esc(_under(visitor, audit))}</span>"
            ),
            Cell.text(_stage(visitor, audit.last_stage_zh, audit.last_stage_en)),
            Cell.text(_stage(visitor, audit.next_stage_zh, audit.next_stage_en)),
            Cell.figure(audit.next_due_on.isoformat()),
            Cell(
                f'<b class="bad">{esc(say("audits.days", days=-audit.days_left))}</b>',
                numeric=True,
            ),
        ]
        for audit in overdue
    ]
    headers = [
        (say("column.overdue_firm", count=len(overdue)), False),
        (say("column.last_stage"), False),
        (say("column.next_stage"), False),
        (say("column.due_on"), True),
        (say("column.overdue"), True),
    ]
    return table(headers, rows, say("audits.overdue_list"), "tall overdue")


def _under(visitor: Visitor, audit: OverdueAudit) -> str:
    stream = visitor.say(f"stream.{audit.stream}") if audit.stream else None
    return " · ".join(word for word in (audit.park, stream) if word)


def _stage(visitor: Visitor, zh: str | None, en: str | None) -> str:
    return visitor.language.pick(zh, en) or figures.NOTHING
