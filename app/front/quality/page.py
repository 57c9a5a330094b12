"""The data-quality page, in reading order: the score, what checks found, which firms to call."""

from __future__ import annotations

from datetime import date
from typing import cast

import streamlit as st

from front import data, figures
from front.frame import nothing, page_head, release_parts
from front.quality import checks, corrections, firms
from front.quality.cards import quality_cards
from front.visitor import Visitor
from greenmfg.queries.quality import QualityWindow

_WINDOWS: tuple[QualityWindow, ...] = ("rolling_12", "month")


def quality_page(visitor: Visitor) -> None:
    """For the bureau only: no firm's navigation leads here."""
    say = visitor.say
    published = data.current_release()
    if published is None:
        raise data.ReleaseMoved
    release = published.release
    facts = data.facts(release)
    parts = release_parts(say, published, facts)
    months = [choice.month for choice in data.months(release)]
    if not months:
        page_head(say("nav.quality"), parts)
        nothing(say("empty.no_months_title"), say("empty.no_months"))
        return
    left, middle, right = st.columns([3, 1.2, 1], vertical_alignment="bottom")
    with right:
        month = _month(visitor, months, facts.data_through)
    with middle:
        window = _window(visitor)
    shown = data.data_quality_of(release, month, window)
    with left:
        parts.insert(1, (say("head.shown_month"), figures.month_code(month)))
        page_head(say("nav.quality"), parts)
    st.html(quality_cards(visitor, shown, month))
    checks.checks_panel(visitor, shown.checks, month)
    firms.firms_panel(visitor, shown.firms, month, window)
    corrections.corrections_panel(visitor)


def _month(visitor: Visitor, months: list[date], headline: date | None) -> date:
    """The chosen month; the headline month until another is chosen."""
    chosen: date = st.selectbox(
        visitor.say("month.label"),
        months,
        index=months.index(headline) if headline in months else 0,
        format_func=lambda month: figures.month_words(month, visitor.language),
        key="quality_month",
    )
    return chosen


def _window(visitor: Visitor) -> QualityWindow:
    """Of the firms' scores; the checks always show twelve months."""
    chosen = st.segmented_control(
        visitor.say("quality.window"),
        _WINDOWS,
        default=_WINDOWS[0],
        format_func=lambda window: visitor.say(f"window.{window}"),
        required=True,
        label_visibility="collapsed",
        key="quality_window",
    )
    return cast(QualityWindow, chosen or _WINDOWS[0])
