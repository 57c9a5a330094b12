"""After filing: the receipt at once, and how the official run goes on with it, without reloading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from front import data, figures, paths
from front.filing.office import office_for
from front.filing.verdict import box
from front.markup import esc, pill
from front.tones import Tone
from front.visitor import Visitor, visitor
from greenmfg.portal import OwnSubmission

_EVERY_S, _LATER_EVERY_S = 2, 15
# The run follows within seconds; after this the page asks less often, and says so.
_PATIENCE = timedelta(minutes=3)
STANDING_TONES = {
    "received": Tone.PLAIN,
    "check_failed": Tone.WARN,
    "unreadable": Tone.BAD,
    "returned": Tone.BAD,
    "no_filing": Tone.BAD,
    "awaiting_review": Tone.WARN,
    "accepted": Tone.GOOD,
    "superseded": Tone.PLAIN,
    "withdrawn": Tone.PLAIN,
}


def receipt_step(who: Visitor, own: OwnSubmission, again: bool) -> None:
    """The receipt, then what becomes of it; asks by itself until the official run has decided."""
    say = who.say
    submission = own.submission
    number = submission.receipt
    link = (
        f'<p><a class="button" href="{esc(who.address(paths.RECEIPT + number))}" target="_blank" rel="noopener">'
        f"{esc(say('receipt_step.open'))}</a></p>"
    )
    repeated = f"<p>{esc(say('receipt_step.again'))}</p>" if again else ""
    facts = (
        (say("column.file"), submission.file_name),
        (say("receipt_step.received_at"), figures.stamp(submission.attempt_received_at)),
        ("SHA-256", submission.sha256[:16] + "…"),
    )
    items = "".join(f"<div><dt>{esc(w)}</dt><dd>{esc(v)}</dd></div>" for w, v in facts)
    body = (
        f'<p class="number">{esc(say("column.receipt"))} <code>{esc(number)}</code></p>{repeated}'
        f'<dl class="facts">{items}</dl>{link}'
    )
    st.html(box("good", say("receipt_step.title"), body, f"filed {number}"))
    st.fragment(_course, run_every=beat([own]))(who, number, own.decided)


def beat(own: Sequence[OwnSubmission]) -> int | None:
    """After how many seconds to ask again; None when the official run has decided on all."""
    open_still = [one.submission.attempt_received_at for one in own if not one.decided]
    if not open_still:
        return None
    waited = data.settings().now() - max(open_still)
    return _EVERY_S if waited < _PATIENCE else _LATER_EVERY_S


def _course(known: Visitor, number: str, decided: bool) -> None:
    # Asked again on every beat: an ended session, or another person here, sees nothing more.
    now = visitor()
    office = now and office_for(data.settings(), now.person)
    if now is None or now != known or now.tenant is None or office is None:
        st.rerun(scope="app")
        return
    own = office.submission(now.tenant, number)
    if own.decided and not decided:
        # The calendar beside it has changed as well.
        st.rerun(scope="app")
        return
    st.html(course(now, own))


def course(who: Visitor, own: OwnSubmission) -> str:
    """Received → checked → decided, as markup."""
    say = who.say
    stages = [("received", figures.stamp(own.submission.attempt_received_at))]
    decided = own.submission.decided_at
    stages.append(("checked", figures.stamp(decided) if decided and own.decided else ""))
    items = "".join(
        f'<li class="{"done" if when else "later"}"><b>{esc(say(f"course.{stage}"))}</b>'
        f"<small>{esc(when or say('course.soon'))}</small></li>"
        for stage, when in stages
    )
    standing = own.standing
    result = standing_pill(who, own) if own.decided else esc(say("course.open"))
    items += (
        f'<li class="{"done" if own.decided else "later"}"><b>{esc(say("course.result"))}</b>'
        f"<small>{result}</small></li>"
    )
    return (
        f'<ol class="course" aria-live="polite">{items}</ol>'
        f'<p class="next">{esc(say(f"next.{standing}"))}</p>'
    )


def standing_pill(who: Visitor, own: OwnSubmission) -> str:
    standing = own.standing
    return pill(who.say(f"standing.{standing}"), STANDING_TONES[standing])
