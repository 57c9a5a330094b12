"""Where an enterprise stands among the firms of its industry, and what it uses above them."""

from __future__ import annotations

from datetime import date

import streamlit as st

from front import figures
from front.frame import head, panel
from front.markup import Cell, bar, chip, esc, pill, table
from front.reasons import why_not_measured
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.enterprise import Peers

_TONES = {"green": Tone.GOOD, "yellow": Tone.WARN, "orange": Tone.WARN, "red": Tone.BAD}
_HEADROOM = 1.1


def peers_panel(visitor: Visitor, uscc: str, peers: Peers | None, month: date) -> None:
    """A firm sees its own figures, and of others only what gives nobody away."""
    say = visitor.say
    csv = None
    if visitor.tenant is None:
        csv = ("enterprise_benchmarks", {"uscc": uscc, "month": figures.month_code(month)})
    with panel("peers"):
        head(
            say,
            say("peers.title"),
            say("peers.sub", window=figures.year_to_date(month, visitor.language)),
            [
                say("method.benchmark"),
                say("method.tiers"),
                say("method.place"),
                say("method.withheld"),
            ],
            csv,
        )
        if peers is None:
            st.html(f'<p class="quiet">{esc(say("peers.outside"))}</p>')
        elif peers.intensity is None:
            st.html(f'<p class="quiet">{esc(why_not_measured(say, peers.reason))}</p>')
        else:
            st.html(_verdict(visitor, peers) + _spread(visitor, peers))


def _verdict(visitor: Visitor, peers: Peers) -> str:
    say, bureau = visitor.say, visitor.tenant is None
    if not bureau and peers.place_withheld and peers.benchmark_basis != "district_target":
        return f'<p class="pills">{chip(say(f"withheld.{peers.place_withheld}"))}</p>'
    parts = ""
    if peers.tier:
        parts += pill(say(f"tier.{peers.tier}"), _TONES[peers.tier])
    # A quartile is a figure of others; how far the firm is from it would tell it.
    if bureau or peers.benchmark_basis == "district_target" or not peers.quartiles_withheld:
        over = figures.signed(peers.over_benchmark_tce)
        parts += chip(say("peers.over", tce=over, basis=say(f"benchmark.{peers.benchmark_basis}")))
    if bureau and peers.rank is not None:
        parts += chip(say("peers.rank", rank=peers.rank))
    if peers.below_share is not None and (bureau or not peers.place_withheld):
        parts += chip(say("peers.place", share=figures.percent(peers.below_share, 0)))
    return f'<p class="pills">{parts}</p>'


def _spread(visitor: Visitor, peers: Peers) -> str:
    say, bureau = visitor.say, visitor.tenant is None
    lines: list[tuple[str, float | None]] = [(say("peers.own"), peers.intensity)]
    withheld = None if bureau else peers.quartiles_withheld
    if withheld is None:
        lines += [
            (say("peers.q1"), peers.q1),
            (say("peers.median"), peers.median),
            (say("peers.q3"), peers.q3),
        ]
    if bureau or peers.ratio_withheld is None:
        lines.append((say("peers.ratio", firms=peers.firms), peers.ratio))
    end = max([value for _, value in lines if value is not None] + [0.0]) * _HEADROOM
    rows = [
        [
            Cell(esc(name) + bar(value / end if value is not None and end else None)),
            Cell(f"<b>{esc(figures.intensity(value))}</b>", numeric=True),
        ]
        for name, value in lines
    ]
    note = (
        ""
        if withheld is None
        else f'<p class="quiet">{esc(say(f"quartiles_withheld.{withheld}"))}</p>'
    )
    industry = visitor.language.pick(peers.industry_zh, peers.industry_en)
    title = say("peers.industry", name=industry or peers.industry_code, firms=peers.firms_measured)
    headers = [(say("peers.compared"), False), (say("unit.intensity"), True)]
    return f'<p class="quiet">{esc(title)}</p>{table(headers, rows, say("peers.title"))}{note}'
