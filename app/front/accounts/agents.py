"""Agents: who they are, for which firms they may file, since when, until when, by whose word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from front import data, figures
from front.accounts.acting import act, asks_first
from front.frame import nothing, panel
from front.markup import Cell, esc, panel_head, pill, table
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.access import AccountDesk, Agent
from greenmfg.records import Grant


def agents_view(who: Visitor, desk: AccountDesk) -> None:
    agents, firms = desk.agents(), desk.firms()
    main, beside = st.columns([2.2, 1])
    with main, panel("accounts_grants"):
        _list(who, agents, firms)
    with beside:
        with panel("accounts_agent"):
            _open(who)
        if agents:
            with panel("accounts_grant"):
                _grant(who, agents, firms)
            with panel("accounts_revoke"):
                _revoke(who, agents, firms)


def _list(who: Visitor, agents: Sequence[Agent], firms: Mapping[str, str]) -> None:
    say = who.say
    st.html(panel_head(say("agents.title"), say("agents.sub")))
    if not agents:
        nothing(say("agents.none_title"), say("agents.none"))
        return
    rows = [
        _row(who, agent, grant, firms)
        for agent in agents
        for grant in sorted(agent.grants, key=lambda one: one.granted_at, reverse=True)
    ]
    rows += [_bare(agent) for agent in agents if not agent.grants]
    heads = ("agent", "firm", "days", "state", "by")
    st.html(table([(say(f"agents.{head}"), False) for head in heads], rows, say("agents.title")))


def _row(who: Visitor, agent: Agent, grant: Grant, firms: Mapping[str, str]) -> list[Cell]:
    say = who.say
    until = grant.until.isoformat() if grant.until else say("agents.no_end")
    live = grant.live(data.settings().now())
    state = pill(say("agents.live"), Tone.GOOD) if live else pill(say("agents.over"))
    by = f"{esc(grant.granted_by)} {esc(figures.stamp(grant.granted_at))}"
    if grant.revoked_at is not None:
        ended = say("agents.revoked_by", by=grant.revoked_by, at=figures.stamp(grant.revoked_at))
        by += f'<span class="under">{esc(ended)}</span>'
    name = firms.get(grant.uscc, grant.uscc)
    return [
        _name(agent),
        Cell(f'{esc(name)}<span class="under">{esc(grant.uscc)}</span>'),
        Cell.text(f"{grant.since.isoformat()} – {until}"),
        Cell(state),
        Cell(by),
    ]


def _name(agent: Agent) -> Cell:
    under = " · ".join(part for part in (agent.name, agent.email) if part)
    return Cell(f'<b>{esc(agent.shown)}</b><span class="under">{esc(under)}</span>')


def _bare(agent: Agent) -> list[Cell]:
    return [_name(agent), *[Cell(figures.NOTHING)] * 4]


def _open(who: Visitor) -> None:
    say = who.say
    st.html(panel_head(say("agents.open"), say("agents.open_sub")))
    with st.form("open_agent_form", clear_on_submit=True, border=False):
        name = st.text_input(say("agents.name"), help=say("agents.name_help"), max_chars=64).strip()
        shown = st.text_input(say("agents.shown"), max_chars=60).strip()
        email = st.text_input(say("agents.email"), max_chars=120).strip()
        pressed = st.form_submit_button(say("agents.open_it"), type="primary")
    if pressed:
        done = say("agents.is_open", name=shown or name)

        def do(desk: AccountDesk, by: str) -> str:
            desk.open_agent(by, name, shown or name, email or None)
            return done

        act(do)


def _grant(who: Visitor, agents: Sequence[Agent], firms: Mapping[str, str]) -> None:
    say = who.say
    st.html(panel_head(say("agents.grant"), say("agents.grant_sub")))
    names = {agent.name: agent.shown for agent in agents}
    agent: str | None = st.selectbox(
        say("agents.agent"), list(names), index=None, format_func=names.__getitem__, key="grant_to"
    )
    chosen: list[str] = st.multiselect(
        say("agents.firms"),
        sorted(firms, key=lambda uscc: firms[uscc]),
        format_func=lambda uscc: f"{firms[uscc]} · {uscc}",
        placeholder=say("agents.firms_choose"),
        key="grant_firms",
    )
    today = data.settings().today()
    until: date | None = st.date_input(
        say("agents.until"), value=None, min_value=today, format="YYYY-MM-DD", key="grant_until"
    )
    if st.button(
        say("agents.grant_it"), key="grant", type="primary", disabled=not (agent and chosen)
    ):
        assert agent is not None
        named = agent

        def do(desk: AccountDesk, by: str) -> str:
            for uscc in chosen:
                desk.grant(by, named, uscc, until)
            return say("agents.granted", name=names[named], count=len(chosen))

        act(do)


def _revoke(who: Visitor, agents: Sequence[Agent], firms: Mapping[str, str]) -> None:
    say = who.say
    standing = {(a.name, uscc): a.shown for a in agents for uscc in sorted(a.firms)}
    if not standing:
        return
    st.html(panel_head(say("agents.revoke"), say("agents.revoke_sub")))
    chosen: tuple[str, str] | None = st.selectbox(
        say("agents.standing"),
        list(standing),
        index=None,
        format_func=lambda one: f"{standing[one]} → {firms.get(one[1], one[1])} · {one[1]}",
        key="revoke_grant",
    )
    if chosen is None:
        return
    agent, uscc = chosen
    words = {"name": standing[chosen], "firm": firms.get(uscc, uscc)}

    def do(desk: AccountDesk, by: str) -> str:
        desk.revoke_grant(by, agent, uscc)
        return say("agents.revoked", **words)

    asks_first(
        who, f"revoke {agent} {uscc}", say("agents.revoke"), say("agents.revoke_means", **words), do
    )
