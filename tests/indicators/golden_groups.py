"""The golden workbook's groups and targets: sums of the hand-made months, then ratios of the sums.

Plain Python over `golden.py`, in decimals; nothing here comes from the models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal as D

from tests.indicators.golden import (
    DEC,
    ENERGY_FLAGGED,
    ENERGY_TCE,
    FEB,
    FILED,
    JAN,
    MAR,
    OUTPUT,
    REGISTER,
    VALUE_ADDED,
    A,
    B,
    C,
    constant,
)

TARGET = D("0.08")
CLOSE_BAND = D("0.05")

# Which of the months each window holds. All three firms enter the register in December.
WINDOWS: dict[tuple[date, str], tuple[date, ...]] = {
    (DEC, "month"): (DEC,),
    (DEC, "ytd"): (DEC,),
    (DEC, "rolling_12"): (DEC,),
    (JAN, "month"): (JAN,),
    (JAN, "ytd"): (JAN,),
    (JAN, "rolling_12"): (DEC, JAN),
    (FEB, "month"): (FEB,),
    (FEB, "ytd"): (JAN, FEB),
    (FEB, "rolling_12"): (DEC, JAN, FEB),
    (MAR, "month"): (MAR,),
    (MAR, "ytd"): (JAN, FEB, MAR),
    (MAR, "rolling_12"): (DEC, JAN, FEB, MAR),
}

# (grouping, key): names and members
GROUPS: dict[tuple[str, str], tuple[str, str, tuple[str, ...]]] = {
    ("district", "310151"): ("崇明区", "Chongming District", (A, B, C)),
    ("park", "长兴海洋装备产业基地"): ("长兴海洋装备产业基地", "长兴海洋装备产业基地", (A,)),
    ("park", "崇明工业园区"): ("崇明工业园区", "崇明工业园区", (B,)),
    ("park", "园区外"): ("园区外", "园区外", (C,)),
    ("industry", "37"): (
        "铁路、船舶、航空航天和其他运输设备制造业",
        "Railway, ship, aerospace and other transport equipment",
        (A,),
    ),
    ("industry", "14"): ("食品制造业", "Food manufacturing", (B,)),
    ("industry", "34"): ("通用设备制造业", "General-purpose machinery", (C,)),
    ("cluster", "海洋装备"): ("海洋装备", "海洋装备", (A,)),
    ("cluster", "绿色农产品深加工"): ("绿色农产品深加工", "绿色农产品深加工", (B,)),
    ("cluster", "其他"): ("其他", "其他", (C,)),
    ("town", "310151116"): ("长兴镇", "Changxing", (A,)),
    ("town", "310151101"): ("城桥镇", "Chengqiao", (B, C)),
    ("zone", "104"): ("104规划工业区块", "Zone 104", (A,)),
    ("zone", "195"): ("规划工业区块外、乡镇集中建设区以内", "Zone 195", (B,)),
    ("zone", "unstated"): ("未标注", "Zone not stated", (C,)),
    ("enterprise", A): ("示例船舶配套厂", "示例船舶配套厂", (A,)),
    ("enterprise", B): ("示例食品厂", "示例食品厂", (B,)),
    ("enterprise", C): ("示例机械厂", "示例机械厂", (C,)),
}

# February is past its due day (15 March) and all three are matched in it; in January only two
# of three are (C gave no energy), below the 0.8 of headline_coverage_min.
HEADLINE = FEB
COVERAGE = {DEC: D(3) / 3, JAN: D(2) / 3, FEB: D(3) / 3, MAR: D(2) / 3}
DUE = {DEC: True, JAN: True, FEB: True, MAR: False}

Cell = D | str | int | bool | date | None


@dataclass(frozen=True)
class Window:
    """Sums over some firms' months; None where nothing was there to add."""

    firms: tuple[str, ...]
    months: tuple[date, ...]

    def _sum(self, values: Sequence[D | None]) -> D | None:
        given = [value for value in values if value is not None]
        return sum(given, D(0)) if given else None

    @property
    def cells(self) -> list[tuple[str, date]]:
        return [(firm, month) for firm in self.firms for month in self.months]

    @property
    def filed(self) -> list[tuple[str, date]]:
        return [cell for cell in self.cells if FILED[cell][0] or FILED[cell][1]]

    @property
    def matched(self) -> list[tuple[str, date]]:
        return [cell for cell in self.cells if FILED[cell][4] is None]

    def energy(self, cells: list[tuple[str, date]]) -> D | None:
        return self._sum([ENERGY_TCE[cell] for cell in cells])

    def current(self, cells: list[tuple[str, date]]) -> D | None:
        return self._sum([VALUE_ADDED[cell][0] for cell in cells])

    def constant(self, cells: list[tuple[str, date]]) -> D | None:
        return self._sum([constant(VALUE_ADDED[cell][0], VALUE_ADDED[cell][2]) for cell in cells])

    def output(self, column: str) -> D | None:
        keys = {(firm, month.isoformat()) for firm, month in self.cells}
        rows = [row for row in OUTPUT if (row["uscc"], row["period"]) in keys]
        return self._sum([D(value) for row in rows if (value := row.get(column)) is not None])


