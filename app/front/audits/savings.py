"""Savings as audits claim them, and as the firms' own monthly reports show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import streamlit as st

from front import figures
from front.data import AuditProgram
from front.frame import head, panel
from front.markup import Cell, chip, esc, firm_link, table
from front.reasons import why_not_measured
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.audit_rounds import Saving, SavingsWindow


def savings_panel(visitor: Visitor, shown: AuditProgram, month: date) -> None:
    say = visitor.say
    with panel("audit_savings"):
        head(
            say,
            say("program.savings"),
            say("program.savings_panel_sub", month=figures.month_words(month, visitor.language)),
            [say("method.savings"), say("method.savings_output"), say("method.savings_sums")],
            ("audit_savings", {}),
        )
        if not shown.savings:
            st.html(f'<p class="quiet">{esc(say("program.no_savings"))}</p>')
            return
        st.html(
            _windows(visitor, shown.savings_windows)
            + _price_note(visitor, shown.savings)
            + _table(visitor, shown.savings)
        )


def _price_note(visitor: Visitor, savings: Sequence[Saving]) -> str:
    """A saving at current prices must not pass for one at constant prices."""
    count = sum(saving.reason is None and saving.price_status == "undeflated" for saving in savings)
    if not count:
        return ""
    return f'<p class="pills">{chip(visitor.say("program.undeflated", count=count), Tone.WARN)}</p>'


def _windows(visitor: Visitor, windows: Sequence[SavingsWindow]) -> str:
    say = visitor.say
    headers = [
        (say("program.column_window"), False),
        (say("program.column_rounds"), True),
        (say("program.column_claimed"), True),
        (say("program.column_declared"), True),
        (say("program.column_realised"), True),
        (say("program.column_water"), True),
        (say("program.column_material"), True),
        (say("program.column_pollutant"), True),
        (say("program.column_investment"), True),
    ]
    rows = [
        [
            Cell.text(say(f"program.window_{window.window_name}")),
            Cell.figure(str(window.rounds_accepted)),
            Cell.figure(figures.tce(window.claimed_tce)),
            Cell.figure(figures.tce(window.declared_tce)),
            Cell(_realised_of_window(visitor, window), numeric=True),
            Cell.figure(figures.number(window.water_t)),
            Cell.figure(figures.number(window.material_t, 1)),
            Cell.figure(figures.number(window.pollutant_t, 2)),
            Cell.figure(figures.number(window.investment_10k_cny, 1)),
        ]
        for window in windows
    ]
    return table(headers, rows, say("program.savings_windows"), "wide")


def _realised_of_window(visitor: Visitor, window: SavingsWindow) -> str:
    """The measured sum stands against the claims of the same rounds, never against all claims."""
    if window.realised_tce is None:
        words = visitor.say("program.none_of_window", rounds=window.rounds_accepted)
        return f'{figures.NOTHING}<span class="under">{esc(words)}</span>'
    words = visitor.say(
        "program.of_claims",
        tce=figures.tce(window.claimed_where_realised_tce),
        rounds=window.rounds_realised,
    )
    return f'<b>{figures.tce(window.realised_tce)}</b><span class="under">{esc(words)}</span>'


def _table(visitor: Visitor, savings: Sequence[Saving]) -> str:
    say = visitor.say
    headers = [
        (say("program.accepted_round", count=len(savings)), False),
        (say("program.column_claimed"), True),
        (say("program.column_declared"), True),
        (say("program.column_before_after"), True),
        (say("program.column_expected_energy"), True),
        (say("program.column_realised_value_added"), True),
        (say("program.column_realised_output"), True),
    ]
    rows = [_row(visitor, saving) for saving in savings]
    return table(headers, rows, say("program.savings"), "wide tall")


def _row(visitor: Visitor, saving: Saving) -> list[Cell]:
    say = visitor.say
    under = " · ".join(
        [
            say("rounds.round", round=saving.audit_round),
            *([say(f"stream.{saving.stream}")] if saving.stream else []),
            say("program.accepted_on", day=saving.accepted_on.isoformat()),
        ]
    )
    return [
        Cell(f'{firm_link(saving.uscc, saving.name)}<span class="under">{esc(under)}</span>'),
        _claimed(visitor, saving),
        Cell.figure(figures.tce(saving.declared_tce)),
        _before_after(visitor, saving),
        Cell.figure(figures.tce(saving.expected_tce)),
        _realised(visitor, saving.realised_tce, saving.reason),
        _realised(visitor, saving.realised_by_output_tce, saving.output_reason),
    ]


def _claimed(visitor: Visitor, saving: Saving) -> Cell:
    """The total of an audit stands on the row of each firm: it must not be read as this firm's."""
    if saving.claimed_basis != "audit_total":
        return Cell.figure(figures.tce(saving.claimed_tce))
    words = visitor.say("program.audit_total")
    return Cell(
        f'{esc(figures.tce(saving.claimed_tce))}<span class="under">{esc(words)}</span>',
        numeric=True,
    )


def _before_after(visitor: Visitor, saving: Saving) -> Cell:
    energy = f"{figures.tce(saving.energy_before_tce)} → {figures.tce(saving.energy_after_tce)} tce"
    months = visitor.say(
        "program.months_before_after", before=saving.before_months, after=saving.after_months
    )
    if saving.energy_before_tce is None and saving.energy_after_tce is None:
        energy = figures.NOTHING
    return Cell(f'{esc(energy)}<span class="under">{esc(months)}</span>', numeric=True)


def _realised(visitor: Visitor, value: Decimal | None, reason: str | None) -> Cell:
    if reason is not None:
        words = visitor.say("program.because", reason=why_not_measured(visitor.say, reason))
        return Cell(f'<span class="under because">{esc(words)}</span>', numeric=True)
    text = figures.tce(value)
    tone = ' class="bad"' if text.startswith("−") else ""
    return Cell(f"<b{tone}>{esc(text)}</b>", numeric=True)
