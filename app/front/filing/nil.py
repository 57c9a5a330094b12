"""Nil return in two clicks: nothing was produced this month."""

from __future__ import annotations

from datetime import date

import streamlit as st

from front import figures
from front.filing.checked import CheckBroke, CheckedFile, checked
from front.filing.correction import correction_reason
from front.filing.file import file_and_show
from front.filing.reasons import reasons
from front.filing.verdict import summary
from front.frame import panel
from front.markup import esc, panel_head
from front.visitor import Visitor
from greenmfg.portal import Office
from greenmfg.records import Refusal

_ASKED = "nil_return_of"


def nil_panel(who: Visitor, office: Office, uscc: str, month: date) -> None:
    """First click: check what would be filed. Second click: declare and file it."""
    say = who.say
    words = figures.month_words(month, who.language)
    with panel("nil_return"):
        st.html(panel_head(say("nil.title"), say("nil.sub", month=words)))
        if st.session_state.get(_ASKED) != month:
            if st.button(say("nil.ask", month=words), key="nil_ask", width="stretch"):
                st.session_state[_ASKED] = month
                st.rerun()
            return
        name, data = office.nil_return(uscc, month)
        try:
            file = checked(office, uscc, name, data)
        except CheckBroke:
            st.html(f'<p class="quiet">{esc(say("check.broke"))}</p>')
            return
        _confirm(who, office, uscc, file, words)
        if st.button(say("nil.back"), key="nil_back", type="tertiary"):
            del st.session_state[_ASKED]
            st.rerun()


def _confirm(who: Visitor, office: Office, uscc: str, file: CheckedFile, month: str) -> None:
    say = who.say
    contract = office.contracts["output_monthly"]
    if isinstance(file.outcome, Refusal) or file.errors:
        if not isinstance(file.outcome, Refusal):
            st.html(summary(who, contract, file, file.outcome))
        return
    explanations, complete = reasons(who, contract, file)
    why, told = correction_reason(who, office, uscc, file)
    st.html(f'<p class="declared">{esc(say("nil.declare", month=month))}</p>')
    if st.button(
        say("nil.confirm"),
        key="nil_confirm",
        type="primary",
        disabled=not (complete and told),
        width="stretch",
    ):
        st.session_state.pop(_ASKED, None)
        file_and_show(office, uscc, file, explanations, why)
