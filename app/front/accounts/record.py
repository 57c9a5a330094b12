"""What administrators did, newest first, from the event log."""

from __future__ import annotations

import streamlit as st

from front import figures
from front.frame import nothing, panel
from front.markup import Cell, esc, panel_head, table
from front.visitor import Visitor
from greenmfg.access import AccountDesk
from greenmfg.registry import Event

_SHOWN = 200
# What was given goes beside the deed; all of it stands in the event log.
_TOLD = ("role", "firm", "agent", "until", "label", "identity")


def record_view(who: Visitor, desk: AccountDesk) -> None:
    say = who.say
    acts = desk.acts(_SHOWN)
    with panel("accounts_record"):
        st.html(panel_head(say("record.title"), say("record.sub", count=_SHOWN)))
        if not acts:
            nothing(say("record.none_title"), say("record.none"))
            return
        heads = ("at", "by", "act", "subject", "told")
        rows = [_row(who, event) for event in acts]
        st.html(table([(say(f"record.{h}"), False) for h in heads], rows, say("record.title")))


def _row(who: Visitor, event: Event) -> list[Cell]:
    told = " · ".join(str(event.payload[name]) for name in _TOLD if event.payload.get(name))
    return [
        Cell.text(figures.stamp(event.at)),
        Cell.text(event.actor),
        Cell.text(who.say(f"act.{event.kind}")),
        Cell(f"<code>{esc(event.subject)}</code>"),
        Cell.text(told),
    ]
