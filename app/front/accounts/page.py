"""Accounts, agents and keys: for the administrator alone."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from front import data
from front.accounts.acting import show_answer
from front.accounts.agents import agents_view
from front.accounts.keys import keys_view
from front.accounts.people import people_view
from front.accounts.record import record_view
from front.frame import nothing, page_head
from front.visitor import Visitor
from greenmfg.access import AccountDesk, Role, open_desk
from greenmfg.registry import RegistryMissing, RegistryOutdated

_VIEWS: dict[str, Callable[[Visitor, AccountDesk], None]] = {
    "people": people_view,
    "agents": agents_view,
    "keys": keys_view,
    "record": record_view,
}


def accounts_page(who: Visitor) -> None:
    """For an administrator alone, whatever led here."""
    say = who.say
    if who.person.role is not Role.ADMINISTRATOR:
        nothing(say("accounts.refused_title"), say("accounts.refused"))
        return
    try:
        desk = open_desk(data.settings())
    except (RegistryMissing, RegistryOutdated):
        nothing(say("report.no_office_title"), say("report.no_office"))
        return
    page_head(say("accounts.title"), [("", say("accounts.lead"))])
    show_answer(who)
    view = st.radio(
        say("accounts.view"),
        list(_VIEWS),
        format_func=lambda name: say(f"accounts_view.{name}"),
        horizontal=True,
        label_visibility="collapsed",
        key="accounts_view",
    )
    _VIEWS[view](who, desk)
