"""The second golden workbook worked out: from what was filed to every figure, in plain decimals.

Nothing here comes from the models. A cell is one enterprise code in one calendar month.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal as D
from functools import cache

from tests.indicators.golden_years import (
    ENERGY_SERIES,
    FEB_25,
    INDICES,
    JAN_25,
    MONTHS,
    NIL,
    OUTPUT_SERIES,
    REGISTER,
    SUCCESSORS,
    P,
)

Cell = tuple[str, date]

# tce per unit, GB/T 2589-2020; steam through its heat, 2.679552 GJ/t × 0.03412
COEFFICIENTS = {
    "electricity": D("1.229"), "natural_gas": D("12.143"), "raw_coal": D("0.7143"),
    "general_bituminous": D("0.7143"), "steam_sat_8": D("0.09142631424"), "heat": D("0.03412"),
    "waste_heat": D("0.03412"), "naphtha": D("1.5"), "lng": D("1.7572"),
}  # fmt: skip
OWN_RANGES = {"natural_gas": (D("11"), D("13.3")), "lng": (D("1.3179"), D("2.1965"))}
INSIDE_ITS_WHOLE = {"general_bituminous"}
SUCCESSOR = {str(row["uscc"]): str(row["successor_uscc"]) for row in SUCCESSORS}
FEW, DOMINANT = 3, D("0.85")


@dataclass(frozen=True)
class ItemMonth:
    """One item of one enterprise in one month."""

    quantity: D
    coefficient: D
    own: bool
    flag: str | None
    tce: D
    counted: bool
    feedstock: D
    green: D
    use: D


@cache
def items() -> dict[tuple[str, date, str], ItemMonth]:
    found = {}
    for uscc, item, _, columns in ENERGY_SERIES:
        for month, use in columns["production_use"].items():

            def of(name: str, month: date = month, columns: dict = columns) -> D:  # type: ignore[type-arg]
                return D(columns.get(name, {}).get(month, "0"))

            own = columns.get("own_coefficient_tce", {}).get(month)
            coefficient = D(own) if own else COEFFICIENTS[item]
            low, high = OWN_RANGES.get(item, (coefficient, coefficient))
            flag = None
            if own and not low <= coefficient <= high:
                flag = "own_outside_range"
            if not own and item == "natural_gas":
                flag = "fallback_of_range"
            quantity = D(use) - of("transformation_output") - of("recovered")
            found[uscc, month, item] = ItemMonth(
                quantity, coefficient, own is not None, flag, quantity * coefficient,
                item not in INSIDE_ITS_WHOLE, of("feedstock_use"), of("green_power_certified"),
                D(use),
            )  # fmt: skip
    return found


def _spans(uscc: str) -> list[dict[str, str | None]]:
    return [dict(row) for row in REGISTER if row["uscc"] == uscc]


def register_of(cell: Cell) -> dict[str, str | None] | None:
    uscc, month = cell
    for row in _spans(uscc):
        until = row["valid_to"]
        if str(row["valid_from"]) <= month.isoformat() <= (until or "9999"):
            return row
    return None


@cache
def in_population(cell: Cell) -> bool:
    row = register_of(cell)
    return row is not None and row["above_scale"] == "yes"


CELLS: tuple[Cell, ...] = tuple(
    (uscc, month)
    for uscc in dict.fromkeys(str(row["uscc"]) for row in REGISTER)
    for month in MONTHS
    if register_of((uscc, month)) is not None
)


def firm_of(cell: Cell) -> str:
    return SUCCESSOR.get(cell[0], cell[0])


def has_energy(cell: Cell) -> bool:
    uscc, month = cell
    return cell == (P, JAN_25) or any((uscc, month, item) in items() for item in COEFFICIENTS)


def has_output(cell: Cell) -> bool:
    uscc, month = cell
    return cell == (P, JAN_25) or month in OUTPUT_SERIES[uscc]["gross_output_10k_cny"]


@cache
def unmatched(cell: Cell) -> str | None:
    if not has_output(cell):
        return "output_missing" if has_energy(cell) else "nothing_filed"
    return None if has_energy(cell) or cell in NIL else "energy_missing"


@cache
def energy(cell: Cell) -> D | None:
    rows = [row for (uscc, month, _), row in items().items() if (uscc, month) == cell]
    if not rows:
        return D(0) if cell in NIL else None
    return sum((row.tce for row in rows if row.counted), D(0))


@cache
def flagged(cell: Cell) -> D | None:
    rows = [
        row.tce
        for (uscc, month, _), row in items().items()
        if (uscc, month) == cell and row.counted and row.flag
    ]
    return sum(rows, D(0)) if rows else None


@cache
def value_added(cell: Cell) -> tuple[D | None, str | None]:
    """Nil, else given, else derived, else estimated."""
    uscc, month = cell
    columns = OUTPUT_SERIES[uscc]
    if month not in columns["gross_output_10k_cny"]:
        return None, None
    if cell in NIL:
        return D(0), "nil"
    if month in columns.get("value_added_10k_cny", {}):
        return D(columns["value_added_10k_cny"][month]), "given"
    gross = D(columns["gross_output_10k_cny"][month])
    if "vat_payable_10k_cny" in columns:
        spent = D(columns["intermediate_input_10k_cny"][month])
        return gross - spent + D(columns["vat_payable_10k_cny"][month]), "derived"
    row = register_of(cell)
    assert row is not None
    return gross * D(str(row["value_added_rate"])), "estimated"


@cache
def index_of(cell: Cell) -> D | None:
    row = register_of(cell)
    index = INDICES.get(str(row["industry_code"]), {}).get(cell[1]) if row else None
    return D(index) if index is not None else None


def constant(cell: Cell) -> D | None:
    value, index = value_added(cell)[0], index_of(cell)
    return value if value is None or index is None else value * 100 / index


# Groups ---------------------------------------------------------------------------------------


@cache
def members() -> dict[tuple[str, str], list[Cell]]:
    """Cells of each group: the population's, and of the grouping `enterprise` every one."""
    found: dict[tuple[str, str], list[Cell]] = {}
    for cell in CELLS:
        row = register_of(cell)
        assert row is not None
        groups = [("enterprise", cell[0])]
        if in_population(cell):
            groups += [
                ("district", "310151"), ("park", str(row["park"])),
                ("industry", str(row["industry_code"])),
            ]  # fmt: skip
        for group in groups:
            found.setdefault(group, []).append(cell)
    return found


