"""The template of one firm and month, and the file of a nil return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from greenmfg.checks import World
from greenmfg.contract import Contract
from greenmfg.contract.templates import TemplateRow, csv_template, xlsx_template

# Older items are no help: what was burnt two years ago is not what is burnt now.
_LOOK_BACK_DAYS = 400


@dataclass(frozen=True)
class Asked:
    contract: Contract
    kind: Literal["csv", "xlsx"]
    uscc: str | None
    period: date | None
    language: Literal["zh", "en"]


def template(world: World, asked: Asked) -> bytes:
    """Filled with the firm's code and the month; the energy form also with the items of the
    firm's last month, their closing stock as opening stock."""
    rows: list[TemplateRow] = []
    if asked.contract.form == "energy_monthly" and asked.uscc and asked.period:
        rows = _items_of_last_month(world, asked.contract, asked.uscc, asked.period)
    make = xlsx_template if asked.kind == "xlsx" else csv_template
    return make(
        asked.contract,
        world.codes,
        enterprise=asked.uscc,
        period=asked.period if asked.contract.kind == "monthly" else None,
        language=asked.language,
        rows=rows,
    )


def nil_return(contract: Contract, world: World, uscc: str, period: date) -> tuple[str, bytes]:
    """File name and bytes of the output form that says: nothing was produced this month."""
    row = {
        "gross_output_10k_cny": "0",
        "value_added_10k_cny": "0",
        "nil_return": "yes",
        "note": "本月停产，零申报",
    }
    data = csv_template(contract, world.codes, enterprise=uscc, period=period, rows=[row])
    return f"零申报_{period:%Y%m}.csv", data


def _items_of_last_month(
    world: World, contract: Contract, uscc: str, period: date
) -> list[TemplateRow]:
    since = (period - timedelta(days=_LOOK_BACK_DAYS)).replace(day=1)
    past = world.history(contract.form, [uscc], since)
    rows = [] if past is None else past.to_pylist()
    earlier = [row for row in rows if row["filing_period"] < period]
    if not earlier:
        return []
    last = max(row["filing_period"] for row in earlier)
    # Stock is carried over from the month before alone; after a gap nobody knows it.
    carries = last == (period - timedelta(days=1)).replace(day=1)
    items = _items(world, period)
    return [
        _row(row, items[row["energy_item"]], carries)
        for row in earlier
        if row["filing_period"] == last and row["energy_item"] in items
    ]


def _row(row: Mapping[str, Any], item: Mapping[str, str | None], carries: bool) -> TemplateRow:
    filled = {"energy_item": str(row["energy_item"]), "unit": item["form_unit"] or ""}
    if carries and item["carries_stock"] == "1" and row["closing_stock"] is not None:
        filled["opening_stock"] = _plain(row["closing_stock"])
    return filled


def _items(world: World, period: date) -> dict[str, Mapping[str, str | None]]:
    """Reportable items valid in the month, by code; the newest row of each."""
    found: dict[str, Mapping[str, str | None]] = {}
    rows = [r for r in world.reference["energy_coefficients"] if r["reportable"] == "1"]
    for row in sorted(rows, key=lambda r: r["valid_from"] or ""):
        begins = date.fromisoformat(row["valid_from"] or "")
        if begins <= period and (row["valid_to"] is None or row["valid_to"] >= period.isoformat()):
            found[row["item_code"] or ""] = row
    return found


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
