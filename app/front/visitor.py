"""Who is looking, asked again on every run: a session that ended shows nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from front import cookies
from front.data import settings
from front.language import Language, language_of
from front.words import Say, say
from greenmfg.access import Person, Role, open_door

# Which of its firms an agent acts for: in this tab's state, and in the addresses of its files.
ACTING_FOR = "acting_for"
FIRM_PARAMETER = "firm"


@dataclass(frozen=True)
class Visitor:
    person: Person
    language: Language

    @property
    def say(self) -> Say:
        return say(self.language)

    @property
    def tenant(self) -> str | None:
        """The one enterprise this visitor may see, from the session; None: every one."""
        return self.person.tenant

    @property
    def declaration(self) -> str:
        """What is declared by filing: an agent vouches for another's figures."""
        return self.say("declare.text" if self.person.acting_for is None else "acting.declare")

    def address(self, path: str, **query: str) -> str:
        """The address of one of our files. An agent's names the firm it acts for, which the gate
        holds against the grants."""
        if self.person.acting_for is not None:
            query = {**query, FIRM_PARAMETER: self.person.acting_for}
        return f"{path}?{urlencode(query)}" if query else path


def visitor() -> Visitor | None:
    """The visitor behind this run's websocket, or None if the session is over."""
    person = open_door(settings()).who(request_cookies().get(cookies.SESSION))
    if person is None:
        return None
    chosen = st.session_state.get(ACTING_FOR)
    # Asked of the grants on every run: one that ended leaves nothing chosen.
    if person.role is Role.AGENT and chosen in person.firms:
        person = person.acting(chosen)
    return Visitor(person, reading_language())


def reading_language() -> Language:
    return language_of(request_cookies())


def request_cookies() -> Mapping[str, str]:
    """The cookies the websocket was opened with: it passed the gate with them."""
    jar: Mapping[str, str] = st.context.cookies
    return jar
