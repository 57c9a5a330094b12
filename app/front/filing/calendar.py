"""The firm's own months: what is filed, what is owed, until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from front import figures, paths
from front.frame import panel
from front.markup import esc, panel_head
from front.overview.filing import state_pill
from front.visitor import Visitor
from greenmfg.portal import OwnMonth


def month_to_file(months: Sequence[OwnMonth]) -> date | None:
    """The month the page opens with: the newest that is past its end and not complete, or else
    the newest of all."""
    open_months = [m.month for m in months if m.open]
    if open_months:
        return max(open_months)
    return months[0].month if months else None


def calendar_panel(visitor: Visitor, months: Sequence[OwnMonth]) -> None:
    say = visitor.say
    with panel("own_months"):
        owing = len({m.month for m in months if m.owed and m.state in ("missing", "returned")})
        sub = say("calendar.owing", count=owing) if owing else say("calendar.none_owing")
        st.html(panel_head(say("calendar.title"), sub) + _table(visitor, months))


def _table(visitor: Visitor, months: Sequence[OwnMonth]) -> str:
    say = visitor.say
    forms = list(dict.fromkeys(m.form for m in months))
    head = "".join(f'<th scope="col">{esc(say(f"form.{form}_short"))}</th>' for form in forms)
    body = ""
    for month in dict.fromkeys(m.month for m in months):
        own = {m.form: m for m in months if m.month == month}
        cells = "".join(f"<td>{_cell(visitor, own[form])}</td>" for form in forms if form in own)
        body += f'<tr><th scope="row">{figures.month_code(month)}</th>{cells}</tr>'
    label = esc(say("calendar.title"))
    return (
        f'<table class="months" aria-label="{label}"><thead><tr>'
        f'<th scope="col">{esc(say("column.month"))}</th>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def _cell(visitor: Visitor, own: OwnMonth) -> str:
    say = visitor.say
    note = ""
    if own.satisfied_by:
        note = say(f"satisfied.{own.satisfied_by}")
    elif not own.owed and own.open:
        return f"<small>{esc(say('calendar.not_owed'))}</small>"
    elif own.open:
        note = say("card.due_on", day=f"{own.due_on:%m-%d}")
    link = ""
    if own.receipt:
        address = esc(visitor.address(f"{paths.RECEIPT}{own.receipt}"))
        link = f' <a href="{address}" target="_blank" rel="noopener">{esc(own.receipt)}</a>'
    return f"{state_pill(visitor, own.state)}<small>{esc(note)}{link}</small>"
