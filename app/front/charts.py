"""Charts as Vega-Lite dictionaries, built once per set of figures and sent as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from front import figures
from front.language import Language
from front.tones import COLOURS, Tone
from front.words import say

Spec = dict[str, Any]
Point = tuple[date, float | None, float | None, bool]
# The year as forecast: its last month, the ratio, the lower and the upper end of its band.
Mark = tuple[date, float, float | None, float | None]

INK, _MUTED, _GRID, _SOFT = "#10231d", "#56675f", "#e6ece9", "#a9ccbb"
_AHEAD = "#8a4d05"
GREEN, RED = COLOURS[Tone.GOOD], COLOURS[Tone.BAD]
_FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, sans-serif"
# Labels at the right end must not touch: this part of the axis lies between any two.
_LABEL_GAP = 0.1


def config() -> Spec:
    """What all charts share: fonts, axes, no frame."""
    return {
        "font": _FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": _MUTED,
            "titleColor": _MUTED,
            "titleFontWeight": "normal",
            "gridColor": _GRID,
            "domainColor": "#c3cfc9",
            "tickColor": "#c3cfc9",
            "labelFontSize": 11.5,
            "titleFontSize": 11.5,
        },
        "text": {"font": _FONT},
    }


@lru_cache(maxsize=64)
def intensity_chart(
    points: tuple[Point, ...],
    target: float,
    target_year: int | None,
    forecast: Mark | None,
    language: Language,
) -> Spec:
    """Monthly intensity thin, rolling twelve months thick, the target as a rule with its label,
    the forecast of the year as a point with its band at the year's end."""
    speak = say(language)
    rows = [
        {
            "month": f"{month:%Y-%m-01}",
            "label": figures.month_code(month),
            "monthly": monthly,
            "rolling": rolling,
            "provisional": provisional,
        }
        for month, monthly, rolling, provisional in points
    ]
    known = [v for _, monthly, rolling, _ in points for v in (monthly, rolling) if v is not None]
    ahead = [value for value in (forecast or ())[1:] if isinstance(value, float)]
    low, high = _domain([*known, target, *ahead])
    end = max(rows[-1]["month"], f"{forecast[0]:%Y-%m-01}") if forecast else rows[-1]["month"]
    x = {
        "field": "month",
        "type": "temporal",
        "title": None,
        "axis": {
            "format": "%Y-%m",
            "grid": False,
            "labelOverlap": True,
            "labelSeparation": 10,
            "tickCount": 8,
        },
        "scale": {"domain": [rows[0]["month"], end]},
    }
    y_scale = {"domain": [low, high], "zero": False, "nice": False}
    y_axis = {"format": ".3f", "tickCount": 6, "domain": False, "ticks": False}
    y = {"type": "quantitative", "scale": y_scale, "axis": y_axis, "title": speak("unit.intensity")}
    tooltip = [
        {"field": "label", "type": "nominal", "title": speak("column.month")},
        {
            "field": "monthly",
            "type": "quantitative",
            "format": ".4f",
            "title": speak("window.month"),
        },
        {
            "field": "rolling",
            "type": "quantitative",
            "format": ".4f",
            "title": speak("window.rolling_12"),
        },
    ]
    monthly_line = {
        "mark": {"type": "line", "color": "#9fb2a8", "strokeWidth": 1.2, "point": _dot()},
        "encoding": {"x": x, "y": {"field": "monthly", **y}, "tooltip": tooltip},
    }
    rolling_line = {
        "mark": {"type": "line", "color": GREEN, "strokeWidth": 3, "strokeCap": "round"},
        "encoding": {"x": x, "y": {"field": "rolling", **y}, "tooltip": tooltip},
    }
    rule = {
        "data": {"values": [{"target": target}]},
        "mark": {"type": "rule", "color": INK, "strokeDash": [5, 4], "strokeWidth": 1.3},
        "encoding": {"y": {"field": "target", **y}},
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": rows},
        "height": 456,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"left": 2, "top": 8, "right": 6, "bottom": 2},
        "layer": [
            monthly_line,
            rolling_line,
            rule,
            *_forecast_layers(forecast, x, y, speak),
            *_end_labels(rows, end, _Rule(target, target_year), forecast, x, y, speak),
        ],
        "config": config(),
    }


def _dot() -> Spec:
    return {"size": 11, "color": "#9fb2a8", "filled": True}


