"""The bureau's audits page, in reading order: the count and its forecast, clocks, rounds, savings."""

from __future__ import annotations

from datetime import date

import streamlit as st

from front import data, figures
from front.audits import clocks, course, rounds, savings
from front.audits.cards import program_cards
from front.frame import nothing, page_head, release_parts
from front.visitor import Visitor
from greenmfg.queries.overview import ReleaseFacts


def audits_page(visitor: Visitor) -> None:
    """For the bureau only: no firm's navigation leads here."""
    say = visitor.say
    published = data.current_release()
    if published is None:
        raise data.ReleaseMoved
    release = published.release
    facts = data.facts(release)
    parts = release_parts(say, published, facts)
    months = data.audited_months(release)
    if not months:
        page_head(say("program.title"), parts)
        nothing(say("program.none_title"), say("program.none"))
        return
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    with right:
        month = _month(visitor, months, facts)
    shown = data.audit_program_of(release, month)
    with left:
        parts[0] = (say("scoreboard.as_of"), figures.month_code(month))
        parts.insert(1, (say("program.clocks_on"), facts.built_today.isoformat()))
        page_head(say("program.title"), parts)
    st.html(program_cards(visitor, shown, month))
    first, second = st.columns([1.5, 1])
    with first:
        course.course_panel(visitor, shown, month)
    with second:
        course.forecast_panel(visitor, shown, month)
    first, second = st.columns([1.5, 1])
    with first:
        clocks.stages_panel(visitor, shown.stages)
    with second:
        clocks.open_panel(visitor, shown.clocks)
    savings.savings_panel(visitor, shown, month)
    first, second = st.columns([1.5, 1])
    with first:
        rounds.repeated_panel(visitor, shown.repeated)
    with second:
        rounds.park_panel(visitor, shown.park_audits)


def _month(visitor: Visitor, months: list[date], facts: ReleaseFacts) -> date:
    """The chosen month; the running one until another is chosen: clocks are read on that day too."""
    today = facts.built_today.replace(day=1)
    chosen: date = st.selectbox(
        visitor.say("month.label"),
        months,
        index=months.index(today) if today in months else 0,
        format_func=lambda month: figures.month_words(month, visitor.language),
        key="audits_month",
    )
    return chosen
