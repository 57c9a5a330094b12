"""The overview page, in reading order."""

from __future__ import annotations

from datetime import date

import streamlit as st

from front import data, figures
from front.beside import beside_row
from front.frame import nothing, page_head, panel, release_parts
from front.overview import audits, change, filing, firms, parks, target
from front.overview.cards import overview_cards
from front.visitor import Visitor
from greenmfg.queries.overview import MonthChoice, ReleaseFacts


def overview_page(visitor: Visitor, enterprise: st.Page) -> None:
    """For the bureau only: no firm's navigation leads here."""
    say = visitor.say
    published = data.current_release()
    if published is None:
        raise data.ReleaseMoved
    release = published.release
    facts = data.facts(release)
    choices = data.months(release)
    if not choices:
        page_head(say("overview.title"), release_parts(say, published, facts))
        nothing(say("empty.no_months_title"), say("empty.no_months"))
        return
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    with right:
        month = _month(visitor, choices, facts)
    shown = data.overview_of(release, month)
    with left:
        parts = release_parts(say, published, facts)
        if shown.headline is not None:
            filed = f"{shown.headline.firms_filed}/{shown.headline.firms_due}"
            parts.insert(1, (say("head.filed", month=figures.month_code(month)), filed))
        page_head(say("overview.title"), parts)
    if shown.headline is None:
        nothing(say("empty.no_target_title"), say("empty.no_target"))
        return
    st.html(overview_cards(visitor, shown, shown.headline))
    first, second = st.columns([1.5, 1])
    with first:
        target.target_panel(visitor, shown.headline, shown)
    with second:
        change.change_panel(visitor, shown.change, month)
    first, second = st.columns([1.5, 1])
    with first, panel("firms"):
        firms.firms_content(visitor, release, month, enterprise)
    with second, panel("groups"):
        parks.groups_content(visitor, release, month)
    parks.parks_panel(visitor, data.groups_of(release, "park", month), month)
    beside_row(visitor, release, "district", "", month)
    first, second = st.columns([1.5, 1])
    with first:
        audits.audits_panel(visitor, shown)
    with second:
        filing.filing_panel(visitor, shown, month)


def _month(visitor: Visitor, choices: list[MonthChoice], facts: ReleaseFacts) -> date:
    """The chosen month; the headline month until another is chosen."""
    months = [choice.month for choice in choices]
    start = facts.data_through if facts.data_through in months else months[0]
    kinds = {choice.month: choice for choice in choices}

    def words(month: date) -> str:
        text = figures.month_words(month, visitor.language)
        late = kinds[month].provisional
        return f"{text} · {visitor.say('month.provisional')}" if late else text

    chosen: date = st.selectbox(
        visitor.say("month.label"),
        months,
        index=months.index(start),
        format_func=words,
        key="overview_month",
    )
    return chosen
