"""The walk from one figure to another, as a Vega-Lite dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from front import figures
from front.charts import GREEN, INK, RED, Spec, config
from front.language import Language
from front.words import say

# Bars grow from the walk, not from zero: the changes are a few hundredths of the figure.
_MARGIN = 0.14
_LABEL_PIXELS = 118


class WalkStep(NamedTuple):
    name: str
    contribution: float


@lru_cache(maxsize=64)
def walk_chart(
    steps: tuple[WalkStep, ...],
    before: float,
    now: float,
    ends: tuple[str, str],
    language: Language,
) -> Spec:
    """`before`, one floating bar a step, `now`; falls are green, rises red. tce per 10,000 yuan."""
    speak = say(language)
    rows = _rows(steps, before, now, ends)
    low = min(min(row["from"], row["to"]) for row in rows)
    high = max(max(row["from"], row["to"]) for row in rows)
    margin = (high - low or high or 1.0) * _MARGIN
    base = max(0.0, low - margin)
    for row in rows:
        if row["end"]:
            row["from"] = base
        row["right"] = max(row["from"], row["to"])
    y = {
        "field": "name",
        "type": "nominal",
        "title": None,
        "sort": None,
        "axis": {
            "domain": False,
            "ticks": False,
            "labelLimit": _LABEL_PIXELS,
            "labelPadding": 8,
            "labelFontSize": 12,
        },
        "scale": {"paddingInner": 0.32},
    }
    x = {
        "type": "quantitative",
        "title": speak("unit.intensity"),
        "scale": {"domain": [base, high + 2.4 * margin], "zero": False, "nice": False},
        "axis": {"format": ".3f", "tickCount": 5, "domain": False, "ticks": False},
    }
    tooltip = [
        {"field": "name", "title": speak("change.step")},
        {"field": "shown", "title": speak("unit.intensity")},
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": rows},
        "height": {"step": 44},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 2, "top": 4, "right": 6, "bottom": 2},
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadius": 2},
                "encoding": {
                    "y": y,
                    "x": {"field": "from", **x},
                    "x2": {"field": "to"},
                    "color": {"field": "colour", "type": "nominal", "scale": None},
                    "tooltip": tooltip,
                },
            },
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 6,
                    "fontSize": 12,
                    "color": INK,
                },
                "encoding": {
                    "y": y,
                    "x": {"field": "right", **x},
                    "text": {"field": "shown"},
                },
            },
        ],
        "config": config(),
    }


def _rows(
    steps: Sequence[WalkStep], before: float, now: float, ends: tuple[str, str]
) -> list[Spec]:
    rows: list[Spec] = [_end(ends[0], before)]
    at = before
    for step in steps:
        rows.append(
            {
                "name": step.name,
                "from": at,
                "to": at + step.contribution,
                "colour": GREEN if step.contribution < 0 else RED,
                "shown": figures.signed(step.contribution, 5),
                "end": False,
            }
        )
        at += step.contribution
    rows.append(_end(ends[1], now))
    return rows


def _end(name: str, value: float) -> Spec:
    return {
        "name": name,
        "from": value,
        "to": value,
        "colour": INK,
        "shown": figures.intensity(value),
        "end": True,
    }
