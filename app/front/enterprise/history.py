"""What an enterprise filed and when, and where its cleaner-production audits stand."""

from __future__ import annotations

from datetime import date

import streamlit as st

from front import figures
from front.frame import head, panel
from front.markup import esc, pill
from front.overview.filing import state_pill
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.cross_form import CrossFormFact
from greenmfg.queries.enterprise import FilingMonth

_FORMS = ("energy_monthly", "output_monthly")


def filing_panel(
    visitor: Visitor, uscc: str, filings: list[FilingMonth], facts: list[CrossFormFact]
) -> None:
    say = visitor.say
    with panel("history"):
        head(
            say,
            say("history.title"),
            say("history.sub"),
            [say("method.filing"), say("method.january"), say("method.cross_form")],
            ("filing_coverage", {"uscc": uscc}),
        )
        if not filings:
            st.html(f'<p class="quiet">{esc(say("empty.no_coverage"))}</p>')
            return
        st.html(_calendar(visitor, filings, facts))


def _calendar(visitor: Visitor, filings: list[FilingMonth], facts: list[CrossFormFact]) -> str:
    say = visitor.say
    months = sorted({filing.month for filing in filings})
    found = {(filing.form, filing.month): filing for filing in filings}
    head_cells = "".join(f'<th scope="col">{_tick(visitor, month)}</th>' for month in months)
    lines = "".join(
        f'<tr><th scope="row">{esc(say(f"form.{form}_short"))}</th>'
        + "".join(_filed(visitor, found.get((form, month))) for month in months)
        + "</tr>"
        for form in _FORMS
    )
    if facts:
        lines += f'<tr><th scope="row">{esc(say("fact.both_forms"))}</th>' + "".join(
            f"<td>{''.join(_fact(visitor, fact) for fact in facts if fact.month == month)}</td>"
            for month in months
        )
        lines += "</tr>"
    label = esc(say("history.title"))
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">'
        f'<table class="calendar"><thead><tr><td></td>{head_cells}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _tick(visitor: Visitor, month: date) -> str:
    """As markup: the year stands above January."""
    tick = esc(figures.month_tick(month, visitor.language))
    return f"{month.year}<br>{tick}" if month.month == 1 else tick


def _filed(visitor: Visitor, filing: FilingMonth | None) -> str:
    if filing is None:
        return f"<td>{figures.NOTHING}</td>"
    say = visitor.say
    note = ""
    if filing.satisfied_by:
        note = say(f"satisfied.{filing.satisfied_by}")
    elif filing.state == "late":
        note = say("history.days_late", days=filing.days_late)
    elif filing.state in ("missing", "not_due_yet"):
        note = say("card.due_on", day=f"{filing.due_on:%m-%d}")
    return f"<td>{state_pill(visitor, filing.state)}<small>{esc(note)}</small></td>"


def _fact(visitor: Visitor, fact: CrossFormFact) -> str:
    say = visitor.say
    badge = pill(say("fact.differ"), Tone.WARN if fact.past_due else Tone.PLAIN)
    return f"{badge}<small>{esc(say(f'fact.{fact.fact}'))}</small>"
