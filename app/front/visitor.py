"""Who is looking, asked again on every run: a session that ended shows nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from front import cookies
from front.data import settings
from front.language import Language, language_of
from front.words import Say, say
from greenmfg.access import Person, open_door


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


def visitor() -> Visitor | None:
    """The visitor behind this run's websocket, or None if the session is over."""
    person = open_door(settings()).who(request_cookies().get(cookies.SESSION))
    return None if person is None else Visitor(person, reading_language())


def reading_language() -> Language:
    return language_of(request_cookies())


def request_cookies() -> Mapping[str, str]:
    """The cookies the websocket was opened with: it passed the gate with them."""
    jar: Mapping[str, str] = st.context.cookies
    return jar
