"""Where an enterprise's cleaner-production audits stand, and the clock of each stage."""

from __future__ import annotations

import streamlit as st

from front import figures
from front.frame import head, panel
from front.markup import Cell, esc, pill, table
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.audits import StageClock
from greenmfg.queries.enterprise import AuditRound


def audits_panel(
    visitor: Visitor, uscc: str, rounds: list[AuditRound], clocks: list[StageClock]
) -> None:
    say = visitor.say
    with panel("rounds"):
        head(
            say,
            say("rounds.title"),
            say("rounds.sub"),
            [say("method.audits"), say("method.audit_clock")],
            ("audit_clocks", {"uscc": uscc}),
        )
        if not rounds:
            st.html(f'<p class="quiet">{esc(say("rounds.none"))}</p>')
            return
        of_round: dict[str, list[StageClock]] = {}
        for clock in clocks:
            of_round.setdefault(clock.audit_round, []).append(clock)
        st.html("".join(_round(visitor, a, of_round.get(a.audit_round, [])) for a in rounds))


def _round(visitor: Visitor, audit: AuditRound, clocks: list[StageClock]) -> str:
    say, pick = visitor.say, visitor.language.pick
    badge = pill(say(f"stream.{audit.stream}")) if audit.stream else ""
    if audit.counts_toward_target:
        badge += pill(say("rounds.counts"), Tone.GOOD)
    if audit.overdue and audit.days_left is not None:
        badge += pill(say("audits.days", days=-audit.days_left), Tone.BAD)
    facts = [
        (
            say("column.last_stage"),
            pick(audit.last_stage_zh, audit.last_stage_en) or figures.NOTHING,
            audit.last_stage_on,
        ),
        (
            say("column.next_stage"),
            pick(audit.next_stage_zh, audit.next_stage_en) or figures.NOTHING,
            audit.next_due_on,
        ),
    ]
    items = "".join(
        f"<div><dt>{esc(word)}</dt><dd>{esc(value)}"
        f"<small>{esc(on.isoformat() if on else '')}</small></dd></div>"
        for word, value, on in facts
    )
    title = esc(say("rounds.round", round=audit.audit_round))
    return (
        f'<section class="round"><h3>{title}{badge}</h3><dl class="facts">{items}</dl>'
        f"{_clocks(visitor, clocks)}</section>"
    )


def _clocks(visitor: Visitor, clocks: list[StageClock]) -> str:
    """Each stage with a limit: when it is due, and what has become of it."""
    if not clocks:
        return ""
    say = visitor.say
    headers = [
        (say("rounds.stage"), False),
        (say("column.due_on"), True),
        (say("rounds.clock"), True),
    ]
    rows = [
        [
            Cell.text(visitor.language.pick(clock.stage_zh, clock.stage_en) or clock.stage),
            Cell.figure(clock.due_on.isoformat()),
            Cell(_state(visitor, clock), numeric=True),
        ]
        for clock in clocks
    ]
    return table(headers, rows, say("rounds.clocks"))


def _state(visitor: Visitor, clock: StageClock) -> str:
    words = visitor.say(
        f"clock.{clock.state}", left=clock.days_left or 0, late=clock.days_late or 0
    )
    on = f"<small>{clock.done_on.isoformat()}</small> " if clock.done_on else ""
    return f"{on}{pill(words, _TONES[clock.state])}"


_TONES = {
    "done_in_time": Tone.GOOD,
    "done_late": Tone.WARN,
    "running": Tone.PLAIN,
    "overdue": Tone.BAD,
    "not_recorded": Tone.WARN,
    "replaced": Tone.PLAIN,
}
