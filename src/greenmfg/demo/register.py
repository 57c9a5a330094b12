"""The enterprise register as the steward files it, and the table of changed codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from greenmfg.contract import Contract
from greenmfg.contract.codes import CodeLists
from greenmfg.demo.months import filed, first_day
from greenmfg.demo.population import FIRST_MONTH, Firm, Segment
from greenmfg.demo.sheets import STEWARD, Sheet
from greenmfg.demo.writers import Layout, Row

REGISTER = "enterprise_register"
SUCCESSORS = "enterprise_successors"

# Before everything else: a firm's account exists once its register row is in force.
_LOADED_ON = first_day(FIRST_MONTH)
_CHANGED_ON = date(2020, 1, 2)


def register_sheets(
    firms: Sequence[Firm], contracts: Mapping[str, Contract], codes: CodeLists
) -> Iterator[Sheet]:
    """The register as first loaded, one later change (a new name), and the changed codes."""
    first: list[Row] = []
    later: list[Row] = []
    successors: list[Row] = []
    for firm in firms:
        for position, segment in enumerate(firm.segments):
            before = firm.segments[position - 1] if position else None
            renamed = before is not None and before.name != segment.name
            (later if renamed else first).append(_row(firm, segment, codes))
            if before is not None and before.uscc != segment.uscc:
                successors.append(_successor(before, segment))
    # The steward leaves the old name's row open: the new row closes it.
    for row in later:
        for old in first:
            if old["uscc"] == row["uscc"]:
                del old["valid_to"]
    title = contracts[REGISTER].title.zh
    utf8 = Layout(encoding="utf-8-sig")
    yield Sheet(STEWARD, title, 1, _LOADED_ON, REGISTER, first, utf8)
    yield Sheet(STEWARD, f"{title}_更名", 1, _CHANGED_ON, REGISTER, later)
    name = contracts[SUCCESSORS].title.zh
    yield Sheet(STEWARD, name, 1, _CHANGED_ON, SUCCESSORS, successors, utf8)


def _row(firm: Firm, segment: Segment, codes: CodeLists) -> Row:
    yes_no = codes["yes_no"].names
    row = {
        "uscc": segment.uscc,
        "name": segment.name,
        "industry_code": firm.industry,
        "cluster": firm.cluster,
        "park": segment.park,
        "town_code": segment.town_code,
        "land_zone": segment.land_zone,
        "land_area_ha": str(firm.land_area_ha),
        "river_strip": yes_no["yes" if firm.river_strip else "no"],
        "above_scale": yes_no["yes" if segment.above_scale else "no"],
        "value_added_rate": str(firm.value_added_rate),
        "contact_name": f"示例联系人{firm.serial + 1:03d}",
        "contact_email": f"clerk{firm.serial + 1:03d}@example.com",
        "valid_from": filed(segment.valid_from),
    }
    if segment.valid_to is not None:
        row["valid_to"] = filed(segment.valid_to)
    return row


def _successor(before: Segment, after: Segment) -> Row:
    return {
        "uscc": before.uscc,
        "successor_uscc": after.uscc,
        "valid_from": first_day(after.valid_from).isoformat(),
        "source": "模拟数据：企业变更登记",
    }
