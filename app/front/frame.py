"""What every page has: banner, head, panels, and the answers when there is nothing to show."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import streamlit as st

from front import figures
from front.markup import csv_link, empty_note, esc, method_note, panel_head
from front.visitor import Visitor
from front.words import Say
from greenmfg.queries.overview import ReleaseFacts
from greenmfg.warehouse.release import ReleaseRef


def page_head(title: str, parts: Sequence[tuple[str, str]], lead: str = "") -> None:
    """The page's title and its line of facts: (word, value) each."""
    line = " · ".join(f"{esc(word)} <b>{esc(value)}</b>".strip() for word, value in parts)
    st.html(f'<header class="page-head">{lead}<h1>{esc(title)}</h1><p>{line}</p></header>')


def release_parts(say: Say, release: ReleaseRef, facts: ReleaseFacts) -> list[tuple[str, str]]:
    """Data through which month, and which release, published when."""
    through = figures.month_code(facts.data_through) if facts.data_through else figures.NOTHING
    return [
        (say("head.data_through"), through),
        (say("head.release"), figures.stamp(release.published_at)),
    ]


def demonstration_banner(visitor: Visitor, facts: ReleaseFacts) -> None:
    if facts.demonstration:
        say = visitor.say
        st.html(
            f'<div class="demonstration" role="note"><b>{esc(say("demonstration.word"))}</b>'
            f"{esc(say('demonstration.banner'))}</div>"
        )


def panel(key: str) -> AbstractContextManager[Any]:
    """A white box; the style sheet knows it by its key."""
    box: AbstractContextManager[Any] = st.container(
        border=True, key=f"panel_{key}", height="stretch"
    )
    return box


def head(
    say: Say,
    title: str,
    sub: str,
    method: Sequence[str],
    csv: tuple[str, dict[str, str]] | None,
) -> None:
    """A panel's head with its method note and, where the figures may go out, its CSV."""
    tools = method_note(say("panel.method"), method)
    if csv is not None:
        mart, filters = csv
        tools += csv_link(mart, "CSV", **filters)
    st.html(panel_head(title, sub, tools))


def nothing(title: str, text: str) -> None:
    st.html(empty_note(title, text))
