"""Who has not filed: parks by month, and the firms that still owe a form."""

from __future__ import annotations

from datetime import date

import streamlit as st

from front import figures
from front.data import Overview
from front.frame import head, panel
from front.markup import Cell, esc, firm_link, pill, table
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.cross_form import CrossFormFact
from greenmfg.queries.overview import MissingFirm, ParkMonth

_MANY = 3
_STATE_TONES = {
    "missing": Tone.BAD,
    "returned": Tone.WARN,
    "awaiting_review": Tone.WARN,
    "late": Tone.PLAIN,
    "filed": Tone.GOOD,
    "not_due_yet": Tone.PLAIN,
}


def filing_panel(visitor: Visitor, shown: Overview, month: date) -> None:
    say = visitor.say
    with panel("filing"):
        owing = len(shown.missing)
        sub = say("filing.sub", count=owing) if owing else say("filing.sub_none")
        head(
            say,
            say("filing.title"),
            sub,
            [say("method.filing"), say("method.january"), say("method.cross_form")],
            ("filing_coverage", {"month": figures.month_code(month)}),
        )
        if not shown.park_months:
            st.html(f'<p class="quiet">{esc(say("empty.no_coverage"))}</p>')
            return
        st.html(_heat(visitor, shown.park_months))
        if shown.missing:
            st.html(_missing(visitor, shown.missing))
        if shown.cross_form:
            st.html(_cross_form(visitor, shown.cross_form))


def _heat(visitor: Visitor, entries: list[ParkMonth]) -> str:
    say = visitor.say
    months = sorted({entry.month for entry in entries})
    parks = list(dict.fromkeys(entry.park for entry in entries))
    found = {(entry.park, entry.month): entry for entry in entries}
    head_cells = "".join(
        f'<th scope="col" title="{figures.month_code(month)}">{month.month}</th>'
        for month in months
    )
    lines = "".join(
        f'<tr><th scope="row" title="{esc(park)}">{esc(park or say("filing.no_park"))}</th>'
        + "".join(_heat_cell(visitor, found.get((park, month))) for month in months)
        + "</tr>"
        for park in parks
    )
    label, corner = esc(say("filing.heat")), esc(say("column.month"))
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table class="heat">'
        f'<thead><tr><th scope="col">{corner}</th>{head_cells}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>{_legend(visitor)}"
    )


def _legend(visitor: Visitor) -> str:
    say = visitor.say
    kinds = {
        "all": say("filing.all"),
        "late": say("filing.late"),
        "few": say("filing.few", count=_MANY - 1),
        "many": say("filing.many", count=_MANY),
    }
    marks = "".join(f'<i class="{kind}"></i>{esc(words)}' for kind, words in kinds.items())
    return f'<p class="legend">{marks}</p>'


def _heat_cell(visitor: Visitor, entry: ParkMonth | None) -> str:
    if entry is None:
        return "<td></td>"
    if not entry.due:
        kind, text = "waiting", ""
    elif entry.firms_missing >= _MANY:
        kind, text = "many", str(entry.firms_missing)
    elif entry.firms_missing:
        kind, text = "few", str(entry.firms_missing)
    else:
        kind, text = ("late" if entry.firms_late else "all"), ""
    words = visitor.say(
        "filing.cell",
        month=figures.month_code(entry.month),
        missing=entry.firms_missing,
        late=entry.firms_late,
        due=entry.firms_due,
    )
    return (
        f'<td class="{kind}" title="{esc(words)}"><span aria-hidden="true">{text}</span>'
        f'<span class="unseen">{esc(words)}</span></td>'
    )


def _missing(visitor: Visitor, missing: list[MissingFirm]) -> str:
    say = visitor.say
    rows = []
    for firm in missing:
        last = figures.month_code(firm.last_filed) if firm.last_filed else say("filing.never")
        rows.append(
            [
                Cell(
                    f'{firm_link(firm.uscc, firm.name)}<span class="under">'
                    f"{esc(firm.park or figures.NOTHING)}</span>"
                ),
                Cell(state_pill(visitor, firm.energy_state)),
                Cell(state_pill(visitor, firm.output_state)),
                Cell.figure(last),
            ]
        )
    headers = [
        (say("column.firm"), False),
        (say("form.energy_monthly_short"), False),
        (say("form.output_monthly_short"), False),
        (say("column.last_filed"), True),
    ]
    return table(headers, rows, say("filing.title"), "medium")


def _cross_form(visitor: Visitor, facts: list[CrossFormFact]) -> str:
    say = visitor.say
    rows = [
        [
            Cell(
                f'{firm_link(fact.uscc, fact.name)}<span class="under">'
                f"{esc(fact.park or figures.NOTHING)}</span>"
            ),
            Cell(
                pill(say(f"fact.{fact.fact}"), Tone.WARN if fact.past_due else Tone.PLAIN)
                + (
                    ""
                    if fact.past_due
                    else f"<small>{esc(say('filing_state.not_due_yet'))}</small>"
                )
            ),
            Cell.figure(figures.tce(fact.energy_tce)),
        ]
        for fact in facts
    ]
    title = say("fact.title", count=len({fact.uscc for fact in facts}))
    headers = [(title, False), (say("fact.both_forms"), False), ("tce", True)]
    return table(headers, rows, title, "medium")


def state_pill(visitor: Visitor, state: str | None) -> str:
    if state is None:
        return figures.NOTHING
    return pill(visitor.say(f"filing_state.{state}"), _STATE_TONES[state])
