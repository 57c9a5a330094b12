"""My filings: what was sent, or every version of one report and what it changed."""

from __future__ import annotations

import streamlit as st

from front import data
from front.filing.office import office_for
from front.frame import nothing, page_head
from front.mine.sent import sent_panel
from front.mine.versions import versions_panel
from front.visitor import Visitor

_VIEWS = ("sent", "versions")


def mine_page(who: Visitor) -> None:
    """For a firm alone: whose it is comes from the session."""
    say, uscc = who.say, who.tenant
    office = office_for(data.settings(), who.person)
    if office is None or uscc is None:
        nothing(say("report.no_office_title"), say("report.no_office"))
        return
    page_head(say("mine.title"), [("", office.name(uscc) or uscc), (say("enterprise.uscc"), uscc)])
    view = st.radio(
        say("mine.view"),
        _VIEWS,
        format_func=lambda name: say(f"mine_view.{name}"),
        horizontal=True,
        label_visibility="collapsed",
        key="mine_view",
    )
    show = versions_panel if view == "versions" else sent_panel
    show(who, office, uscc)
