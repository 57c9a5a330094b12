"""The resource-efficiency score: its four indicators with their weights, classes, and the firms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from front import figures
from front.benchmarks.cards import CLASSES
from front.data import Benchmarks
from front.frame import head, panel
from front.markup import Cell, bar, esc, firm_link, pill, table
from front.reasons import why_not_measured
from front.visitor import Visitor
from greenmfg.queries.benchmarks import Efficiency, Indicator

CLASS_TONES = dict(CLASSES)
INDICATORS: tuple[Indicator, ...] = (
    "value_added_per_energy",
    "tax_per_land",
    "output_per_land",
    "value_added_per_employee",
)


def rules_panel(visitor: Visitor, shown: Benchmarks, month: date) -> None:
    say = visitor.say
    with panel("efficiency_rules"):
        head(
            say,
            say("efficiency.rules"),
            say("efficiency.rules_sub"),
            [
                say("method.efficiency"),
                say("method.efficiency_missing"),
                say("method.efficiency_ours"),
            ],
            ("resource_efficiency_indicators", {"month": figures.month_code(month)}),
        )
        rows = [
            [
                Cell(
                    f"<b>{esc(say(f'efficiency.{rule.indicator}'))}</b>"
                    f'<span class="under">{esc(say(f"efficiency.unit_{rule.indicator}"))}</span>'
                ),
                Cell.figure(figures.percent(rule.weight, 0)),
                Cell(
                    f"{esc(figures.number(rule.district_value, 2))}"
                    f'<span class="under">{esc(say("efficiency.of_firms", count=rule.district_firms))}</span>',
                    numeric=True,
                ),
            ]
            for rule in shown.rules
        ]
        headers = [
            (say("scoreboard.column_indicator"), False),
            (say("efficiency.column_weight"), True),
            (say("efficiency.column_district"), True),
        ]
        st.html(
            table(headers, rows, say("efficiency.rules")) + _classes(visitor, shown.efficiencies)
        )


def _classes(visitor: Visitor, firms: Sequence[Efficiency]) -> str:
    """How many firms each class has, and between which scores they lie."""
    say = visitor.say
    rows = []
    for name, tone in CLASSES:
        scores = [
            firm.score for firm in firms if firm.efficiency_class == name and firm.score is not None
        ]
        span = (
            f"{figures.number(min(scores), 1)}–{figures.number(max(scores), 1)}" if scores else "—"
        )
        share = len(scores) / len(firms) if firms else None
        rows.append(
            [
                Cell(pill(name, tone) + bar(share, tone)),
                Cell.figure(str(len(scores))),
                Cell.figure(span),
            ]
        )
    headers = [
        (say("efficiency.column_class"), False),
        (say("program.column_firms"), True),
        (say("efficiency.column_scores"), True),
    ]
    return table(headers, rows, say("efficiency.classes_card"))


def scores_panel(visitor: Visitor, firms: Sequence[Efficiency], month: date) -> None:
    say = visitor.say
    with panel("efficiency_scores"):
        head(
            say,
            say("efficiency.scores"),
            say("efficiency.scores_sub"),
            [
                say("method.efficiency"),
                say("method.efficiency_missing"),
                say("method.efficiency_ours"),
            ],
            ("resource_efficiency", {"month": figures.month_code(month)}),
        )
        if not firms:
            st.html(f'<p class="quiet">{esc(say("efficiency.none"))}</p>')
            return
        headers = [
            (say("efficiency.column_class"), False),
            (say("column.firm"), False),
            (say("efficiency.column_score"), True),
            *((say(f"efficiency.short_{name}"), True) for name in INDICATORS),
        ]
        rows = [_row(visitor, firm) for firm in firms]
        st.html(table(headers, rows, say("efficiency.scores"), "tall"))


def _row(visitor: Visitor, firm: Efficiency) -> list[Cell]:
    say = visitor.say
    name = Cell(
        f'{firm_link(firm.uscc, firm.name)}<span class="under">{esc(firm.park or figures.NOTHING)}</span>'
    )
    parts = [_part(getattr(firm, name), getattr(firm, f"{name}_points")) for name in INDICATORS]
    if firm.efficiency_class is None:
        why = f'<span class="under because">{esc(why_not_measured(say, firm.reason))}</span>'
        return [Cell(figures.NOTHING), name, Cell(why, numeric=True), *parts]
    share = firm.weight_measured_share
    partly = (
        ""
        if share is None or share >= 1
        else f'<span class="under">{esc(say("efficiency.partly", share=figures.percent(share, 0)))}</span>'
    )
    return [
        Cell(pill(firm.efficiency_class, CLASS_TONES[firm.efficiency_class])),
        name,
        Cell(f"<b>{esc(figures.number(firm.score, 1))}</b>{partly}", numeric=True),
        *parts,
    ]


def _part(value: float | None, points: float | None) -> Cell:
    return Cell(
        f"{esc(figures.number(value, 2))}"
        f'<span class="under">{esc(figures.number(points, 0))}</span>',
        numeric=True,
    )
