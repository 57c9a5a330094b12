"""File a report: template → check → declaration → receipt."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

import streamlit as st

from front import data, figures, paths
from front.filing import verdict
from front.filing.calendar import calendar_panel, month_to_file
from front.filing.checked import CheckBroke, CheckedFile, checked
from front.filing.correction import correction_reason
from front.filing.file import (
    RECEIPT_PARAMETER,
    file_and_show,
    start_anew,
    upload_number,
    was_received_before,
)
from front.filing.nil import nil_panel
from front.filing.office import office_for
from front.filing.progress import receipt_step
from front.filing.reasons import reasons
from front.filing.several import MOST_FILES, UPLOAD_MB, receipts_step, several_files
from front.filing.shown import show_verdict
from front.filing.steps import stepper
from front.frame import nothing, page_head, panel
from front.markup import esc
from front.visitor import Visitor
from greenmfg.contract import Contract
from greenmfg.portal import Office, OwnMonth, OwnSubmission, UnknownEnterprise
from greenmfg.records import Refusal
from greenmfg.registry import UnknownSubmission


def filing_page(who: Visitor) -> None:
    """For a firm alone: whose it is comes from the session."""
    say, uscc = who.say, who.tenant
    office = office_for(data.settings(), who.person)
    if office is None or uscc is None:
        nothing(say("report.no_office_title"), say("report.no_office"))
        return
    months = office.months(uscc)
    try:
        office.account(uscc)
    except UnknownEnterprise:
        nothing(say("empty.firm_unknown_title"), say("report.no_account"))
        return
    _head(who, office.name(uscc) or uscc, months)
    filed = _filed(office, uscc)
    month = None
    main, beside = st.columns([2.35, 1])
    with main, panel("report"):
        if len(filed) > 1:
            _receipts(who, filed)
        elif filed:
            _receipt(who, filed[0])
        else:
            month = _steps(who, office, uscc, months)
    with beside:
        calendar_panel(who, months)
        if not filed and month is not None:
            nil_panel(who, office, uscc, month)


def _head(who: Visitor, name: str, months: Sequence[OwnMonth]) -> None:
    say = who.say
    month = month_to_file(months)
    parts = [("", name)]
    title = say("report.title_plain")
    if month is not None:
        title = say("report.title", month=figures.month_words(month, who.language))
        due = max(m.due_on for m in months if m.month == month)
        left = (due - data.settings().today()).days
        parts.append((say("report.due"), due.isoformat()))
        key = "report.days_left" if left >= 0 else "report.days_over"
        parts.append(("", say(key, days=abs(left))))
    page_head(title, parts)


def _filed(office: Office, uscc: str) -> list[OwnSubmission]:
    """The submissions that the address names, those of them that are this firm's own."""
    own = []
    for number in st.query_params.get_all(RECEIPT_PARAMETER)[:MOST_FILES]:
        with suppress(UnknownSubmission):
            own.append(office.submission(uscc, number))
    return own


def _receipt(who: Visitor, own: OwnSubmission) -> None:
    st.html(stepper(who.say, 5))
    receipt_step(who, own, was_received_before(own.submission.receipt))
    _another(who)


def _receipts(who: Visitor, own: Sequence[OwnSubmission]) -> None:
    st.html(stepper(who.say, 5))
    receipts_step(who, own)
    _another(who)


def _another(who: Visitor) -> None:
    if st.button(who.say("report.another"), key="file_another"):
        st.query_params.pop(RECEIPT_PARAMETER, None)
        start_anew()
        st.rerun()


