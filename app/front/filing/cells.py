"""A typed value of a checked row as the form writes it, and its column as the form names it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from front import figures
from front.language import Language
from front.visitor import Visitor
from greenmfg.contract import Column
from greenmfg.contract.wording import list_name
from greenmfg.portal import Office


def column_name(who: Visitor, column: Column) -> str:
    return column.header if who.language is Language.ZH else column.label.en


def shown(who: Visitor, office: Office, column: Column, value: Any) -> str:
    """Empty for a blank cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return who.say("cell.yes" if value else "cell.no")
    if isinstance(value, Decimal):
        return figures.plain(value)
    if isinstance(value, date):
        return figures.month_code(value) if column.type == "month" else value.isoformat()
    return code_word(who, office, column, str(value))


def code_word(who: Visitor, office: Office, column: Column, code: str) -> str:
    """A code in the reader's language; other text as it is."""
    name = list_name(column)
    if not name:
        return code
    world = office.world()
    if who.language is Language.ZH:
        return world.codes[name].names.get(code, code)
    if name == "energy_item":
        rows = world.reference["energy_coefficients"]
        return next((r["name_en"] or code for r in rows if r["item_code"] == code), code)
    if name == "stage":
        rows = world.reference["audit_stages"]
        return next((r["name_en"] or code for r in rows if r["form_stage"] == code), code)
    return code.replace("_", " ")
