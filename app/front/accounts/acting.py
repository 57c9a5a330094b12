"""One act of an administrator: who it is is asked again, and the answer outlives the rerun, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from front import data
from front.filing.verdict import box
from front.markup import esc
from front.visitor import Visitor, visitor
from greenmfg.access import AccessError, AccountDesk, Role, open_desk
from greenmfg.contract import Words

_ANSWER, _ASKED = "accounts_answer", "accounts_asked"


@dataclass(frozen=True)
class Secret:
    """What is shown once and kept nowhere: whose it is, and the text."""

    title: str
    text: str
    note: str


Done = str | Secret
# The desk, and by whom.
Act = Callable[[AccountDesk, str], Done]


def act(do: Act) -> None:
    """Does it as whoever stands here now, who must be an administrator still; then runs anew."""
    now = visitor()
    if now is None or now.person.role is not Role.ADMINISTRATOR:
        st.rerun()
        return
    answer: Done | Words
    try:
        answer = do(open_desk(data.settings()), now.person.login)
    except AccessError as refused:
        answer = refused.words
    st.session_state[_ANSWER] = answer
    st.session_state.pop(_ASKED, None)
    st.rerun()


def show_answer(who: Visitor) -> None:
    """What the last act brought, in this run and in no later one."""
    answer: Done | Words | None = st.session_state.pop(_ANSWER, None)
    if answer is None:
        return
    if isinstance(answer, Secret):
        body = f'<p class="number"><code>{esc(answer.text)}</code></p><p>{esc(answer.note)}</p>'
        st.html(box("good", answer.title, body, f"secret {answer.title}"))
    elif isinstance(answer, Words):
        words = who.language.of(answer)
        st.html(box("bad", who.say("accounts.not_done"), f"<p>{esc(words)}</p>", words))
    else:
        st.html(box("good", answer, "", answer))


def asks_first(who: Visitor, key: str, label: str, consequence: str, do: Act) -> None:
    """A button whose act is told before it is done: pressed once it says what will happen."""
    say = who.say
    if st.session_state.get(_ASKED) != key:
        if st.button(label, key=f"ask_{key}"):
            st.session_state[_ASKED] = key
            st.rerun()
        return
    st.html(f'<p class="asked">{esc(consequence)}</p>')
    if st.button(say("accounts.confirm", act=label), key=f"do_{key}", type="primary"):
        act(do)
    if st.button(say("accounts.cancel"), key=f"leave_{key}", type="tertiary"):
        st.session_state.pop(_ASKED, None)
        st.rerun()
