"""Filing: the one way in. The same bytes, however often sent, are one filing."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import streamlit as st

from front.filing.checked import CheckedFile, forget
from greenmfg.portal import CorrectionUnexplained, Office
from greenmfg.records import Explanation, Receipt

RECEIPT_PARAMETER = "receipt"
_UPLOADS = "uploads_made"
_AGAIN = "received_before"
_CLOSED_MEANWHILE = "closed_meanwhile"

# A checked file, the reasons for its warnings, and why it corrects a closed month (or nothing).
Explained = tuple[CheckedFile, tuple[Explanation, ...], str]


def file_and_show(
    office: Office,
    uscc: str,
    file: CheckedFile,
    explanations: tuple[Explanation, ...],
    correction_reason: str = "",
) -> None:
    """Files it and turns the page to its receipt, which has an address of its own: reloading,
    or going back and on, files nothing a second time."""
    [receipt] = _filed(office, uscc, [(file, explanations, correction_reason)])
    st.session_state[_AGAIN] = receipt.number if receipt.again else None
    start_anew()
    st.query_params[RECEIPT_PARAMETER] = receipt.number
    st.rerun()


def file_all_and_show(office: Office, uscc: str, files: Sequence[Explained]) -> None:
    """Files several in one go; the page's address then names all their receipts."""
    receipts = _filed(office, uscc, files)
    st.session_state[_AGAIN] = None
    start_anew()
    st.query_params[RECEIPT_PARAMETER] = list(dict.fromkeys(r.number for r in receipts))
    st.rerun()


def _filed(office: Office, uscc: str, files: Sequence[Explained]) -> tuple[Receipt, ...]:
    """Files them. Where a month was closed, or a version of it came into force, after the page had
    asked its questions, nothing is filed and the page asks anew, saying so."""
    try:
        return office.file_all(uscc, [(f.name, f.data, given, why) for f, given, why in files])
    except CorrectionUnexplained:
        st.session_state[_CLOSED_MEANWHILE] = True
        st.rerun()


def was_closed_meanwhile() -> bool:
    """Whether the last click filed nothing because a reason has come to be needed; said once."""
    return bool(st.session_state.pop(_CLOSED_MEANWHILE, False))


def was_received_before(number: str) -> bool:
    return bool(st.session_state.get(_AGAIN) == number)


def start_anew() -> None:
    """Empties the upload box: its next key is a new box."""
    forget()
    st.session_state[_UPLOADS] = upload_number() + 1


def keep_upload_boxes_apart() -> None:
    """After all of a tab's state was dropped: its upload boxes are new ones."""
    st.session_state[_UPLOADS] = secrets.randbits(32)


def upload_number() -> int:
    return int(st.session_state.get(_UPLOADS, 0))
