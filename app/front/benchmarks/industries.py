"""Industries: quartiles of their firms' own intensities, colours, and what must not leave the bureau."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from front import figures
from front.benchmarks.cards import TIERS
from front.frame import head, panel
from front.markup import Cell, chip, esc, pill, table
from front.reasons import why_not_measured
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.benchmarks import BenchmarkWindow, IndustryBenchmark


def industries_panel(
    visitor: Visitor,
    industries: Sequence[IndustryBenchmark],
    month: date,
    window: BenchmarkWindow,
) -> None:
    say = visitor.say
    with panel("benchmark_industries"):
        head(
            say,
            say("benchmarks.industries"),
            say("benchmarks.industries_sub"),
            [say("method.industry_quartiles"), say("method.matched"), say("method.bureau_only")],
            ("industry_benchmarks", {"month": figures.month_code(month), "window_name": window}),
        )
        headers = [
            (say("groups.industry"), False),
            (say("benchmarks.column_measured"), True),
            (say("peers.q1"), True),
            (say("peers.median"), True),
            (say("peers.q3"), True),
            (say("benchmarks.column_sums"), True),
            (say("benchmarks.column_excess"), True),
            (say("benchmarks.column_tier"), False),
            (say("benchmarks.column_leaves"), False),
        ]
        rows = [_row(visitor, industry) for industry in industries]
        st.html(table(headers, rows, say("benchmarks.industries"), "wide tall"))


def _row(visitor: Visitor, industry: IndustryBenchmark) -> list[Cell]:
    say = visitor.say
    name = visitor.language.pick(industry.name_zh, industry.name_en) or industry.industry_code
    counts = {
        "red": industry.red,
        "orange": industry.orange,
        "yellow": industry.yellow,
        "green": industry.green,
    }
    colours = "".join(
        pill(say("benchmarks.counted", name=say(f"tier.{tier}"), count=counts[tier]), tone)
        for tier, tone in TIERS
        if counts[tier]
    )
    ratio = (
        f'<span class="under">{esc(why_not_measured(say, industry.ratio_reason))}</span>'
        if industry.ratio is None
        else f"<b>{esc(figures.intensity(industry.ratio))}</b>"
    )
    return [
        Cell(
            f'<span class="group" title="{esc(name)}"><span class="code">'
            f"{esc(industry.industry_code)}</span>{esc(name)}</span>"
        ),
        Cell.figure(f"{industry.firms_measured}/{industry.firms}"),
        Cell.figure(figures.intensity(industry.q1)),
        Cell.figure(figures.intensity(industry.median)),
        Cell.figure(figures.intensity(industry.q3)),
        Cell(ratio, numeric=True),
        Cell.figure(figures.tce(industry.excess_tce)),
        Cell(f'<span class="pills">{colours}</span>'),
        Cell(_leaves(visitor, industry)),
    ]


def _leaves(visitor: Visitor, industry: IndustryBenchmark) -> str:
    """Nothing here is hidden from the bureau; what must stay in it is marked."""
    say = visitor.say
    if industry.ratio_withheld is not None:
        return chip(say(f"benchmarks.stays_{industry.ratio_withheld}"), Tone.WARN)
    if industry.quartiles_withheld is not None:
        return chip(say("benchmarks.quartiles_stay"), Tone.WARN)
    return f'<span class="under">{esc(say("benchmarks.may_leave"))}</span>'
