"""For which firm an agent's clerk acts: chosen on the page, in this tab alone, from its grants."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from front import data
from front.filing.file import keep_upload_boxes_apart
from front.filing.office import office_of
from front.frame import nothing
from front.visitor import ACTING_FOR, FIRM_PARAMETER, Visitor
from greenmfg.access import Role


def for_a_firm(who: Visitor, page: Callable[[Visitor], None]) -> None:
    """Runs a firm's page: for a firm its own, for an agent that of the firm it has chosen."""
    if who.person.role is not Role.AGENT:
        page(who)
        return
    chosen = _chosen(who)
    if chosen is not None:
        page(chosen)


def _chosen(who: Visitor) -> Visitor | None:
    """Shows the choice. Returns the visitor as one who acts for the firm, once there is one."""
    say, firms = who.say, sorted(who.person.firms)
    if not firms:
        nothing(say("acting.nobody_title"), say("acting.nobody"))
        return None
    now = who.person.acting_for or _from_address(who)
    if now is None and len(firms) == 1:
        now = firms[0]
    office = office_of(data.settings())
    names = {uscc: (office and office.name(uscc)) or uscc for uscc in firms}
    wanted: str | None = st.selectbox(
        say("acting.label"),
        firms,
        index=None if now is None else firms.index(now),
        format_func=lambda uscc: f"{names[uscc]} · {uscc}",
        placeholder=say("acting.placeholder", count=len(firms)),
        help=say("acting.help"),
        width=520,
    )
    if wanted is None:
        nothing(say("acting.choose_title"), say("acting.choose"))
        return None
    if wanted != who.person.acting_for:
        _turn_to(wanted)
    # So that reloading this tab finds the same firm.
    if st.query_params.get(FIRM_PARAMETER) != wanted:
        st.query_params[FIRM_PARAMETER] = wanted
    return who


def _from_address(who: Visitor) -> str | None:
    named = st.query_params.get(FIRM_PARAMETER)
    return named if named in who.person.firms else None


def _turn_to(uscc: str) -> None:
    """Another firm: nothing of what was checked, entered or opened for the one before stays."""
    came_from = st.session_state.get(ACTING_FOR)
    if came_from is not None:
        for key in list(st.session_state):
            del st.session_state[key]
        st.query_params.clear()
        keep_upload_boxes_apart()
    st.session_state[ACTING_FOR] = uscc
    st.rerun()
