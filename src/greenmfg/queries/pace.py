"""Pace: the decline a year that would reach the intensity target, beside the decline there was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from greenmfg.queries.overview import INTENSITY_TARGET
from greenmfg.queries.rows import fetch_one


@dataclass(frozen=True)
class Pace:
    """Ratios in tce per 10,000 CNY at constant 2020 price, year to date; changes are fractions, a
    fall negative. The straight line is ours: the plan names no path."""

    month: date
    target_high: Decimal
    target_year: int
    intensity: float | None
    intensity_last_year: float | None
    years_left: int | None
    intensity_on_line: float | None
    required_change: float | None
    achieved_change: float | None
    energy_growth: float | None
    value_added_growth: float | None
    panel_firms: int | None
    panel_energy_share: float | None
    on_pace: bool | None
    reason: str | None
    plan_line_intensity: float | None
    plan_line_reason: str | None
    price_status: str | None
    provisional: bool
    basis_zh: str | None
    basis_en: str | None

    def as_json(self) -> Mapping[str, Any]:
        """For a program: ratios at ten decimals as text, as `explain` has them."""
        return {
            "status": "not_measurable" if self.reason else "measured",
            "reason": self.reason,
            "target_tce_per_10k_cny": f"{self.target_high:f}",
            "target_year": self.target_year,
            "years_left": self.years_left,
            "intensity_last_year_tce_per_10k_cny": _text(self.intensity_last_year),
            "intensity_on_line_tce_per_10k_cny": _text(self.intensity_on_line),
            "required_change": _text(self.required_change),
            "achieved_change": _text(self.achieved_change),
            "energy_growth": _text(self.energy_growth),
            "value_added_growth": _text(self.value_added_growth),
            "panel_firms": self.panel_firms,
            "panel_energy_share": _text(self.panel_energy_share),
            "on_pace": self.on_pace,
            "plan_line": {
                "intensity_tce_per_10k_cny": _text(self.plan_line_intensity),
                "reason": self.plan_line_reason,
            },
            "price_status": self.price_status,
        }


def pace_of(connection: duckdb.DuckDBPyConnection, month: date) -> Pace | None:
    """The pace in a month, or None where the release has no target in it."""
    return fetch_one(
        connection,
        Pace,
        """
        select
            month, target_high, target_year, intensity_ytd as intensity,
            intensity_ytd_last_year as intensity_last_year, years_left, intensity_on_line,
            required_change, achieved_change, energy_growth, value_added_growth, panel_firms,
            panel_energy_share, on_pace, reason, plan_line_intensity, plan_line_reason,
            price_status, provisional, basis_zh, basis_en
        from marts.target_pace
        where target_id = $target and month = $month
        """,
        {"target": INTENSITY_TARGET, "month": month},
    )


def _text(value: float | None) -> str | None:
    return None if value is None else f"{value:.10f}"
