"""The enterprise page: who it is, its ratio, and any month of it down to the filed rows."""

from __future__ import annotations

from datetime import date

import streamlit as st

from front import data, figures
from front.beside import beside_row
from front.enterprise import deadlines, efficiency, history, months, peers, rounds, standing
from front.frame import nothing, page_head, release_parts
from front.markup import chip, esc
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.enterprise import EnterpriseName, Profile
from greenmfg.queries.overview import ReleaseFacts
from greenmfg.warehouse.release import ReleaseRef


def enterprise_page(visitor: Visitor) -> None:
    """A firm sees its own enterprise whatever the address says; the bureau chooses one."""
    say = visitor.say
    published = data.current_release()
    if published is None:
        raise data.ReleaseMoved
    release = published.release
    facts = data.facts(release)
    choices = [choice.month for choice in data.months(release)]
    uscc = visitor.tenant or _chosen(visitor, data.enterprises(release))
    if uscc is None or not choices:
        title = say("enterprise.title")
        page_head(title, release_parts(say, published, facts))
        nothing(say("empty.no_firm_title"), say("empty.no_firm" if choices else "empty.no_months"))
        return
    month = facts.data_through if facts.data_through in choices else choices[0]
    shown = data.enterprise_of(release, uscc, month)
    _head(visitor, shown.profile, uscc, month, published, facts)
    if shown.profile is None or not shown.bars:
        nothing(say("empty.firm_unknown_title"), say("empty.firm_unknown"))
        return
    st.html(standing.standing_cards(visitor, shown, month))
    if visitor.tenant is not None:
        deadlines.deadlines_panel(visitor, visitor.tenant, shown.clocks)
    if shown.profile.last_filed is None:
        nothing(say("empty.firm_silent_title"), say("empty.firm_silent"))
    else:
        months.months_row(visitor, release, uscc, month)
        first, second = st.columns(2)
        with first:
            peers.peers_panel(visitor, uscc, shown.peers, month)
        with second:
            efficiency.efficiency_panel(
                visitor, uscc, shown.efficiency, shown.efficiency_parts, month
            )
        beside_row(visitor, release, "enterprise", uscc, month)
    first, second = st.columns([1.5, 1])
    with first:
        history.filing_panel(visitor, uscc, shown.filings, shown.cross_form)
    with second:
        rounds.audits_panel(visitor, uscc, shown.audits, shown.clocks)


def _chosen(visitor: Visitor, names: list[EnterpriseName]) -> str | None:
    """The bureau's choice: by the address first, then by the search box, which rewrites it."""
    say = visitor.say
    known = {name.uscc: name for name in names}
    asked = st.query_params.get("uscc")
    if asked in known and st.session_state.get("enterprise_asked") != asked:
        st.session_state["enterprise"] = asked
        st.session_state["enterprise_asked"] = asked
    picked: str | None = st.selectbox(
        say("enterprise.search"),
        list(known),
        index=None,
        format_func=lambda uscc: f"{known[uscc].name} · {uscc}",
        placeholder=say("enterprise.search"),
        label_visibility="collapsed",
        key="enterprise",
        width=560,
    )
    if picked and picked != asked:
        st.query_params["uscc"] = picked
        st.session_state["enterprise_asked"] = picked
    return picked


def _head(
    visitor: Visitor,
    profile: Profile | None,
    uscc: str,
    month: date,
    published: ReleaseRef,
    facts: ReleaseFacts,
) -> None:
    say = visitor.say
    parts = [(say("enterprise.uscc"), uscc)]
    if profile is None:
        page_head(uscc, parts)
        return
    last = figures.month_code(profile.last_filed) if profile.last_filed else say("filing.never")
    parts += [
        (say("enterprise.last_filed"), last),
        (say("head.shown_month"), figures.month_code(month)),
        *release_parts(say, published, facts),
    ]
    page_head(profile.name or uscc, parts, _register_line(visitor, profile))


def _register_line(visitor: Visitor, profile: Profile) -> str:
    say, pick = visitor.say, visitor.language.pick
    industry = pick(profile.industry_name_zh, profile.industry_name_en)
    code = f"{profile.industry_code} " if profile.industry_code else ""
    town = pick(profile.town_name_zh, profile.town_name_en)
    words = [profile.park, f"{code}{industry}" if industry else None, profile.cluster, town]
    chips = "".join(chip(word) for word in words if word)
    if profile.land_zone:
        chips += chip(say("enterprise.zone", zone=profile.land_zone))
    if profile.river_strip:
        chips += chip(say("enterprise.river_strip"), Tone.WARN)
    if not profile.in_population:
        chips += chip(say("enterprise.outside_population"), Tone.WARN)
    return f'<p class="chips" aria-label="{esc(say("enterprise.register"))}">{chips}</p>'
