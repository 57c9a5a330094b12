"""The bullet table: a component of our own, since a row must open its firm and stay readable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from front.visitor import Visitor

_HERE = Path(__file__).parent / "components"


@dataclass(frozen=True)
class Bullet:
    """One row. Texts are ready to show; `q1` and `q3` shade the industry's middle half.

    `mark` is the benchmark, `tier` the colour that the ratio has beside it.
    """

    id: str
    rank: int
    name: str
    sub: str
    months: list[float | None]
    intensity: float
    intensity_text: str
    mark: float
    tier: str | None
    q1: float | None
    q3: float | None
    change_text: str
    rising: bool
    excess_text: str


_component = st.components.v2.component(
    "greenmfg_bullets",
    css=(_HERE / "bullets.css").read_text("utf-8"),
    js=(_HERE / "bullets.js").read_text("utf-8"),
)


def bullets(visitor: Visitor, rows: Sequence[Bullet], scale: float) -> str | None:
    """Draws the rows; `scale` is the ratio at the bars' right end.

    Returns: the id of the row that was opened in this run, or None.
    """
    say = visitor.say
    words = {
        "firm": say("column.firm"),
        "course": say("column.course"),
        "bullet": say("column.bullet"),
        "intensity": say("unit.intensity"),
        "change": say("column.change"),
        "excess": say("column.over_benchmark"),
        "mark": say("column.benchmark"),
        "open": say("firms.open"),
    }
    result = _component(
        key="firm_bullets",
        data={"rows": [asdict(row) for row in rows], "scale": scale, "words": words},
        on_open_change=lambda: None,
    )
    opened = result.get("open")
    return str(opened) if opened else None
