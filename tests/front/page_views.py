"""Opening a page as somebody, as Streamlit runs it, without a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import streamlit as st
from front_home import ROOT, Home
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from front import cookies, data
from front import visitor as visitor_module

View = Callable[..., AppTest]


@contextmanager
def opening(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    """Opens a page as somebody: `view("officer", page="enterprise", uscc=…, language="en")`."""
    monkeypatch.setenv("GREENMFG_HOME", str(home.settings.home))
    monkeypatch.setenv("GREENMFG_ROOMS", str(ROOT))
    if home.settings.today_override:
        monkeypatch.setenv("GREENMFG_TODAY", home.settings.today_override.isoformat())
    data.settings.cache_clear()
    st.cache_data.clear()

    def open_page(
        login: str | None = "officer", page: str = "", language: str = "zh", **query: str
    ) -> AppTest:
        jar = {cookies.LANGUAGE: language}
        if login is not None:
            jar[cookies.SESSION] = home.token(login)
        monkeypatch.setattr(visitor_module, "request_cookies", lambda: jar)
        test = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)
        test.query_params.update(query)
        test.run()
        if page:
            # AppTest switches only between files; a page of ours is a function.
            test._page_hash = calc_hash(page)
            test.query_params.update(query)
            test.run()
        assert not test.exception
        return test

    yield open_page
    data.settings.cache_clear()
    st.cache_data.clear()


def text_of(test: AppTest) -> str:
    """All markup the page wrote, without the base64 of its pictures."""
    blocks = [element.proto.body for element in test.get("html")]
    return re.sub(r"base64,[A-Za-z0-9+/=]+", "", "\n".join(blocks))
