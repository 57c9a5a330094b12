"""The second golden workbook: mix, views beside the official quantity, CO2, growth and drivers.

Worked out in plain Python from what was filed; nothing here comes from the models.
"""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date
from decimal import Decimal as D

from tests.indicators.golden_years import COMBINED, FEB_25, JAN_25, MONTHS
from tests.indicators.golden_years_by_hand import (
    CELLS,
    Cell,
    ItemMonth,
    constant,
    energy,
    firm_of,
    in_population,
    index_of,
    items,
    members,
    months_of,
    ratio,
    total,
    unmatched,
)

# tce per 10,000 kWh: what a kWh took the year before, 2023 and 2024
EQUIVALENT = {2024: D("3.016"), 2025: D("3.024")}
# t CO2 per form unit; the grid's factor of 2023 is the newest and is carried forward
CO2 = {"electricity": D("5.306"), "natural_gas": D("21.6"), "lng": D("2.83")}
CO2_PER_GJ = D("0.11")
GJ_PER_T_STEAM = D("2.679552")
BOUGHT_HEAT = {"heat", "steam_sat_8"}

Group = tuple[str, str]
Rows = list[tuple[date, str, ItemMonth]]


def item_rows(group: Group, month: date, window: str, matched_only: bool = False) -> Rows:
    cells = {
        cell
        for cell in members()[group]
        if cell[1] in months_of(month, window) and not (matched_only and unmatched(cell))
    }
    return [
        (row_month, item, row)
        for (uscc, row_month, item), row in items().items()
        if (uscc, row_month) in cells
    ]


def mix(group: Group, month: date, window: str) -> dict[str, tuple[D, D, D | None]]:
    """item: quantity, tce, share; 其中 items are inside their whole."""
    sums: defaultdict[str, list[D]] = defaultdict(lambda: [D(0), D(0)])
    for _, item, row in item_rows(group, month, window):
        if row.counted:
            sums[item][0] += row.quantity
            sums[item][1] += row.tce
    whole = sum((tce for _, tce in sums.values()), D(0))
    return {
        item: (quantity, tce, tce / whole if whole > 0 else None)
        for item, (quantity, tce) in sums.items()
    }


def views(group: Group, month: date, window: str) -> dict[str, tuple[str, D | None, D | None]]:
    """view: status, tce of matched firm-months, tce of all filed."""
    cells = [cell for cell in members()[group] if cell[1] in months_of(month, window)]
    matched = [cell for cell in cells if unmatched(cell) is None]
    filed_tce, tce = total(cells, energy), total(matched, energy)
    names = (
        "official", "equivalent_electricity", "equivalent", "less_feedstock",
        "less_certified_green_power", "less_feedstock_and_certified_green_power",
    )  # fmt: skip
    if filed_tce is None:
        return dict.fromkeys(names, ("not_measurable", None, None))
    found: dict[str, tuple[str, D | None, D | None]] = {}
    for name in names:
        changes = [
            sum((_change(name, *row) for row in item_rows(group, month, window, only)), D(0))
            for only in (True, False)
        ]
        found[name] = (
            "measured", None if tce is None else tce + changes[0], filed_tce + changes[1],
        )  # fmt: skip
    used = {item for _, item, row in item_rows(group, month, window) if row.quantity}
    if used & BOUGHT_HEAT:
        # No equivalent rate of heat is filed, and none is invented.
        found["equivalent"] = ("not_measurable", None, None)
    return found


def _change(view: str, month: date, item: str, row: ItemMonth) -> D:
    if not row.counted or view == "official":
        return D(0)
    if view in ("equivalent_electricity", "equivalent"):
        return row.quantity * EQUIVALENT[month.year] - row.tce if item == "electricity" else D(0)
    feedstock = row.feedstock if "feedstock" in view else D(0)
    green = min(row.green, row.use) if "green" in view else D(0)
    return -min(feedstock + green, row.use) * row.coefficient


def co2(group: Group, month: date, window: str) -> D | None:
    """t CO2 on the national grid's factor; None where an item has no factor."""
    rows = item_rows(group, month, window)
    cells = [cell for cell in members()[group] if cell[1] in months_of(month, window)]
    if total(cells, energy) is None:
        return None
    if any(item in ("raw_coal", "naphtha") for _, item, _ in rows):
        return None
    whole = D(0)
    for _, item, row in rows:
        if item in BOUGHT_HEAT:
            gj = row.quantity * (GJ_PER_T_STEAM if item == "steam_sat_8" else 1)
            whole += gj * CO2_PER_GJ
        else:
            whole += row.quantity * CO2[item]
    return whole


# Growth ---------------------------------------------------------------------------------------


