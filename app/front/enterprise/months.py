"""The months of an enterprise: click one, see its arithmetic and the filed rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from front import charts, data, figures
from front.data import Enterprise
from front.enterprise.behind import behind_panel
from front.fragments import live_fragment
from front.frame import head, panel
from front.markup import Cell, bar, esc, table
from front.reasons import why_not_measured
from front.visitor import Visitor
from greenmfg.queries.enterprise import MixItem, MonthBar


@live_fragment
def months_row(visitor: Visitor, release: str, uscc: str, month: date) -> None:
    """The chart, the mix, and the chosen month. Only this reruns when a month is clicked."""
    shown = data.enterprise_of(release, uscc, month)
    key = f"month_of_{uscc}_{month}"
    months = [entry.month for entry in shown.bars]
    if st.session_state.get(key) not in months:
        measured = [entry.month for entry in shown.bars if entry.intensity is not None]
        st.session_state[key] = measured[-1] if measured else months[-1]
    first, second = st.columns([1.5, 1])
    with first:
        _bars_panel(visitor, shown, uscc, months, key)
    with second:
        _mix_panel(visitor, shown.mix, uscc, month)
    behind_panel(visitor, release, uscc, months, key)


def _bars_panel(
    visitor: Visitor, shown: Enterprise, uscc: str, months: list[date], key: str
) -> None:
    say = visitor.say
    ytd = shown.standings.get("ytd")
    with panel("bars"):
        head(
            say,
            say("bars.title"),
            say("bars.sub", target=figures.number(ytd.target if ytd else None, 4)),
            [say("method.intensity"), say("method.enterprise_months"), say("method.windows")],
            ("enterprise_months", {"uscc": uscc}),
        )
        bars = tuple((b.month, b.intensity, _why(visitor, b)) for b in shown.bars)
        chart = f"bars_{uscc}_{months[-1]}"

        def clicked() -> None:
            # A second click on the same month clears the selection: the month stays chosen.
            picked = _picked(st.session_state.get(chart))
            if picked in months:
                st.session_state[key] = picked

        st.vega_lite_chart(
            charts.month_bars_chart(
                bars, st.session_state[key], ytd.target if ytd else 0.0, visitor.language
            ),
            width="stretch",
            theme=None,
            on_select=clicked,
            selection_mode="clicked",
            alt=say("bars.title"),
            key=chart,
        )


def _picked(state: Any) -> date | None:
    """The clicked month out of the chart's selection state, if there is one."""
    selection = state.get("selection", {}) if isinstance(state, Mapping) else {}
    points = selection.get("clicked") or []
    return date.fromisoformat(f"{points[0]['month']}-01") if points else None


def _why(visitor: Visitor, entry: MonthBar) -> str:
    say = visitor.say
    if entry.covered_by_february:
        return say("reason.covered_by_february")
    if entry.intensity is not None:
        return ""
    if entry.nil_return:
        return say("reason.nil_return")
    return why_not_measured(say, entry.unmatched_reason or entry.reason)


def _mix_panel(visitor: Visitor, mix: list[MixItem], uscc: str, month: date) -> None:
    say = visitor.say
    with panel("mix"):
        head(
            say,
            say("mix.title"),
            say("mix.sub", window=figures.year_to_date(month, visitor.language)),
            [say("method.mix"), say("method.coefficients")],
            ("enterprise_energy_months", {"uscc": uscc}),
        )
        if not mix:
            st.html(f'<p class="quiet">{esc(say("empty.no_mix"))}</p>')
            return
        largest = max(float(item.energy_tce) for item in mix) or 1.0
        rows = [
            [
                Cell(
                    f'<span class="group">{esc(_item(visitor, item))}</span>'
                    f"{bar(float(item.energy_tce) / largest)}"
                ),
                Cell.figure(figures.tce(item.energy_tce)),
                Cell.figure(figures.percent(item.share)),
            ]
            for item in mix
        ]
        headers = [(say("column.item"), False), ("tce", True), (say("column.share"), True)]
        st.html(table(headers, rows, say("mix.title"), "medium"))


def _item(visitor: Visitor, item: MixItem) -> str:
    return visitor.language.pick(item.name_zh, item.name_en) or item.energy_item
