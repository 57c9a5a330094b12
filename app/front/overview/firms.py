"""Firms to watch: ranked by the energy they used above their benchmark times value added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from front import data, figures
from front.bullets import Bullet, bullets
from front.fragments import live_fragment
from front.frame import head, nothing
from front.visitor import Visitor
from greenmfg.queries.groups import FirmToWatch

_ROWS = 10


@live_fragment
def firms_content(visitor: Visitor, release: str, month: date, enterprise: st.Page) -> None:
    say = visitor.say
    firms = data.firms_to_watch(release, month)
    head(
        say,
        say("firms.title"),
        say("firms.sub"),
        [
            say("method.benchmark"),
            say("method.tiers"),
            say("method.quartiles"),
            say("method.not_ranked"),
        ],
        (
            "enterprise_benchmarks",
            {
                "window_name": "ytd",
                "month": figures.month_code(month),
            },
        ),
    )
    if not firms:
        nothing(say("empty.no_firms_title"), say("empty.no_firms"))
        return
    chosen = _filtered(visitor, firms)
    if not chosen:
        nothing(say("empty.no_match_title"), say("empty.no_match"))
        return
    pages = -(-len(chosen) // _ROWS)
    page = min(st.session_state.get("firms_page", 1), pages)
    start = (page - 1) * _ROWS
    opened = bullets(
        visitor,
        [_bullet(visitor, n, firm) for n, firm in enumerate(chosen, 1)][start : start + _ROWS],
        _scale(firms),
    )
    if pages > 1:
        st.pagination(pages, key="firms_page")
    if opened:
        st.switch_page(enterprise, query_params={"uscc": opened})


def _filtered(visitor: Visitor, firms: Sequence[FirmToWatch]) -> list[FirmToWatch]:
    say = visitor.say
    parks = sorted({firm.park for firm in firms if firm.park})
    industries = {firm.industry_code: firm for firm in firms}
    with st.container(horizontal=True, key="firms_filters"):
        park = st.selectbox(
            say("firms.park"),
            [None, *parks],
            format_func=lambda name: name or say("firms.every_park"),
            label_visibility="collapsed",
            key="firms_park",
        )
        industry = st.selectbox(
            say("firms.industry"),
            [None, *sorted(industries)],
            format_func=lambda code: (
                f"{code} {_industry(visitor, industries[code])}"
                if code
                else say("firms.every_industry")
            ),
            label_visibility="collapsed",
            key="firms_industry",
        )
    return [
        firm
        for firm in firms
        if park in (None, firm.park) and industry in (None, firm.industry_code)
    ]


def _industry(visitor: Visitor, firm: FirmToWatch) -> str:
    return visitor.language.pick(firm.industry_zh, firm.industry_en) or firm.industry_code


def _facts(visitor: Visitor, firm: FirmToWatch) -> list[str]:
    """The colour's word stands first: no meaning is carried by colour alone."""
    say = visitor.say
    words = [firm.park or figures.NOTHING, _industry(visitor, firm)]
    if firm.benchmark_basis == "district_target":
        words.append(say("benchmark.district_target"))
    return ([say(f"tier.{firm.tier}")] if firm.tier else []) + words


def _scale(firms: Sequence[FirmToWatch]) -> float:
    """Where the bars end: high enough for nineteen firms of twenty, so one outlier hides nobody."""
    ratios = sorted(firm.intensity for firm in firms)
    return ratios[int(0.95 * (len(ratios) - 1))] * 1.1


def _bullet(visitor: Visitor, rank: int, firm: FirmToWatch) -> Bullet:
    change = figures.change(firm.intensity, firm.intensity_year_ago)
    return Bullet(
        id=firm.uscc,
        rank=rank,
        name=firm.name,
        sub=" · ".join(_facts(visitor, firm)),
        months=firm.months,
        intensity=firm.intensity,
        intensity_text=figures.intensity(firm.intensity),
        mark=firm.benchmark,
        tier=firm.tier,
        q1=firm.industry_q1,
        q3=firm.industry_q3,
        change_text=figures.signed_percent(change),
        rising=change is not None and change > 0,
        excess_text=figures.signed(firm.over_benchmark_tce),
    )
