"""For the steward: closed months that were changed, those without a reason first."""

from __future__ import annotations

import streamlit as st

from front import data, figures, paths
from front.filing.office import office_of
from front.frame import head, panel
from front.markup import Cell, esc, firm_link, pill, table
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.access import Role
from greenmfg.portal import Correction, Office

_PAGE = 100


def corrections_panel(visitor: Visitor) -> None:
    """Nothing for anyone but the steward, whose call it is to ask the firm."""
    office = office_of(data.settings())
    if visitor.person.role is not Role.STEWARD or office is None:
        return
    say = visitor.say
    found = office.corrections_of_all_firms()
    with panel("corrections"):
        silent = sum(one.reason is None for one in found)
        sub = say("corrections.sub", silent=silent, count=len(found))
        head(say, say("corrections.title"), sub, [say("corrections.method")], None)
        if not found:
            st.html(f'<p class="quiet">{esc(say("corrections.none"))}</p>')
            return
        headers = [
            (say("column.firm"), False),
            (say("column.month"), False),
            (say("column.form"), False),
            (say("mine.version"), False),
            (say("deadlines.due"), True),
            (say("receipt_step.received_at"), True),
            (say("column.receipt"), False),
            (say("corrections.reason"), False),
        ]
        rows = [_row(visitor, office, one) for one in found[:_PAGE]]
        st.html(table(headers, rows, say("corrections.title"), "tall corrections"))
        if len(found) > _PAGE:
            note = say("corrections.more", shown=_PAGE, count=len(found))
            st.html(f'<p class="quiet">{esc(note)}</p>')


def _row(visitor: Visitor, office: Office, one: Correction) -> list[Cell]:
    say, filing = visitor.say, one.filing
    version = say("corrections.version", new=filing.version, old=one.of_version)
    address = esc(f"{paths.RECEIPT}{filing.receipt}")
    silent = pill(say("corrections.silent"), Tone.BAD)
    return [
        Cell(firm_link(filing.subject, office.name(filing.subject) or filing.subject)),
        Cell.text(figures.month_code(filing.period) if filing.period else figures.NOTHING),
        Cell.text(say(f"form.{filing.form}_short")),
        Cell.text(version),
        Cell.figure(one.due_on.isoformat()),
        Cell.figure(figures.stamp(filing.received_at)),
        Cell(f'<a href="{address}" target="_blank" rel="noopener">{esc(filing.receipt)}</a>'),
        Cell(silent if one.reason is None else esc(one.reason)),
    ]
