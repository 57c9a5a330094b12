"""Audit progress by form: one stage event, composed into the file it stands for and filed as such."""

from __future__ import annotations

import streamlit as st

from front import data
from front.audit.entering import Entered, entry_form
from front.filing import verdict
from front.filing.cells import column_name, shown
from front.filing.checked import CheckBroke, CheckedFile, checked
from front.filing.file import RECEIPT_PARAMETER, file_and_show, start_anew, was_received_before
from front.filing.office import office_for
from front.filing.progress import receipt_step
from front.filing.reasons import reasons
from front.filing.rows import rows_table
from front.frame import nothing, page_head, panel
from front.markup import Cell, esc, panel_head, table
from front.visitor import Visitor
from greenmfg.portal import Office, UnknownEnterprise
from greenmfg.records import Refusal
from greenmfg.registry import UnknownSubmission

FORM = "audit_progress"
_ENTERED = "audit_entered"
_LISTED = ("audit_round", "stream", "stage", "event_date", "document_no", "result")


def audit_page(who: Visitor) -> None:
    """For a firm alone: whose it is comes from the session."""
    say, uscc = who.say, who.tenant
    office = office_for(data.settings(), who.person)
    if office is None or uscc is None:
        nothing(say("report.no_office_title"), say("report.no_office"))
        return
    try:
        office.account(uscc)
    except UnknownEnterprise:
        nothing(say("empty.firm_unknown_title"), say("report.no_account"))
        return
    page_head(say("audit_entry.title"), [("", office.name(uscc) or uscc)])
    with panel("audit_entry"):
        if not _receipt(who, office, uscc):
            st.html(panel_head(say("audit_entry.form"), say("audit_entry.lead")))
            entered = entry_form(who, office, uscc)
            if entered is not None:
                st.session_state[_ENTERED] = entered
            kept: Entered | None = st.session_state.get(_ENTERED)
            if kept is not None:
                _checked(who, office, uscc, kept)
    with panel("audit_past"):
        _past(who, office, uscc)


def _receipt(who: Visitor, office: Office, uscc: str) -> bool:
    """Shows the receipt that the address names, if it is this firm's own."""
    number = st.query_params.get(RECEIPT_PARAMETER)
    if number is None:
        return False
    try:
        own = office.submission(uscc, number)
    except UnknownSubmission:
        return False
    receipt_step(who, own, was_received_before(number))
    if st.button(who.say("audit_entry.another"), key="audit_another"):
        st.query_params.pop(RECEIPT_PARAMETER, None)
        start_anew()
        st.rerun()
    return True


def _checked(who: Visitor, office: Office, uscc: str, entered: Entered) -> None:
    say = who.say
    try:
        file = checked(office, uscc, entered.file_name, entered.data)
    except CheckBroke:
        st.html(verdict.box("warn", say("check.broke_title"), f"<p>{esc(say('check.broke'))}</p>"))
        return
    if isinstance(file.outcome, Refusal):
        st.html(verdict.refused(who, file, file.outcome))
        return
    contract = office.every_contract[FORM]
    st.html(verdict.summary(who, contract, file, file.outcome) + rows_table(who, contract, file))
    if not file.errors and file.outcome.filings:
        _declare(who, office, uscc, file)


def _declare(who: Visitor, office: Office, uscc: str, file: CheckedFile) -> None:
    say = who.say
    explanations, complete = reasons(who, office.every_contract[FORM], file)
    declared = st.checkbox(who.declaration, key=f"audit_declared_{file.sha256[:16]}")
    if st.button(
        say("declare.file"), key="audit_file", type="primary", disabled=not (declared and complete)
    ):
        st.session_state.pop(_ENTERED, None)
        file_and_show(office, uscc, file, explanations)


def _past(who: Visitor, office: Office, uscc: str) -> None:
    say = who.say
    st.html(f'<h2 class="ask">{esc(say("audit_entry.past_title"))}</h2>')
    found = office.world().history(FORM, [uscc], None)
    rows = [] if found is None else found.to_pylist()
    own = sorted(
        (row for row in rows if row["uscc"] == uscc), key=lambda r: r["event_date"], reverse=True
    )
    if not own:
        st.html(f'<p class="quiet">{esc(say("audit_entry.past_none"))}</p>')
        return
    columns = [office.every_contract[FORM].by_name[name] for name in _LISTED]
    st.html(
        table(
            [(column_name(who, column), False) for column in columns],
            [
                [Cell.text(shown(who, office, column, row[column.name])) for column in columns]
                for row in own
            ],
            say("audit_entry.past_title"),
        )
    )