def group_months() -> list[dict[str, Cell]]:
    """Every row of the mart for the four months, column by column."""
    return [
        {
            "grouping": grouping,
            "group_key": key,
            "month": month,
            "window_name": window_name,
            "group_name_zh": name_zh,
            "group_name_en": name_en,
            "provisional": month > HEADLINE,
            "energy_share": None,  # nobody filed a year before
            **_measures(Window(firms, months)),
        }
        for (grouping, key), (name_zh, name_en, firms) in GROUPS.items()
        for (month, window_name), months in WINDOWS.items()
    ]


def _measures(window: Window) -> dict[str, Cell]:
    matched = window.matched
    valued = [cell for cell in matched if VALUE_ADDED[cell][0] is not None]
    energy, current, at_2020 = (
        window.energy(matched),
        window.current(matched),
        window.constant(matched),
    )
    reason = None
    if not window.filed:
        reason = "nothing_filed"
    elif not valued:
        reason = "no_matched_months"
    elif at_2020 is not None and at_2020 <= 0:
        reason = "value_added_not_positive"
    undeflated = [cell for cell in valued if VALUE_ADDED[cell][2] is None]

    def of_basis(basis: str) -> list[tuple[str, date]]:
        return [cell for cell in valued if VALUE_ADDED[cell][1] == basis]

    return {
        "energy_tce": energy,
        "energy_filed_tce": window.energy(window.cells),
        "value_added_current_10k_cny": current,
        "value_added_constant_10k_cny": at_2020,
        "value_added_filed_10k_cny": window.current(window.cells),
        "gross_output_10k_cny": window.output("gross_output_10k_cny"),
        "revenue_10k_cny": window.output("revenue_10k_cny"),
        "tax_10k_cny": window.output("tax_10k_cny"),
        "intensity_constant_tce_per_10k_cny": None if reason else _ratio(energy, at_2020),
        "intensity_current_tce_per_10k_cny": (
            _ratio(energy, current) if current is not None and current > 0 else None
        ),
        "status": "not_measurable" if reason else "measured",
        "reason": reason,
        "price_status": ("undeflated" if undeflated else "deflated") if valued else None,
        "undeflated_share": _ratio(window.current(undeflated) or D(0), current),
        **{
            f"{basis}_share": _ratio(window.current(of_basis(basis)) or D(0), current)
            for basis in ("given", "derived", "estimated")
        },
        "flagged_coefficient_share": _ratio(
            sum((ENERGY_FLAGGED.get(cell, D(0)) for cell in window.cells), D(0)),
            window.energy(window.cells),
        ),
        **_confidential(window, matched),
        "firms_due": len(window.firms),
        "firms_filed": len({firm for firm, _ in window.filed}),
        "firms_matched": len({firm for firm, _ in matched}),
        "firm_months_due": len(window.cells),
        "firm_months_filed": len(window.filed),
        "firm_months_matched": len(matched),
    }


def _confidential(window: Window, matched: list[tuple[str, date]]) -> dict[str, Cell]:
    """How much of the group its largest firm is, and why it may not be shown to others."""
    firms = sorted({firm for firm, _ in matched})
    own = {firm: [cell for cell in matched if cell[0] == firm] for firm in firms}
    shares = [
        _ratio(max(amounts), sum(amounts, D(0)))
        for amounts in (
            [abs(window.energy(own[firm]) or D(0)) for firm in firms],
            [abs(window.constant(own[firm]) or D(0)) for firm in firms],
        )
        if amounts
    ]
    largest = max((share for share in shares if share is not None), default=None)
    dominated = largest is None or largest > D("0.85")
    return {
        "largest_firm_share": largest,
        "suppression": "too_few_firms"
        if len(firms) < 3
        else "one_firm_dominates"
        if dominated
        else None,
    }


def _ratio(numerator: D | None, denominator: D | None) -> D | None:
    if numerator is None or denominator is None or denominator == 0:
        return None
    return numerator / denominator


def _standing(rounded: D | None) -> str | None:
    if rounded is None:
        return None
    if rounded <= TARGET:
        return "reached"
    return "close" if rounded <= TARGET * (1 + CLOSE_BAND) else "not_reached"


