"""One page view: who is it, what may they see, which page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import streamlit as st

from front import paths
from front.accounts.page import accounts_page
from front.acting import for_a_firm
from front.audit.page import audit_page
from front.audits.page import audits_page
from front.benchmarks.page import benchmarks_page
from front.data import ReleaseMoved, current_release, facts
from front.enterprise.page import enterprise_page
from front.filing.page import filing_page
from front.frame import demonstration_banner, nothing
from front.markup import esc
from front.mine.page import mine_page
from front.overview.page import overview_page
from front.quality.page import quality_page
from front.scoreboard.page import scoreboard_page
from front.visitor import Visitor, reading_language, visitor
from front.words import say
from greenmfg.access import Role

_STATIC = Path(__file__).resolve().parent.parent / "static"


def run() -> None:
    words = say(reading_language())
    st.set_page_config(
        page_title=words("brand.title"),
        # A material icon would be fetched from elsewhere.
        page_icon=str(_STATIC / "leaf.png"),
        layout="wide",
        initial_sidebar_state=224,
    )
    who = visitor()
    if who is None:
        _session_over()
        return
    st.logo(
        str(_STATIC / f"brand_{who.language}.svg"),
        size="large",
        icon_image=str(_STATIC / "leaf.png"),
    )
    page = st.navigation(_pages(who), position="sidebar", expanded=True)
    _sidebar(who, page.url_path)
    try:
        _show(who, page)
    except ReleaseMoved:
        st.rerun()


def _pages(who: Visitor) -> dict[str, list[st.Page]]:
    words = who.say
    if who.person.role in (Role.FIRM, Role.AGENT):
        report = st.Page(
            lambda: for_a_firm(who, filing_page),
            title=words("nav.report"),
            icon=":material/upload_file:",
            default=True,
            url_path="report",
        )
        mine = st.Page(
            lambda: for_a_firm(who, mine_page),
            title=words("nav.filings"),
            icon=":material/receipt_long:",
            url_path="filings",
        )
        audit = st.Page(
            lambda: for_a_firm(who, audit_page),
            title=words("nav.audit"),
            icon=":material/fact_check:",
            url_path="audit",
        )
        if who.person.role is Role.AGENT:
            # It files; what the firm's figures are is the firm's to see.
            return {words("nav.agent"): [report, mine, audit]}
        own = st.Page(
            lambda: _from_release(who, lambda: enterprise_page(who)),
            title=words("nav.own_figures"),
            icon=":material/monitoring:",
            url_path="own",
        )
        # The bureau's links name this path: a firm that follows one sees itself.
        linked = st.Page(
            lambda: _from_release(who, lambda: enterprise_page(who)),
            title=words("nav.own_figures"),
            url_path="enterprise",
            visibility="hidden",
        )
        return {words("nav.firm"): [report, mine, audit, own, linked]}
    enterprise = _bureau_page(who, "enterprise", "factory", lambda: enterprise_page(who))
    overview = _bureau_page(
        who, "overview", "dashboard", lambda: overview_page(who, enterprise), default=True
    )
    pages = {
        words("nav.monitor"): [
            overview,
            enterprise,
            _bureau_page(who, "audits", "fact_check", lambda: audits_page(who)),
            _bureau_page(who, "benchmarks", "leaderboard", lambda: benchmarks_page(who)),
            _bureau_page(who, "quality", "rule", lambda: quality_page(who)),
            _bureau_page(who, "scoreboard", "checklist", lambda: scoreboard_page(who)),
        ]
    }
    if who.person.role is Role.ADMINISTRATOR:
        accounts = st.Page(
            lambda: accounts_page(who),
            title=words("accounts.title"),
            icon=":material/manage_accounts:",
            url_path="accounts",
        )
        pages[words("nav.manage")] = [accounts]
    return pages


def _bureau_page(
    who: Visitor, name: str, icon: str, show: Callable[[], None], default: bool = False
) -> st.Page:
    """A page of figures; its address is its name."""
    return st.Page(
        lambda: _from_release(who, show),
        title=who.say(f"nav.{name}"),
        icon=f":material/{icon}:",
        url_path=name,
        default=default,
    )


def _show(who: Visitor, page: st.Page) -> None:
    published = current_release()
    if published is not None:
        demonstration_banner(who, facts(published.release))
    page.run()


def _from_release(who: Visitor, show: Callable[[], None]) -> None:
    """Figures want a release; filing does not."""
    if current_release() is None:
        nothing(who.say("empty.no_release_title"), who.say("empty.no_release"))
        return
    show()


def _sidebar(who: Visitor, url_path: str) -> None:
    words = who.say
    back = quote(f"/{url_path}", safe="/")
    other = who.language.other
    with st.sidebar:
        st.html(
            f'<div class="me"><p class="who">{esc(who.language.of(who.person.display_name))}</p>'
            f'<p class="role">{esc(words(f"role.{who.person.role}"))} · {esc(who.person.login)}</p>'
            f'<p><a href="{paths.LANGUAGE}?to={other}&amp;back={back}" target="_self" '
            f'lang="{other.html}">{esc(words("shell.other_language"))}</a>'
            f'<a href="{paths.CHANGE_PASSWORD}" target="_self">'
            f"{esc(words('shell.change_password'))}</a></p>"
            f'<form method="post" action="{paths.SIGN_OUT}">'
            f"<button>{esc(words('shell.sign_out'))}</button></form></div>"
        )


def _session_over() -> None:
    words = say(reading_language())
    st.html(
        f'<div class="empty"><h2>{esc(words("session.over_title"))}</h2>'
        f"<p>{esc(words('session.over'))}</p>"
        f'<p><a class="button" href="{paths.SIGN_IN}" target="_self">'
        f"{esc(words('sign_in.enter'))}</a></p></div>"
    )
