"""Keys of firms' own systems: issuing and revoking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from front import figures
from front.accounts.acting import Secret, act, asks_first
from front.frame import nothing, panel
from front.markup import Cell, esc, panel_head, pill, table
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.access import LABEL_CHARACTERS, LONGEST_DAYS, AccountDesk, ApiKey

_A_YEAR = 365


def keys_view(who: Visitor, desk: AccountDesk) -> None:
    keys, firms = desk.keys(), desk.firms()
    main, beside = st.columns([2.2, 1])
    with main, panel("accounts_keys"):
        _list(who, keys, firms)
    with beside:
        with panel("accounts_issue"):
            _issue(who, firms)
        with panel("accounts_end"):
            _revoke(who, keys, firms)


def _list(who: Visitor, keys: Sequence[ApiKey], firms: Mapping[str, str]) -> None:
    say = who.say
    st.html(panel_head(say("keys.title"), say("keys.sub")))
    if not keys:
        nothing(say("keys.none_title"), say("keys.none"))
        return
    heads = ("id", "firm", "label", "state", "until", "used", "by")
    rows = [_row(who, key, firms) for key in keys]
    st.html(table([(say(f"keys.{head}"), False) for head in heads], rows, say("keys.title")))


def _row(who: Visitor, key: ApiKey, firms: Mapping[str, str]) -> list[Cell]:
    say = who.say
    state = "revoked" if key.revoked_at else "expired" if key.expired else "live"
    tone = Tone.GOOD if state == "live" else Tone.PLAIN
    used = figures.stamp(key.used_at) if key.used_at else figures.NOTHING
    return [
        Cell(f"<code>{esc(key.id)}</code>"),
        Cell(f'{esc(firms.get(key.uscc, key.uscc))}<span class="under">{esc(key.uscc)}</span>'),
        Cell.text(key.label),
        Cell(pill(say(f"keys.{state}"), tone)),
        Cell.text(figures.stamp(key.expires_at)[:10]),
        Cell.text(used),
        Cell(f'{esc(key.created_by)}<span class="under">{esc(figures.stamp(key.created_at))}</span>'),
    ]  # fmt: skip


def _issue(who: Visitor, firms: Mapping[str, str]) -> None:
    say = who.say
    st.html(panel_head(say("keys.issue"), say("keys.issue_sub")))
    uscc: str | None = st.selectbox(
        say("keys.firm"),
        sorted(firms, key=lambda one: firms[one]),
        index=None,
        format_func=lambda one: f"{firms[one]} · {one}",
        key="key_firm",
    )
    label = st.text_input(say("keys.label"), max_chars=LABEL_CHARACTERS, key="key_label")
    days = st.number_input(
        say("keys.days"), min_value=1, max_value=LONGEST_DAYS, value=_A_YEAR, key="key_days"
    )
    if st.button(say("keys.issue_it"), key="issue", type="primary", disabled=uscc is None):
        assert uscc is not None
        firm = uscc

        def do(desk: AccountDesk, by: str) -> Secret:
            key, secret = desk.issue_key(by, firm, label, int(days))
            title = say("keys.secret", id=key.id, name=firms[firm])
            return Secret(title, secret, say("keys.secret_note"))

        act(do)


def _revoke(who: Visitor, keys: Sequence[ApiKey], firms: Mapping[str, str]) -> None:
    say = who.say
    live = {key.id: key for key in keys if key.revoked_at is None and not key.expired}
    if not live:
        return
    st.html(panel_head(say("keys.revoke"), say("keys.revoke_sub")))
    chosen: str | None = st.selectbox(
        say("keys.which"),
        list(live),
        index=None,
        format_func=lambda one: f"{one} · {firms.get(live[one].uscc, '')} · {live[one].label}",
        key="key_end",
    )
    if chosen is None:
        return
    number = chosen

    def do(desk: AccountDesk, by: str) -> str:
        desk.revoke_key(by, number)
        return say("keys.is_revoked", id=number)

    means = say("keys.revoke_means", id=number)
    asks_first(who, f"key {number}", say("keys.revoke"), means, do)
