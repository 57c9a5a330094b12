"""Small pieces of HTML, as text. Whatever comes from data is escaped here."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from front.tones import COLOURS, Tone


def esc(value: object) -> str:
    return html.escape(str(value), quote=True)


def svg_image(svg: str, width: int, height: int, alt: str = "") -> str:
    """SVG as an image: st.html strips inline SVG, and an image cannot run scripts."""
    encoded = base64.b64encode(svg.encode()).decode()
    return (
        f'<img alt="{esc(alt)}" width="{width}" height="{height}" '
        f'src="data:image/svg+xml;base64,{encoded}">'
    )


def pill(text: str, tone: Tone = Tone.PLAIN) -> str:
    return f'<span class="pill {tone}">{esc(text)}</span>'


def chip(text: str, tone: Tone = Tone.PLAIN) -> str:
    """A label that qualifies the number beside it: price basis, provisional."""
    return f'<span class="chip {tone}">{esc(text)}</span>'


def bar(share: float | None, tone: Tone = Tone.GOOD, mark: float | None = None) -> str:
    """A horizontal bar, both as shares of its width; `mark` is a vertical line, e.g. a target."""
    filled = "" if share is None else f'<i class="{tone}" style="width:{_width(share)}"></i>'
    marked = "" if mark is None else f'<b style="left:{_width(mark)}"></b>'
    return f'<div class="bar" aria-hidden="true">{filled}{marked}</div>'


def _width(share: float) -> str:
    return f"{max(0.0, min(1.0, share)) * 100:.1f}%"


def csv_link(mart: str, label: str, **filters: str) -> str:
    """The link to a mart's export, narrowed to what the panel shows."""
    query = f"?{urlencode(filters)}" if filters else ""
    address = esc(f"/files/export/{mart}.csv{query}")
    return f'<a class="tool csv" href="{address}" target="_self" download>{esc(label)}</a>'


def method_note(label: str, paragraphs: Iterable[str]) -> str:
    """口径: how a panel's numbers come about, opened by click or keyboard."""
    text = "".join(f"<p>{esc(paragraph)}</p>" for paragraph in paragraphs)
    return (
        f'<details class="method"><summary class="tool">{esc(label)}</summary>'
        f"<div>{text}</div></details>"
    )


def panel_head(title: str, sub: str, tools: str = "") -> str:
    return (
        f'<div class="panel-head"><div><h2>{esc(title)}</h2><p>{esc(sub)}</p></div>'
        f'<div class="tools">{tools}</div></div>'
    )


@dataclass(frozen=True)
class Card:
    """One figure with what must stand beside it. The HTML fields are markup already."""

    title: str
    value: str
    unit: str
    tone: Tone
    pills: str
    sub: str
    picture: str = ""
    foot: str = ""

    def html(self) -> str:
        return (
            f'<section class="card {self.tone}" aria-label="{esc(self.title)}">'
            f"<h2>{esc(self.title)}</h2>"
            f'<div class="figure"><p><span class="value">{esc(self.value)}</span>'
            f'<span class="unit">{esc(self.unit)}</span></p>{self.picture}</div>'
            f'<div class="pills">{self.pills}</div><p class="sub">{esc(self.sub)}</p>'
            f'<div class="foot">{self.foot}</div></section>'
        )


def cards(row: Sequence[Card]) -> str:
    return f'<div class="cards">{"".join(card.html() for card in row)}</div>'


@dataclass(frozen=True)
class Cell:
    """A table cell. `html` is markup already; `numeric` aligns right."""

    html: str
    numeric: bool = False

    @classmethod
    def text(cls, value: object) -> Cell:
        return cls(esc(value))

    @classmethod
    def figure(cls, value: str) -> Cell:
        return cls(esc(value), numeric=True)


def table(
    headers: Sequence[tuple[str, bool]], rows: Iterable[Sequence[Cell]], label: str, kind: str = ""
) -> str:
    """A table in a box that scrolls by itself, by keyboard too. `headers`: (text, numeric)."""
    head = "".join(
        f'<th scope="col"{_right(numeric)}>{esc(text)}</th>' for text, numeric in headers
    )
    body = "".join(
        "<tr>" + "".join(f"<td{_right(c.numeric)}>{c.html}</td>" for c in row) + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll {kind}" tabindex="0" role="region" aria-label="{esc(label)}">'
        f'<table class="rows"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _right(numeric: bool) -> str:
    return ' class="number"' if numeric else ""


def firm_link(uscc: str, name: str) -> str:
    address = esc(f"/enterprise?{urlencode({'uscc': uscc})}")
    shown = esc(name)
    return f'<a class="firm" href="{address}" target="_self" title="{shown}">{shown}</a>'


def empty_note(title: str, text: str) -> str:
    return f'<div class="empty"><h2>{esc(title)}</h2><p>{esc(text)}</p></div>'


def sparkline(
    values: Sequence[float | None],
    tone: Tone = Tone.GOOD,
    target: float | None = None,
    width: int = 120,
    height: int = 36,
) -> str:
    """A small line; a gap where a month has no value, and the target dashed if there is one."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    bounds = [*known, *([] if target is None else [target])]
    low, high = min(bounds), max(bounds)
    span = (high - low) or 1.0

    def x(index: int) -> float:
        return 2 + index * (width - 8) / (len(values) - 1)

    def y(value: float) -> float:
        return height - 5 - (value - low) / span * (height - 10)

    colour = COLOURS[tone]
    runs = _runs(values)
    lines = "".join(
        f'<polyline points="{" ".join(f"{x(i):.1f},{y(v):.1f}" for i, v in run)}"/>' for run in runs
    )
    last_index, last_value = runs[-1][-1]
    rule = (
        ""
        if target is None
        else f'<line x1="0" x2="{width}" y1="{y(target):.1f}" y2="{y(target):.1f}" '
        'stroke="#7d8a83" stroke-dasharray="3 3"/>'
    )
    area = ""
    if len(runs) == 1:
        points = " ".join(f"{x(i):.1f},{y(v):.1f}" for i, v in runs[0])
        ends = f"{x(runs[0][0][0]):.1f},{height} {points} {x(last_index):.1f},{height}"
        area = f'<polygon points="{ends}" fill="{colour}" opacity=".09"/>'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{area}{rule}'
        f'<g fill="none" stroke="{colour}" stroke-width="1.8" stroke-linejoin="round" '
        f'stroke-linecap="round">{lines}</g>'
        f'<circle cx="{x(last_index):.1f}" cy="{y(last_value):.1f}" r="2.8" fill="{colour}"/></svg>'
    )
    return svg_image(svg, width, height)


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    runs: list[list[tuple[int, float]]] = [[]]
    for index, value in enumerate(values):
        if value is not None:
            runs[-1].append((index, value))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
