"""Fragments that ask at the door each time: Streamlit reruns them without the page around them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import streamlit as st

from front.data import ReleaseMoved
from front.visitor import Visitor, visitor

P = ParamSpec("P")
Panel = Callable[Concatenate[Visitor, P], None]


def live_fragment(panel: Panel[P]) -> Panel[P]:
    """A panel that reruns alone while the session lives and the release stays.

    The visitor is looked up again, never remembered: an ended session, another person at this
    browser or a moved release reruns the whole page.
    """

    @wraps(panel)
    def asked_again(known: Visitor, *args: P.args, **kwargs: P.kwargs) -> None:
        now = visitor()
        if now is None or now != known:
            st.rerun(scope="app")
            return
        try:
            panel(now, *args, **kwargs)
        except ReleaseMoved:
            st.rerun(scope="app")

    fragment: Panel[P] = st.fragment(asked_again)
    return fragment
