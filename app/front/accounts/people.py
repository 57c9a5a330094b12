"""People: who may sign in, by role; opening, resetting, unlocking and closing accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from front import figures
from front.accounts.acting import Done, Secret, act, asks_first
from front.frame import panel
from front.identity import offered
from front.markup import Cell, esc, panel_head, pill, table
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.access import AccountDesk, AccountLine, Person, Role
from greenmfg.contract import Words

_ROLES = (Role.ADMINISTRATOR, Role.STEWARD, Role.OFFICER, Role.AGENT, Role.FIRM)
_SHOWN = 200


def people_view(who: Visitor, desk: AccountDesk) -> None:
    lines, firms = desk.accounts(), desk.firms()
    agents = {one.name: one.shown for one in desk.agents()}
    main, beside = st.columns([2.2, 1])
    with main, panel("accounts_people"):
        _list(who, lines, {**firms, **agents})
    with beside:
        with panel("accounts_open"):
            _open(who, firms, agents)
        with panel("accounts_change"):
            _change(who, lines)


def _list(who: Visitor, lines: Sequence[AccountLine], named: Mapping[str, str]) -> None:
    say = who.say
    st.html(panel_head(say("people.title"), say("people.sub", count=len(lines))))
    sought = st.text_input(say("people.search"), key="people_search").strip().casefold()
    ordered = sorted(lines, key=lambda line: (_ROLES.index(line.person.role), line.person.login))
    found = [line for line in ordered if sought in _words(line, named).casefold()]
    rows = [_row(who, line, named) for line in found[:_SHOWN]]
    heads = ("login", "role", "for", "state", "sessions", "opened")
    st.html(
        table([(say(f"people.{h}"), h == "sessions") for h in heads], rows, say("people.title"))
    )
    if len(found) > _SHOWN:
        st.html(f'<p class="quiet">{esc(say("people.more", count=len(found) - _SHOWN))}</p>')


def _words(line: AccountLine, named: Mapping[str, str]) -> str:
    person = line.person
    whose = person.uscc or person.agent or ""
    name = person.display_name
    return " ".join((person.login, name.zh, name.en, whose, named.get(whose, "")))


def _row(who: Visitor, line: AccountLine, named: Mapping[str, str]) -> list[Cell]:
    say, person = who.say, line.person
    whose = person.uscc or person.agent
    identity = f'<span class="under">{esc(line.identity)}</span>' if line.identity else ""
    return [
        Cell(f"<b>{esc(person.login)}</b>"
             f'<span class="under">{esc(who.language.of(person.display_name))}</span>{identity}'),
        Cell.text(say(f"role.{person.role}")),
        Cell(f'{esc(named.get(whose, whose))}<span class="under">{esc(whose)}</span>'
             if whose else figures.NOTHING),
        Cell(_states(who, line)),
        Cell.figure(str(line.sessions)),
        Cell.text(figures.stamp(line.created_at)[:10]),
    ]  # fmt: skip


def _states(who: Visitor, line: AccountLine) -> str:
    say = who.say
    if not line.active:
        return pill(say("people.closed"))
    pills = pill(say("people.active"), Tone.GOOD)
    if line.person.must_change_password:
        pills += " " + pill(say("people.first_password"), Tone.WARN)
    if line.throttled:
        pills += " " + pill(say("people.throttled"), Tone.WARN)
    return pills


def _open(who: Visitor, firms: Mapping[str, str], agents: Mapping[str, str]) -> None:
    say = who.say
    st.html(panel_head(say("people.open"), say("people.open_sub")))
    role: Role = st.selectbox(
        say("people.role"),
        _ROLES[::-1],
        format_func=lambda one: say(f"role.{one}"),
        key="open_role",
    )
    uscc = _named(say("people.firm"), firms, "open_firm") if role is Role.FIRM else None
    agent = _named(say("people.agent"), agents, "open_agent") if role is Role.AGENT else None
    with st.form("open_account", clear_on_submit=True, border=False):
        login = st.text_input(say("people.login"), help=say("people.login_help"), max_chars=64)
        shown = st.text_input(say("people.shown"), max_chars=60)
        pressed = st.form_submit_button(say("people.open_it"), type="primary")
    if pressed:
        name = shown.strip() or login.strip()
        words = Words(name, name)
        new = Person(login.strip(), words, role, uscc, must_change_password=True, agent=agent)
        act(lambda desk, by: _password(who, new.login, desk.open(by, new)))


def _named(label: str, named: Mapping[str, str], key: str) -> str | None:
    chosen: str | None = st.selectbox(
        label,
        sorted(named, key=lambda one: named[one]),
        index=None,
        format_func=lambda one: f"{named[one]} · {one}",
        key=key,
    )
    return chosen


def _password(who: Visitor, login: str, password: str) -> Secret:
    say = who.say
    return Secret(say("people.password", login=login), password, say("people.password_note"))


def _change(who: Visitor, lines: Sequence[AccountLine]) -> None:
    say = who.say
    st.html(panel_head(say("people.change"), say("people.change_sub")))
    by_login = {line.person.login: line for line in lines}
    login: str | None = st.selectbox(
        say("people.account"),
        list(by_login),
        index=None,
        format_func=lambda one: f"{one} · {who.language.of(by_login[one].person.display_name)}",
        key="change_login",
    )
    if login is None:
        return
    line = by_login[login]
    name = {"login": login}
    asks_first(
        who, f"reset {login}", say("people.reset"), say("people.reset_means", **name),
        lambda desk, by: _password(who, login, desk.reset_password(by, login)),
    )  # fmt: skip
    if line.active:
        asks_first(
            who, f"close {login}", say("people.close"), say("people.close_means", **name),
            lambda desk, by: _said(desk.close(by, login), say("people.is_closed", **name)),
        )  # fmt: skip
    elif st.button(say("people.reopen"), key="reopen"):
        act(lambda desk, by: _said(desk.reopen(by, login), say("people.is_open", **name)))
    if st.button(say("people.unlock"), key="unlock"):
        act(lambda desk, by: _said(desk.unlock(by, login), say("people.is_unlocked", **name)))
    if offered() or line.identity:
        _identity(who, line)


def _identity(who: Visitor, line: AccountLine) -> None:
    say, login = who.say, line.person.login
    given = st.text_input(
        say("people.identity"),
        value=line.identity or "",
        help=say("people.identity_help"),
        max_chars=254,
        key=f"identity_{login}",
    ).strip()
    if given != (line.identity or "") and st.button(say("people.identity_save"), key="identity"):
        done = say("people.identity_saved", login=login)
        act(lambda desk, by: _said(desk.set_identity(by, login, given or None), done))


def _said(_done: None, words: str) -> Done:
    return words
