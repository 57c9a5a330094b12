"""A written reason for each warning: it travels with the file and is kept with the receipt."""

from __future__ import annotations

import streamlit as st

from front import figures
from front.filing.checked import CheckedFile, Place
from front.filing.rows import column_label, said
from front.filing.slip import slip_effect
from front.markup import esc
from front.visitor import Visitor
from greenmfg.contract import Contract
from greenmfg.portal import EarlierReason
from greenmfg.records import Explanation, Finding

_LONGEST = 300
_SHORTEST = 4


def reasons(
    visitor: Visitor, contract: Contract, file: CheckedFile
) -> tuple[tuple[Explanation, ...], bool]:
    """Asks for what is missing. Returns: the reasons given, and whether none is missing.

    Findings of one check without a line (items left out, for one) share one reason.
    """
    say = visitor.say
    places: dict[Place, list[Finding]] = {}
    for finding in file.to_explain:
        places.setdefault((finding.id, finding.line, finding.column), []).append(finding)
    if not places:
        return (), True
    st.html(
        f'<h3 class="ask">{esc(say("reason_for.title"))}</h3>'
        f'<p class="quiet">{esc(say("reason_for.lead"))}</p>'
    )
    given = []
    for number, ((check, line, column), findings) in enumerate(places.items()):
        words = "".join(_warning(visitor, contract, finding) for finding in findings)
        if line is None:
            words += f'<p class="asked"><em>{esc(say("reason_for.reviewed"))}</em></p>'
        slip = file.slips.get((check, line, column))
        if slip is not None:
            words += slip_effect(visitor, slip)
        earlier = file.earlier.get((check, line, column))
        if earlier is not None:
            words += _remembered(visitor, earlier)
        st.html(words)
        text = st.text_input(
            say("reason_for.label", number=number + 1),
            value=earlier.reason[:_LONGEST] if earlier else "",
            key=f"reason_{file.sha256[:16]}_{number}",
            max_chars=_LONGEST,
            placeholder=say("reason_for.example"),
        )
        if len(text.strip()) >= _SHORTEST:
            given.append(Explanation(check, line, column, text.strip()))
    return tuple(given), len(given) == len(places)


def _remembered(visitor: Visitor, earlier: EarlierReason) -> str:
    """Where the reason that stands in the field comes from, and until when it is remembered."""
    words = visitor.say(
        "reason_for.remembered",
        month=figures.month_words(earlier.period, visitor.language),
        receipt=earlier.receipt,
    )
    return f'<p class="remembered"><span class="chip good">{esc(words)}</span></p>'


def _warning(visitor: Visitor, contract: Contract, finding: Finding) -> str:
    label = column_label(visitor, contract, finding)
    return f'<p class="asked"><b>● {esc(label)}</b> {said(visitor, finding)}</p>'