def _steps(who: Visitor, office: Office, uscc: str, months: Sequence[OwnMonth]) -> date | None:
    """Steps 1 to 3. Returns the month that is chosen."""
    say = who.say
    place = st.empty()
    month = _month(who, months)
    st.html(_templates(who, office, month))
    if st.toggle(say("several.toggle"), key="several"):
        place.html(stepper(say, several_files(who, office, uscc)))
        return month
    upload = st.file_uploader(
        say("report.upload"),
        key=f"upload_{upload_number()}",
        help=say("report.upload_help"),
        max_upload_size=UPLOAD_MB,
    )
    if upload is None:
        place.html(stepper(say, 1))
        return month
    try:
        file = checked(office, uscc, upload.name, upload.getvalue())
    except CheckBroke:
        place.html(stepper(say, 2))
        st.html(verdict.broke(who))
        return month
    ready = show_verdict(who, office, file)
    place.html(stepper(say, 3 if ready else 2))
    if ready is not None:
        _declare(who, office, uscc, file, ready)
    return month


def _month(who: Visitor, months: Sequence[OwnMonth]) -> date | None:
    start = month_to_file(months)
    if start is None:
        return None
    choices = list(dict.fromkeys(m.month for m in months))
    still_open = {m.month for m in months if m.open and m.owed}

    def words(month: date) -> str:
        text = figures.month_words(month, who.language)
        return f"{text} · {who.say('report.not_filed')}" if month in still_open else text

    chosen: date = st.selectbox(
        who.say("report.month"),
        choices,
        index=choices.index(start),
        format_func=words,
        key="report_month",
        width=280,
    )
    return chosen


def _templates(who: Visitor, office: Office, month: date | None) -> str:
    say = who.say
    items = ""
    for form, contract in office.contracts.items():
        monthly = contract.kind == "monthly"
        query = {"period": f"{month:%Y-%m}"} if monthly and month else {}
        links = "".join(
            f'<a href="{esc(who.address(f"{paths.TEMPLATE}{form}.{kind}", **query))}" target="_self" download>'
            f"{esc(say(f'template.{kind}'))}</a>"
            for kind in ("xlsx", "csv")
        )
        name = esc(who.language.of(contract.title))
        note = esc(say(f"template_note.{form}"))
        items += f"<li><b>{name}</b><span>{links}</span><small>{note}</small></li>"
    items += (
        f'<li><b>{esc(say("bundle.title"))}</b><span><a href="{esc(who.address(paths.BUNDLE))}" target="_self" download>'
        f"{esc(say('bundle.link'))}</a></span><small>{esc(say('bundle.note'))}</small></li>"
    )
    return f'<h2 class="ask">{esc(say("template.title"))}</h2><ul class="templates">{items}</ul>'


def _declare(
    who: Visitor, office: Office, uscc: str, file: CheckedFile, contract: Contract
) -> None:
    say = who.say
    _firms_of(who, office, file)
    explanations, complete = reasons(who, contract, file)
    why, told = correction_reason(who, office, uscc, file)
    tidied = verdict.values_tidied(file)
    agreed = not tidied or st.checkbox(
        say("declare.tidied", count=tidied), key=f"tidied_{file.sha256[:16]}"
    )
    declared = st.checkbox(who.declaration, key=f"declared_{file.sha256[:16]}")
    pressed = st.button(
        say("declare.file"),
        key="file_it",
        type="primary",
        disabled=not (declared and complete and told and agreed),
    )
    if not complete:
        st.html(f'<p class="quiet">{esc(say("reason_for.missing"))}</p>')
    if pressed:
        file_and_show(office, uscc, file, explanations, why)


def _firms_of(who: Visitor, office: Office, file: CheckedFile) -> None:
    """For an agent: whom the file is about, aloud where that is not the chosen firm alone."""
    if who.person.acting_for is None or isinstance(file.outcome, Refusal):
        return
    firms = list(dict.fromkeys(filing.key.subject for filing in file.outcome.filings))
    names = "、".join(office.name(uscc) or uscc for uscc in firms)
    if firms != [who.person.acting_for]:
        chosen = office.name(who.person.acting_for) or who.person.acting_for
        words = f"<p>{esc(who.say('acting.others', names=names, chosen=chosen))}</p>"
        st.html(verdict.box("warn", who.say("acting.others_title", count=len(firms)), words))
        return
    st.html(f'<p class="asked">{esc(who.say("acting.files_for", name=names))}</p>')