def target_progress() -> list[dict[str, Cell]]:
    """Every row of the mart for the four months, but for its words."""
    rows: list[dict[str, Cell]] = []
    for month in (DEC, JAN, FEB, MAR):
        of = {
            name: _measures(Window((A, B, C), WINDOWS[month, name]))
            for name in ("month", "ytd", "rolling_12")
        }
        ytd = of["ytd"]
        intensity = ytd["intensity_constant_tce_per_10k_cny"]
        energy, value_added = ytd["energy_tce"], ytd["value_added_constant_10k_cny"]
        rounded = intensity.quantize(D("0.0001")) if isinstance(intensity, D) else None
        saving = None
        if isinstance(energy, D) and isinstance(value_added, D) and isinstance(intensity, D):
            saving = max(energy - TARGET * value_added, D(0))
        gap = intensity - TARGET if isinstance(intensity, D) else None
        rows.append(
            {
                "target_id": "T01",
                "month": month,
                "intensity_ytd": intensity,
                "intensity_rolling_12": of["rolling_12"]["intensity_constant_tce_per_10k_cny"],
                "intensity_month": of["month"]["intensity_constant_tce_per_10k_cny"],
                "intensity_ytd_current": ytd["intensity_current_tce_per_10k_cny"],
                "intensity_rounded_4": rounded,
                "target_high": TARGET,
                "target_year": 2025,
                "in_plan_period": True,
                "gap": gap,
                "gap_share": gap / TARGET if gap is not None else None,
                "tce_to_save": saving,
                "reached": rounded <= TARGET if rounded is not None else None,
                "standing": _standing(rounded),
                "close_band_share": CLOSE_BAND,
                "status": ytd["status"],
                "reason": ytd["reason"],
                "price_status": ytd["price_status"],
                "coverage_share": COVERAGE[month],
                "firms_due": 3,
                "firms_filed": 3,
                "firms_matched": of["month"]["firms_matched"],
                "is_due": DUE[month],
                "is_headline": month == HEADLINE,
                "provisional": month > HEADLINE,
            }
        )
    return rows


def enterprise_months() -> list[dict[str, Cell]]:
    """Every row of the mart, but for receipts and lines."""
    industries = {"37": GROUPS["industry", "37"], "14": GROUPS["industry", "14"]}
    industries["34"] = GROUPS["industry", "34"]
    towns = {"310151116": GROUPS["town", "310151116"], "310151101": GROUPS["town", "310151101"]}
    register = {row["uscc"]: row for row in REGISTER}
    filed = {(row["uscc"], row["period"]): row for row in OUTPUT}
    rows: list[dict[str, Cell]] = []
    for (uscc, month), (energy, output, energy_months, output_months, reason) in FILED.items():
        firm = register[uscc]
        report = filed.get((uscc, month.isoformat()), {})
        value, basis, index = VALUE_ADDED[uscc, month]
        employees = report.get("employees")
        rows.append(
            {
                "uscc": uscc,
                "month": month,
                "firm_uscc": uscc,
                "name": firm["name"],
                "industry_code": firm["industry_code"],
                "industry_name_zh": industries[firm["industry_code"] or ""][0],
                "industry_name_en": industries[firm["industry_code"] or ""][1],
                "cluster": firm["cluster"],
                "park": firm["park"],
                "town_code": firm["town_code"],
                "town_name_zh": towns[firm["town_code"] or ""][0],
                "town_name_en": towns[firm["town_code"] or ""][1],
                "land_zone": firm["land_zone"],
                "river_strip": firm["river_strip"] == "yes",
                "above_scale": True,
                "in_population": True,
                "energy_filed": energy,
                "output_filed": output,
                "nil_return": (uscc, month) == (B, FEB),
                "energy_months_covered": energy_months,
                "output_months_covered": output_months,
                "covered_by_february": (uscc, month) == (A, JAN),
                "matched": reason is None,
                "unmatched_reason": reason,
                "energy_tce": ENERGY_TCE[uscc, month],
                "energy_flagged_tce": ENERGY_FLAGGED.get((uscc, month)),
                "gross_output_10k_cny": _decimal(report.get("gross_output_10k_cny")),
                "value_added_10k_cny": value,
                "value_added_basis": basis,
                "deflator_index_2020_100": index,
                "price_status": "undeflated" if index is None else "deflated",
                "value_added_constant_10k_cny": constant(value, index),
                "revenue_10k_cny": _decimal(report.get("revenue_10k_cny")),
                "tax_10k_cny": _decimal(report.get("tax_10k_cny")),
                "employees": int(employees) if employees else None,
            }
        )
    return rows


def _decimal(text: str | None) -> D | None:
    return D(text) if text is not None else None
