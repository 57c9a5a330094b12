"""The form of one stage event. What it yields is a file: the same bytes an upload would have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from front.filing.cells import code_word, column_name
from front.markup import esc
from front.visitor import Visitor
from greenmfg.contract import Column
from greenmfg.contract.templates import csv_template
from greenmfg.contract.wording import list_name
from greenmfg.portal import Office

_FORM = "audit_progress"
_FIRST = ("audit_round", "stream", "category", "stage", "event_date", "document_no")
# `result` is the bureau's, as are the stages that have one.
_FIRM_MARK = "firm"


@dataclass(frozen=True)
class Entered:
    """What was entered, as the file it is."""

    file_name: str
    data: bytes


def own_stages(office: Office) -> list[str]:
    """The stages that a firm enters itself, in the order of the process."""
    rows = [
        row
        for row in office.world().reference["audit_stages"]
        if _FIRM_MARK in (row["entered_by"] or "").split()
    ]
    rows.sort(key=lambda row: int(row["stage_order"] or 0))
    return list(dict.fromkeys(row["form_stage"] or "" for row in rows))


def composed(office: Office, uscc: str, cells: dict[str, str]) -> bytes:
    """The row of this firm as the CSV file that its template would be when filled in so."""
    contract, codes = office.every_contract[_FORM], office.world().codes
    return csv_template(contract, codes, enterprise=uscc, rows=[cells])


def entry_form(who: Visitor, office: Office, uscc: str) -> Entered | None:
    """Shows the form. Returns what was entered, once its button is pressed."""
    say, contract = who.say, office.every_contract[_FORM]
    today = office.settings.today()
    cells: dict[str, str] = {}
    with st.form("audit_event", border=False):
        st.html(f'<p class="note">{esc(say("audit_entry.filled"))}</p>')
        for start in range(0, len(_FIRST), 3):
            for place, name in zip(st.columns(3), _FIRST[start : start + 3], strict=True):
                with place:
                    cells[name] = _asked(who, office, contract.by_name[name], today)
        with st.expander(say("audit_entry.optional")):
            amounts = [c for c in contract.columns if c.type == "decimal"]
            for start in range(0, len(amounts), 3):
                for place, column in zip(st.columns(3), amounts[start : start + 3], strict=False):
                    with place:
                        cells[column.name] = _asked(who, office, column, today)
        cells["note"] = _asked(who, office, contract.by_name["note"], today)
        pressed = st.form_submit_button(say("audit_entry.check"), key="audit_check")
    if not pressed:
        return None
    name = say("audit_entry.file_name", day=f"{today:%Y%m%d}")
    return Entered(name, composed(office, uscc, cells))


def _asked(who: Visitor, office: Office, column: Column, today: date) -> str:
    """One cell as text: the checks judge it as they judge a cell of a file."""
    label = column_name(who, column) + (" *" if column.cell_required else "")
    help_text = who.language.of(column.help)
    key = f"audit_{column.name}"
    if column.type == "date":
        day: date | None = st.date_input(
            label, value=None, max_value=today, format="YYYY-MM-DD", key=key, help=help_text
        )
        return "" if day is None else day.isoformat()
    name = list_name(column)
    if name is not None:
        codes = own_stages(office) if name == "stage" else list(office.world().codes[name].names)
        return (
            st.selectbox(
                label,
                [*([""] if not column.cell_required else []), *codes],
                index=0 if not column.cell_required else None,
                format_func=lambda code: (
                    code_word(who, office, column, code) if code else who.say("audit_entry.blank")
                ),
                key=key,
                help=help_text,
            )
            or ""
        )
    return st.text_input(label, key=key, max_chars=column.max_characters, help=help_text).strip()
