"""One checked file on the page: verdict, marked copy, rows, what was tidied."""

from __future__ import annotations

import streamlit as st

from front.filing import verdict
from front.filing.checked import CheckedFile
from front.filing.rows import rows_table
from front.visitor import Visitor
from greenmfg.contract import Contract
from greenmfg.portal import Office
from greenmfg.records import Refusal


def show_verdict(who: Visitor, office: Office, file: CheckedFile) -> Contract | None:
    """Shows what was found. Returns the form if it may be filed."""
    if isinstance(file.outcome, Refusal):
        st.html(verdict.refused(who, file, file.outcome))
        return None
    contract = office.every_contract[file.outcome.form]
    st.html(verdict.summary(who, contract, file, file.outcome))
    st.html(
        verdict.take_back(who, file)
        + rows_table(who, contract, file)
        + verdict.tidied(who, contract, file.outcome)
    )
    return None if file.errors or not file.outcome.filings else contract
