"""The benchmarks page, in reading order: who uses more than the benchmark, industries, efficiency."""

from __future__ import annotations

from datetime import date
from typing import cast

import streamlit as st

from front import data, figures
from front.benchmarks import efficiency, firms, industries
from front.benchmarks.cards import benchmark_cards
from front.frame import nothing, page_head, release_parts
from front.visitor import Visitor
from greenmfg.queries.benchmarks import BenchmarkWindow

_WINDOWS: tuple[BenchmarkWindow, ...] = ("ytd", "rolling_12")


def benchmarks_page(visitor: Visitor) -> None:
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
        page_head(say("nav.benchmarks"), parts)
        nothing(say("empty.no_months_title"), say("empty.no_months"))
        return
    left, middle, right = st.columns([3, 1.2, 1], vertical_alignment="bottom")
    with right:
        month = _month(visitor, months, facts.data_through)
    with middle:
        window = _window(visitor)
    with left:
        parts.insert(1, (say("head.shown_month"), figures.month_code(month)))
        page_head(say("nav.benchmarks"), parts)
    shown = data.benchmarks_of(release, month, window)
    if not shown.firms:
        nothing(say("benchmarks.none_title"), say("benchmarks.none"))
        return
    st.html(benchmark_cards(visitor, shown))
    firms.firms_panel(visitor, shown.firms, month, window)
    industries.industries_panel(visitor, shown.industries, month, window)
    first, second = st.columns([1, 1.6])
    with first:
        efficiency.rules_panel(visitor, shown, month)
    with second:
        efficiency.scores_panel(visitor, shown.efficiencies, month)


def _month(visitor: Visitor, months: list[date], headline: date | None) -> date:
    """The chosen month; the headline month until another is chosen."""
    chosen: date = st.selectbox(
        visitor.say("month.label"),
        months,
        index=months.index(headline) if headline in months else 0,
        format_func=lambda month: figures.month_words(month, visitor.language),
        key="benchmarks_month",
    )
    return chosen


def _window(visitor: Visitor) -> BenchmarkWindow:
    chosen = st.segmented_control(
        visitor.say("benchmarks.window"),
        _WINDOWS,
        default=_WINDOWS[0],
        format_func=lambda window: visitor.say(f"window.{window}"),
        required=True,
        label_visibility="collapsed",
        key="benchmarks_window",
    )
    return cast(BenchmarkWindow, chosen or _WINDOWS[0])
