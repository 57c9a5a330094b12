"""An enterprise's resource efficiency: its class, and the four indicators behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from front import figures
from front.benchmarks.efficiency import CLASS_TONES
from front.frame import head, panel
from front.markup import Cell, chip, esc, pill, table
from front.reasons import why_not_measured
from front.visitor import Visitor
from greenmfg.queries.benchmarks import Efficiency, EfficiencyPart


def efficiency_panel(
    visitor: Visitor,
    uscc: str,
    result: Efficiency | None,
    parts: Sequence[EfficiencyPart],
    month: date,
) -> None:
    """A firm sees its class and its own values. Points would give the district's values away:
    they are made of other firms' figures, and are the bureau's."""
    say, bureau = visitor.say, visitor.tenant is None
    csv = None
    if bureau:
        csv = ("resource_efficiency", {"uscc": uscc, "month": figures.month_code(month)})
    with panel("efficiency"):
        head(
            say,
            say("efficiency.title"),
            say("efficiency.own_sub", month=figures.month_words(month, visitor.language)),
            [
                say("method.efficiency"),
                say("method.efficiency_missing"),
                say("method.efficiency_ours"),
            ],
            csv,
        )
        if result is None:
            st.html(f'<p class="quiet">{esc(say("efficiency.outside"))}</p>')
            return
        note = "" if bureau else f'<p class="quiet">{esc(say("efficiency.own_class_only"))}</p>'
        st.html(_verdict(visitor, result) + _parts(visitor, parts) + note)


def _verdict(visitor: Visitor, result: Efficiency) -> str:
    say = visitor.say
    if result.efficiency_class is None:
        return (
            f'<p class="pills">{pill(say("status.not_measurable"))}'
            f"{chip(why_not_measured(say, result.reason))}</p>"
        )
    shown = pill(
        say("efficiency.class", name=result.efficiency_class),
        CLASS_TONES[result.efficiency_class],
    )
    if visitor.tenant is None:
        shown += chip(say("efficiency.score", score=figures.number(result.score, 1)))
    if result.weight_measured_share is not None and result.weight_measured_share < 1:
        share = figures.percent(result.weight_measured_share, 0)
        shown += chip(say("efficiency.partly", share=share))
    return f'<p class="pills">{shown}</p>'


def _parts(visitor: Visitor, parts: Sequence[EfficiencyPart]) -> str:
    say, bureau = visitor.say, visitor.tenant is None
    headers = [
        (say("scoreboard.column_indicator"), False),
        (say("efficiency.column_value"), True),
        (say("efficiency.column_weight"), True),
    ]
    if bureau:
        headers[2:2] = [
            (say("efficiency.column_district"), True),
            (say("efficiency.column_points"), True),
        ]
    rows = []
    for part in parts:
        name = (
            f"<b>{esc(say(f'efficiency.{part.indicator}'))}</b>"
            f'<span class="under">{esc(say(f"efficiency.unit_{part.indicator}"))}</span>'
        )
        value = esc(figures.number(part.value, 2))
        if part.reason is not None:
            value += f'<span class="under because">{esc(why_not_measured(say, part.reason))}</span>'
        row = [Cell(name), Cell(f"<b>{value}</b>", numeric=True)]
        if bureau:
            row += [
                Cell.figure(figures.number(part.district_value, 2)),
                Cell.figure(figures.number(part.points)),
            ]
        rows.append([*row, Cell.figure(figures.percent(part.weight, 0))])
    return table(headers, rows, say("efficiency.title"))
