"""Firms by energy above their benchmark, with colour and place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import streamlit as st

from front import figures
from front.benchmarks.cards import TIERS
from front.frame import head, panel
from front.markup import Cell, bar, esc, firm_link, pill, table
from front.reasons import why_not_measured
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.benchmarks import BenchmarkWindow, FirmBenchmark

_TONES = dict(TIERS)
_PAGE = 50


def firms_panel(
    visitor: Visitor, firms: Sequence[FirmBenchmark], month: date, window: BenchmarkWindow
) -> None:
    say = visitor.say
    with panel("benchmark_firms"):
        head(
            say,
            say("benchmarks.firms"),
            say("benchmarks.firms_sub"),
            [say("method.benchmark"), say("method.tiers"), say("method.place")],
            (
                "enterprise_benchmarks",
                {"month": figures.month_code(month), "window_name": window},
            ),
        )
        chosen = _narrowed(visitor, firms)
        if not chosen:
            st.html(f'<p class="quiet">{esc(say("empty.no_match"))}</p>')
            return
        st.html(_table(visitor, chosen[:_PAGE]))
        if len(chosen) > _PAGE:
            note = say("benchmarks.more", shown=_PAGE, count=len(chosen))
            st.html(f'<p class="quiet">{esc(note)}</p>')


def _narrowed(visitor: Visitor, firms: Sequence[FirmBenchmark]) -> list[FirmBenchmark]:
    """By colour, and by industry: the two questions an officer comes with."""
    say = visitor.say
    first, second = st.columns(2)
    industries = {
        firm.industry_code: visitor.language.pick(firm.industry_zh, firm.industry_en)
        for firm in sorted(firms, key=lambda firm: firm.industry_code or "")
        if firm.industry_code
    }
    with first:
        tier = st.selectbox(
            say("benchmarks.tier"),
            [None, *(name for name, _ in TIERS)],
            format_func=lambda name: say(f"tier.{name}" if name else "benchmarks.every_tier"),
            key="benchmarks_tier",
        )
    with second:
        industry = st.selectbox(
            say("firms.industry"),
            [None, *industries],
            format_func=lambda code: (
                f"{code} {industries[code]}" if code else say("firms.every_industry")
            ),
            key="benchmarks_industry",
        )
    return [
        firm
        for firm in firms
        if tier in (None, firm.tier) and industry in (None, firm.industry_code)
    ]


def _table(visitor: Visitor, firms: Sequence[FirmBenchmark]) -> str:
    say = visitor.say
    most = max((firm.excess_tce or Decimal(0) for firm in firms), default=Decimal(0))
    headers = [
        (say("benchmarks.column_rank"), True),
        (say("column.firm"), False),
        (say("unit.intensity"), True),
        (say("benchmarks.column_benchmark"), True),
        (say("benchmarks.column_ratio"), True),
        (say("benchmarks.column_over"), True),
        (say("benchmarks.column_over_target"), True),
        (say("benchmarks.column_tier"), False),
        (say("benchmarks.column_place"), True),
    ]
    rows = [_row(visitor, firm, most) for firm in firms]
    return table(headers, rows, say("benchmarks.firms"), "wide tall")


def _row(visitor: Visitor, firm: FirmBenchmark, most: Decimal) -> list[Cell]:
    say = visitor.say
    industry = visitor.language.pick(firm.industry_zh, firm.industry_en) or figures.NOTHING
    under = " · ".join(word for word in (industry, firm.park) if word)
    name = Cell(
        f'{firm_link(firm.uscc, firm.name)}<span class="under clip" title="{esc(under)}">'
        f"{esc(under)}</span>"
    )
    if firm.intensity is None or firm.reason is not None:
        why = f'<span class="under">{esc(why_not_measured(say, firm.reason))}</span>'
        blank = [Cell.figure(figures.NOTHING)] * 5
        return [Cell.figure(figures.NOTHING), name, *blank, Cell(why), Cell.figure(figures.NOTHING)]
    basis = say(f"benchmark.{firm.benchmark_basis}")
    share = float((firm.excess_tce or Decimal(0)) / most) if most else None
    return [
        Cell.figure(figures.number(firm.rank)),
        name,
        Cell.figure(figures.intensity(firm.intensity)),
        Cell(
            f'{esc(figures.intensity(firm.benchmark))}<span class="under">{esc(basis)}</span>',
            numeric=True,
        ),
        Cell.figure(figures.percent(firm.benchmark_ratio, 0)),
        Cell(
            f"<b>{esc(figures.signed(firm.over_tce))}</b>{bar(share, Tone.WARN)}",
            numeric=True,
        ),
        Cell.figure(figures.signed(firm.over_target_tce)),
        Cell(pill(say(f"tier.{firm.tier}"), _TONES[firm.tier]) if firm.tier else figures.NOTHING),
        Cell.figure(figures.percent(firm.below_share, 0)),
    ]