def _domain(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    margin = (high - low or high or 1.0) * 0.12
    return max(0.0, low - margin), high + margin


def _forecast_layers(forecast: Mark | None, x: Spec, y: Spec, speak: Any) -> list[Spec]:
    """An open point, and the band as a bar with ends: it must not pass for a filed month."""
    if forecast is None:
        return []
    month, value, low, high = forecast
    row = {"month": f"{month:%Y-%m-01}", "value": value, "low": low, "high": high}
    year = speak("outlook.year", year=month.year)
    row["band"] = f"{figures.intensity(low)}–{figures.intensity(high)}"
    point = {
        "data": {"values": [row]},
        "mark": {
            "type": "point", "shape": "diamond", "size": 95, "filled": True,
            "fill": "#fff", "stroke": _AHEAD, "strokeWidth": 2,
        },
        "encoding": {
            "x": x,
            "y": {"field": "value", **y},
            "tooltip": [
                {"field": "value", "type": "quantitative", "format": ".4f", "title": year},
                {"field": "band", "type": "nominal", "title": speak("chart.forecast_band")},
            ],
        },
    }  # fmt: skip
    if low is None or high is None:
        return [point]
    band = {
        "data": {"values": [row]},
        "mark": {"type": "errorbar", "ticks": {"color": _AHEAD}, "rule": {"color": _AHEAD}},
        "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}},
    }
    return [band, point]


@dataclass(frozen=True)
class _Rule:
    target: float
    year: int | None


def _end_labels(
    rows: list[Spec], end: str, rule: _Rule, forecast: Mark | None, x: Spec, y: Spec, speak: Any
) -> list[Spec]:
    """Direct labels at the right end instead of a legend, moved apart where lines meet."""
    text = speak("chart.target", year=rule.year, value=figures.number(rule.target, 4))
    wanted = [("target", rule.target, text)]
    if forecast is not None:
        value = figures.intensity(forecast[1])
        text = speak("chart.forecast", year=forecast[0].year, value=value)
        wanted.append(("forecast", forecast[1], text))
    for field, key in (("rolling", "chart.rolling"), ("monthly", "chart.monthly")):
        last = next((row for row in reversed(rows) if row[field] is not None), None)
        if last is not None:
            wanted.append((field, last[field], speak(key, value=figures.intensity(last[field]))))
    low, high = y["scale"]["domain"]
    gap = (high - low) * _LABEL_GAP
    colours = {"target": INK, "rolling": GREEN, "monthly": "#6b7a73", "forecast": _AHEAD}
    layers = []
    lowest_free = low
    for field, value, text in sorted(wanted, key=lambda entry: entry[1]):
        at = max(value, lowest_free)
        lowest_free = at + gap
        layers.append(
            {
                "data": {"values": [{"month": end, "at": at, "text": text}]},
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 9,
                    "fontSize": 12.5,
                    "fontWeight": "normal" if field == "monthly" else "bold",
                    "color": colours[field],
                    "lineBreak": "\n",
                    "baseline": "middle",
                },
                "encoding": {"x": x, "y": {"field": "at", **y}, "text": {"field": "text"}},
            }
        )
    return layers


Bar = tuple[date, float | None, str]


@lru_cache(maxsize=256)
def month_bars_chart(
    bars: tuple[Bar, ...], chosen: date, target: float, language: Language
) -> Spec:
    """One bar per month, the chosen one dark; a month without a ratio keeps its place, marked.

    `bars`: month, ratio, and the words that say why there is none.
    """
    speak = say(language)
    known = [ratio for _, ratio, _ in bars if ratio is not None]
    low, high = min([0.0, *known]), max([*known, target]) * 1.08
    rows = [
        {
            "month": figures.month_code(month),
            "ratio": ratio,
            "chosen": month == chosen,
            "why": why,
            "shown": figures.intensity(ratio),
            "base": 0,
            "low": low,
            "high": high,
        }
        for month, ratio, why in bars
    ]
    x = {
        "field": "month",
        "type": "ordinal",
        "title": None,
        "sort": None,
        "axis": {"labelAngle": 0, "labelOverlap": "greedy", "ticks": False, "labelPadding": 6},
        # Said in full: months without a bar would otherwise be put behind those that have one.
        "scale": {"paddingInner": 0.18, "domain": [row["month"] for row in rows]},
    }
    y = {
        "type": "quantitative",
        "title": speak("unit.intensity"),
        "scale": {"domain": [low, high]},
        "axis": {"format": ".2f", "tickCount": 6, "domain": False, "ticks": False},
    }
    tooltip = [
        {"field": "month", "title": speak("column.month")},
        {"field": "shown", "title": speak("unit.intensity")},
        {"field": "why", "title": speak("column.note")},
    ]
    colour = {"condition": {"test": "datum.chosen", "value": GREEN}, "value": _SOFT}
    bar_layer = {
        "mark": {"type": "bar", "cornerRadiusEnd": 2},
        "encoding": {"x": x, "y": {"field": "ratio", **y}, "color": colour},
    }
    # The whole column takes the click and the tooltip, gaps and months without a bar included.
    column = {
        "params": [
            {"name": "clicked", "select": {"type": "point", "fields": ["month"], "toggle": False}}
        ],
        "mark": {
            "type": "rect",
            "width": {"band": 1.22},
            "opacity": 0,
            "cursor": "pointer",
        },
        "encoding": {
            "x": x,
            "y": {"field": "low", **y},
            "y2": {"field": "high"},
            "tooltip": tooltip,
        },
    }
    missing = {
        "transform": [{"filter": "datum.ratio === null"}],
        "mark": {"type": "text", "text": "×", "fontSize": 13, "dy": -8, "color": "#a5301f"},
        "encoding": {"x": x, "y": {"field": "base", **y}},
    }
    rule = {
        "data": {"values": [{"target": target}]},
        "mark": {"type": "rule", "color": INK, "strokeDash": [5, 4], "strokeWidth": 1.2},
        "encoding": {"y": {"field": "target", **y}},
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": rows},
        "height": 264,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"left": 2, "top": 8, "right": 4, "bottom": 2},
        "layer": [bar_layer, missing, rule, column],
        "config": config(),
    }