def months_of(month: date, window: str) -> tuple[date, ...]:
    position = MONTHS.index(month)
    if window == "month":
        return (month,)
    if window == "ytd":
        return tuple(m for m in MONTHS[: position + 1] if m.year == month.year)
    return MONTHS[max(0, position - 11) : position + 1]


def total(cells: Iterable[Cell], measure: Callable[[Cell], D | None]) -> D | None:
    values = [value for cell in cells if (value := measure(cell)) is not None]
    return sum(values, D(0)) if values else None


def ratio(numerator: D | None, denominator: D | None) -> D | None:
    return numerator / denominator if numerator is not None and denominator else None


def current(cell: Cell) -> D | None:
    return value_added(cell)[0]


def measures(group: tuple[str, str], month: date, window: str) -> dict[str, object]:
    """What `group_months` says of the group, column by column."""
    window_months = months_of(month, window)
    cells = [cell for cell in members()[group] if cell[1] in window_months]
    filed = [cell for cell in cells if has_energy(cell) or has_output(cell)]
    matched = [cell for cell in cells if unmatched(cell) is None]
    valued = [cell for cell in matched if current(cell) is not None]
    at_2020, tce = total(matched, constant), total(matched, energy)
    reason = None
    if not filed:
        reason = "nothing_filed"
    elif not valued:
        reason = "no_matched_months"
    elif at_2020 is None or at_2020 <= 0:
        reason = "value_added_not_positive"

    def share(kept: Callable[[Cell], bool]) -> D | None:
        part = total([cell for cell in valued if kept(cell)], current)
        return ratio(part or D(0), total(matched, current))

    due = [cell for cell in cells if in_population(cell)]
    undeflated = [cell for cell in valued if index_of(cell) is None]
    return {
        "energy_tce": tce,
        "energy_filed_tce": total(cells, energy),
        "value_added_current_10k_cny": total(matched, current),
        "value_added_constant_10k_cny": at_2020,
        "value_added_filed_10k_cny": total(cells, current),
        "intensity_constant_tce_per_10k_cny": None if reason else ratio(tce, at_2020),
        "status": "not_measurable" if reason else "measured",
        "reason": reason,
        "price_status": ("undeflated" if undeflated else "deflated") if valued else None,
        "undeflated_share": share(lambda cell: index_of(cell) is None),
        "given_share": share(lambda cell: value_added(cell)[1] == "given"),
        "derived_share": share(lambda cell: value_added(cell)[1] == "derived"),
        "estimated_share": share(lambda cell: value_added(cell)[1] == "estimated"),
        "flagged_coefficient_share": ratio(total(cells, flagged) or D(0), total(cells, energy)),
        "firms_due": len({firm_of(cell) for cell in due}),
        "firms_filed": len({firm_of(cell) for cell in filed}),
        "firms_matched": len({firm_of(cell) for cell in matched}),
        "firm_months_due": len(due),
        "firm_months_filed": len(filed),
        "firm_months_matched": len(matched),
        "energy_share": _share_of_last_year(group, month, window),
        **_confidential(matched),
    }


def _share_of_last_year(group: tuple[str, str], month: date, window: str) -> D | None:
    """Last year's energy of the same window whose firms are matched in this one's last month."""
    if month not in (JAN_25, FEB_25):
        return None
    then = months_of(date(2024, month.month, 1), window)
    cells = [cell for cell in members()[group] if cell[1] in then]
    now = {
        firm_of(cell)
        for cell in CELLS
        if cell[1] == month
        and unmatched(cell) is None
        and (group[0] == "enterprise" or in_population(cell))
    }
    still = total([cell for cell in cells if firm_of(cell) in now], energy)
    return ratio(still or D(0), total(cells, energy))


def _confidential(matched: list[Cell]) -> dict[str, object]:
    """The largest firm's share, and whether the group alone would give a firm away."""
    firms = sorted({firm_of(cell) for cell in matched})
    largest: D | None = None
    for measure in (energy, constant):
        amounts = [
            abs(total([cell for cell in matched if firm_of(cell) == firm], measure) or D(0))
            for firm in firms
        ]
        share = ratio(max(amounts), sum(amounts, D(0))) if amounts else None
        largest = max((s for s in (share, largest) if s is not None), default=None)
    own = None
    if len(firms) < FEW:
        own = "too_few_firms"
    elif largest is None or largest > DOMINANT:
        own = "one_firm_dominates"
    return {"largest_firm_share": largest, "suppression": own}
