"""A new version of a closed month: a correction, which asks why before it is declared."""

from __future__ import annotations

import streamlit as st

from front import figures
from front.filing import verdict
from front.filing.checked import CheckedFile
from front.filing.file import was_closed_meanwhile
from front.markup import esc
from front.visitor import Visitor
from greenmfg.portal import LONGEST_REASON, SHORTEST_REASON, Office
from greenmfg.records import Refusal


def correction_reason(
    who: Visitor, office: Office, uscc: str, file: CheckedFile
) -> tuple[str, bool]:
    """Asks for the reason if the file corrects a closed month. Returns: the reason (empty where
    none is asked for), and whether none is missing."""
    if isinstance(file.outcome, Refusal):
        return "", True
    closed = office.closed_months(uscc, file.outcome)
    if not closed:
        return "", True
    say = who.say
    months = "、".join(figures.month_code(month) for month in closed)
    if was_closed_meanwhile():
        words = f"<p>{esc(say('correction.meanwhile', months=months))}</p>"
        st.html(verdict.box("warn", say("correction.not_filed"), words, f"closed {file.sha256}"))
    st.html(
        f'<h3 class="ask">{esc(say("correction.title"))}</h3>'
        f'<p class="asked">{esc(say("correction.lead", months=months))}</p>'
    )
    text = st.text_input(
        say("correction.label"),
        key=f"correction_{file.sha256[:16]}",
        max_chars=LONGEST_REASON,
        placeholder=say("correction.example"),
    ).strip()
    if len(text) < SHORTEST_REASON:
        st.html(f'<p class="quiet">{esc(say("correction.missing"))}</p>')
        return "", False
    return text, True
