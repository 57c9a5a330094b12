"""Acceptances by month against the target, as a Vega-Lite dictionary."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from front import figures
from front.charts import GREEN, INK, Spec, config
from front.language import Language
from front.words import say

_MANDATORY, _VOLUNTARY, _AHEAD = "#4d6f61", "#74877e", "#8a4d05"
_HEADROOM = 1.08


class Count(NamedTuple):
    """Enterprises accepted up to the end of a month; `after`: those after the plan's years."""

    month: date
    accepted: int
    mandatory: int
    voluntary: int
    after: int


class Ahead(NamedTuple):
    """The forecast for a year's end. `after`: it is of those after the plan's years."""

    year_end: date
    expected: float
    low: int
    high: int
    after: bool


@lru_cache(maxsize=64)
def acceptances_chart(
    counts: tuple[Count, ...], target: float, ahead: Ahead | None, language: Language
) -> Spec:
    """Steps: the count in green, both streams thin, the target as a rule, the forecast as a point
    with its band. What came after the plan's years has a line of its own."""
    speak = say(language)
    rows = [
        {
            **count._asdict(),
            "month": f"{count.month:%Y-%m-01}",
            "label": figures.month_code(count.month),
        }
        for count in counts
    ]
    end = (
        rows[-1]["month"] if ahead is None else max(rows[-1]["month"], f"{ahead.year_end:%Y-%m-01}")
    )
    top = max([target, *(count.accepted for count in counts), *([ahead.high] if ahead else [])])
    x: Spec = {
        "field": "month",
        "type": "temporal",
        "title": None,
        "axis": {"format": "%Y-%m", "grid": False, "labelOverlap": True, "tickCount": 8},
        "scale": {"domain": [rows[0]["month"], end]},
    }
    y: Spec = {
        "type": "quantitative",
        "title": speak("unit.firms"),
        "scale": {"domain": [0, top * _HEADROOM], "nice": False},
        "axis": {"format": "d", "tickCount": 6, "domain": False, "ticks": False},
    }
    tooltip: list[Spec] = [{"field": "label", "type": "nominal", "title": speak("column.month")}]
    tooltip += [
        {"field": field, "type": "quantitative", "title": speak(f"program.chart_{field}")}
        for field in ("accepted", "mandatory", "voluntary", "after")
    ]
    lines = [
        ("voluntary", _VOLUNTARY, 1.3, [1, 0]),
        ("mandatory", _MANDATORY, 1.3, [1, 0]),
        ("accepted", GREEN, 3, [1, 0]),
    ]
    if any(count.after for count in counts):
        lines.append(("after", _AHEAD, 1.8, [3, 3]))
    layers: list[Spec] = [
        {
            "mark": {"type": "line", "interpolate": "step-after", "color": colour,
                     "strokeWidth": width, "strokeDash": dash},
            "encoding": {"x": x, "y": {"field": field, **y}, "tooltip": tooltip},
        }
        for field, colour, width, dash in lines
    ]  # fmt: skip
    layers.append(
        {
            "data": {"values": [{"target": target}]},
            "mark": {"type": "rule", "color": INK, "strokeDash": [5, 4], "strokeWidth": 1.3},
            "encoding": {"y": {"field": "target", **y}},
        }
    )
    layers += _ahead(ahead, x, y, speak("program.chart_expected"), speak("chart.forecast_band"))
    layers += _labels(counts[-1], target, end, x, y, language)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": rows},
        "height": 330,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"left": 2, "top": 8, "right": 6, "bottom": 2},
        "layer": layers,
        "config": config(),
    }


def _ahead(ahead: Ahead | None, x: Spec, y: Spec, expected: str, band: str) -> list[Spec]:
    if ahead is None:
        return []
    row = {
        "month": f"{ahead.year_end:%Y-%m-01}",
        "value": ahead.expected,
        "low": ahead.low,
        "high": ahead.high,
        "band": f"{ahead.low}–{ahead.high}",
    }
    return [
        {
            "data": {"values": [row]},
            "mark": {"type": "errorbar", "ticks": {"color": _AHEAD}, "rule": {"color": _AHEAD}},
            "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}},
        },
        {
            "data": {"values": [row]},
            "mark": {"type": "point", "shape": "diamond", "size": 95, "filled": True,
                     "fill": "#fff", "stroke": _AHEAD, "strokeWidth": 2},
            "encoding": {
                "x": x,
                "y": {"field": "value", **y},
                "tooltip": [
                    {"field": "value", "type": "quantitative", "format": ".1f", "title": expected},
                    {"field": "band", "type": "nominal", "title": band},
                ],
            },
        },
    ]  # fmt: skip


def _labels(
    last: Count, target: float, end: str, x: Spec, y: Spec, language: Language
) -> list[Spec]:
    """Direct labels at the right end; a stream that is 0, or equals the whole, has none."""
    speak = say(language)
    wanted = [("accepted", float(last.accepted), GREEN, "bold")]
    for field, count, colour in (
        ("mandatory", last.mandatory, _MANDATORY),
        ("voluntary", last.voluntary, _VOLUNTARY),
        ("after", last.after, _AHEAD),
    ):
        if count and count != last.accepted:
            wanted.append((field, float(count), colour, "normal"))
    wanted.append(("target", target, INK, "bold"))
    gap = float(y["scale"]["domain"][1]) * 0.07
    free, layers = 0.0, []
    for field, value, colour, weight in sorted(wanted, key=lambda entry: entry[1]):
        at = max(value, free)
        free = at + gap
        text = f"{speak(f'program.chart_{field}')} {figures.number(value)}"
        layers.append(
            {
                "data": {"values": [{"month": end, "at": at, "text": text}]},
                "mark": {"type": "text", "align": "left", "dx": 9, "fontSize": 12,
                         "fontWeight": weight, "color": colour, "baseline": "middle"},
                "encoding": {"x": x, "y": {"field": "at", **y}, "text": {"field": "text"}},
            }
        )  # fmt: skip
    return layers
