"""Why the intensity changed on a year ago: a walk from last year's figure to this year's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from front import figures
from front.charts_of_change import WalkStep, walk_chart
from front.frame import head, nothing, panel
from front.reasons import price_words
from front.visitor import Visitor
from greenmfg.queries.change import Step


def change_panel(visitor: Visitor, steps: Sequence[Step], month: date) -> None:
    say = visitor.say
    with panel("change"):
        sub = say("change.sub", window=figures.year_to_date(month, visitor.language))
        if steps:
            sub = f"{sub} · {price_words(say, steps[0].price_status)}"
        head(
            say,
            say("change.title"),
            sub,
            [say("method.drivers"), say("method.drivers_panel"), say("method.drivers_exact")],
            (
                "intensity_drivers",
                {
                    "grouping": "district",
                    "member_kind": "industry",
                    "month": figures.month_code(month),
                },
            ),
        )
        if not steps:
            nothing(say("empty.no_change_title"), say("empty.no_change"))
            return
        walk = tuple(WalkStep(_name(visitor, step), step.contribution) for step in steps)
        ends = (say("change.before"), say("change.now"))
        st.vega_lite_chart(
            walk_chart(walk, steps[0].before, steps[0].now, ends, visitor.language),
            width="stretch",
            theme=None,
            key="change_chart",
        )


def _name(visitor: Visitor, step: Step) -> str:
    say = visitor.say
    if step.kind != "intensity":
        return say(f"change.{step.kind}")
    name = visitor.language.pick(step.industry_zh, step.industry_en) or step.industry_code
    return say("change.intensity", industry=name)
