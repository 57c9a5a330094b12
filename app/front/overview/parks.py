"""Parks as small multiples; industries, clusters, towns and zones as one table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

import streamlit as st

from front import data, figures
from front.fragments import live_fragment
from front.frame import head, nothing, panel
from front.markup import Cell, bar, esc, pill, sparkline, table
from front.reasons import why_not_measured
from front.tones import against_target
from front.visitor import Visitor
from greenmfg.queries.groups import Group
from greenmfg.queries.overview import Grouping

_GROUPINGS: tuple[Grouping, ...] = ("industry", "cluster", "town", "zone")
_HEADROOM = 1.05


def parks_panel(visitor: Visitor, parks: Sequence[Group], month: date) -> None:
    say = visitor.say
    with panel("parks"):
        head(
            say,
            say("parks.title"),
            say("parks.sub"),
            [say("method.groups"), say("method.matched"), say("method.park_scope")],
            ("group_months", _filters("park", month)),
        )
        if not parks:
            nothing(say("empty.no_groups_title"), say("empty.no_groups"))
            return
        st.html(f'<div class="parks">{"".join(_park(visitor, park) for park in parks)}</div>')


def _park(visitor: Visitor, park: Group) -> str:
    say = visitor.say
    tone = against_target(park.intensity, park.target)
    name = visitor.language.pick(park.name_zh, park.name_en) or park.key
    if park.intensity is None:
        badge = pill(say("status.not_measurable"))
        line = why_not_measured(say, park.reason)
    else:
        badge = pill(figures.signed_percent(park.intensity / park.target - 1, 0), tone)
        line = say(
            "parks.line",
            change=figures.signed_percent(figures.change(park.intensity, park.intensity_year_ago)),
            share=figures.percent(park.energy_share, 0),
            filed=f"{park.firms_filed}/{park.firms_due}",
        )
    return (
        f'<section><div class="name"><h3 title="{esc(name)}">{esc(name)}</h3>{badge}</div>'
        f'<div class="value"><b>{esc(figures.intensity(park.intensity))}</b>'
        f"{sparkline(park.rolling_12, tone, park.target, 118, 34)}</div>"
        f"<p>{esc(line)}</p></section>"
    )


@live_fragment
def groups_content(visitor: Visitor, release: str, month: date) -> None:
    say = visitor.say
    heading = st.empty()
    chosen = st.segmented_control(
        say("groups.by"),
        _GROUPINGS,
        default=_GROUPINGS[0],
        format_func=lambda grouping: say(f"groups.{grouping}"),
        required=True,
        label_visibility="collapsed",
        key="grouping",
    )
    grouping = cast(Grouping, chosen or _GROUPINGS[0])
    with heading.container():
        head(
            say,
            say("groups.title"),
            say("groups.sub"),
            [say("method.groups"), say("method.matched"), say("method.excess")],
            ("group_months", _filters(grouping, month)),
        )
    rows = data.groups_of(release, grouping, month)
    if not rows:
        nothing(say("empty.no_groups_title"), say("empty.no_groups"))
        return
    st.html(_groups(visitor, rows, grouping))


def _groups(visitor: Visitor, rows: Sequence[Group], grouping: str) -> str:
    say = visitor.say
    largest = max([row.intensity or 0.0 for row in rows] + [row.target for row in rows]) * _HEADROOM
    lines = []
    for row in rows:
        name = visitor.language.pick(row.name_zh, row.name_en) or row.key
        coded = grouping in ("industry", "zone") and not name.startswith(row.key)
        code = f'<span class="code">{esc(row.key)}</span>' if coded else ""
        tone = against_target(row.intensity, row.target)
        ratio = figures.intensity(row.intensity)
        if row.intensity is None:
            meter = f'<span class="why">{esc(why_not_measured(say, row.reason))}</span>'
        else:
            meter = bar(row.intensity / largest, tone, row.target / largest)
        lines.append(
            [
                Cell(f'<span class="group" title="{esc(name)}">{code}{esc(name)}</span>{meter}'),
                Cell(f"<b>{esc(ratio)}</b>", numeric=True),
                Cell.figure(
                    figures.signed_percent(figures.change(row.intensity, row.intensity_year_ago))
                ),
                Cell.figure(figures.signed(row.excess_tce)),
                Cell.figure(f"{row.firms_filed}/{row.firms_due}"),
            ]
        )
    headers = [
        (say(f"groups.{grouping}"), False),
        (say("unit.intensity"), True),
        (say("column.change"), True),
        (say("column.excess"), True),
        (say("column.filed"), True),
    ]
    return table(headers, lines, say("groups.title"), "tall shrink")


def _filters(grouping: str, month: date) -> dict[str, str]:
    return {
        "grouping": grouping,
        "window_name": "ytd",
        "month": figures.month_code(month),
    }