def growth(group: Group, month: date, window: str) -> dict[str, object]:
    """The same firms and the same months of both years; a February of two months with both."""
    sums = [D(0)] * 4
    firms, firm_months, undeflated = set(), 0, False
    for now, then in _pairs(group, set(months_of(month, window))):
        firms.add(firm_of(now[0]))
        firm_months += len(then)
        for position, (cells, measure) in enumerate(
            ((now, energy), (now, constant), (then, energy), (then, constant))
        ):
            sums[position] += total(cells, measure) or D(0)
        undeflated |= any(
            index_of(cell) is None and constant(cell) is not None for cell in now + then
        )
    if not firms:
        return {"panel_firms": 0, "reason": "no_panel", "energy_growth": None}
    return {
        "panel_firms": len(firms),
        "panel_firm_months": firm_months,
        "energy_growth": sums[0] / sums[2] - 1,
        "value_added_growth": sums[1] / sums[3] - 1,
        "intensity_change": (sums[0] / sums[1]) / (sums[2] / sums[3]) - 1,
        "price_status": "undeflated" if undeflated else "deflated",
        "reason": None,
    }


def _pairs(group: Group, window: set[date]) -> list[tuple[list[Cell], list[Cell]]]:
    cells = members()[group]
    if group[0] == "enterprise":  # as its firm, under any of its codes
        firm = firm_of(cells[0])
        cells = [cell for cell in CELLS if firm_of(cell) == firm]
    matched = [cell for cell in cells if unmatched(cell) is None]
    cell_of = {(firm_of(cell), cell[1]): cell for cell in matched}
    pairs = []
    for firm in sorted({firm_of(cell) for cell in matched}):
        spans: list[tuple[date, ...]] = [(JAN_25,), (FEB_25,)]
        if (firm, FEB_25) in COMBINED:
            spans = [(JAN_25, FEB_25)]
        for span in spans:
            now = [cell_of.get((firm, month)) for month in span]
            then = [cell_of.get((firm, month.replace(year=2024))) for month in span]
            if window >= set(span) and None not in now and None not in then:
                pairs.append(([c for c in now if c], [c for c in then if c]))
    return pairs


# Drivers --------------------------------------------------------------------------------------


def drivers(month: date) -> dict[tuple[str, str], float]:
    """(firm, effect): its part in the change of the district's YTD intensity since a year ago."""
    now, then = _sums(month), _sums(month.replace(year=2024))
    none = (D(0), D(0))
    panel = [f for f in now if f in then and now[f][1] > 0 and then[f][1] > 0]
    e1, v1, e0, v0 = (
        float(sum(side[f][which] for f in panel)) for side in (now, then) for which in (0, 1)
    )
    all_v1, all_v0 = (float(sum(v for _, v in side.values())) for side in (now, then))
    middle = _log_mean(e1 / v1, e0 / v0)
    # The panel is decomposed; everybody else is set against it.
    parts: dict[tuple[str, str], float] = {}
    for firm in panel:
        w1, w0 = float(now[firm][0]) / v1, float(then[firm][0]) / v0
        s1, s0 = float(now[firm][1]) / v1, float(then[firm][1]) / v0
        weight = _log_mean(w1, w0)
        parts[firm, "structure"] = weight * math.log(s1 / s0) - middle * (s1 - s0)
        parts[firm, "intensity"] = weight * math.log((w1 / s1) / (w0 / s0))
    for firm in (now.keys() | then.keys()) - set(panel):
        (e_now, v_now), (e_then, v_then) = now.get(firm, none), then.get(firm, none)
        part = (float(e_now) - float(v_now) * e1 / v1) / all_v1
        part -= (float(e_then) - float(v_then) * e0 / v0) / all_v0
        effect = "entry" if firm not in then else "exit" if firm not in now else "not_decomposable"
        parts[firm, effect] = part
    return parts


def _log_mean(a: float, b: float) -> float:
    return a if a == b else (a - b) / math.log(a / b)


def _sums(month: date) -> dict[str, tuple[D, D]]:
    cells = [
        cell
        for cell in CELLS
        if in_population(cell)
        and unmatched(cell) is None
        and cell[1] in MONTHS
        and (cell[1].year, cell[1]) <= (month.year, month)
        and cell[1].year == month.year
    ]
    firms = {firm_of(cell) for cell in cells if constant(cell) is not None}
    return {
        firm: (
            total([c for c in cells if firm_of(c) == firm], energy) or D(0),
            total([c for c in cells if firm_of(c) == firm], constant) or D(0),
        )
        for firm in firms
    }


def intensity(month: date) -> D:
    sums = _sums(month).values()
    found = ratio(sum((e for e, _ in sums), D(0)), sum((v for _, v in sums), D(0)))
    assert found is not None
    return found
