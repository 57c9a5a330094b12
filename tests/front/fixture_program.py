"""Rows of the fixture for the audits, efficiency and quality pages: plausible, of no authority.

Made from the fixture's own audit rounds; the front's tests look at what is shown of them.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

Rows = list[dict[str, Any]]

WITHOUT_SCORE = 17
_REASONS = {3: "months_before_missing", 5: "year_after_not_over"}
_INDICATORS = (
    ("value_added_per_energy", "0.3", 11.0),
    ("tax_per_land", "0.3", 19.0),
    ("output_per_land", "0.2", 2300.0),
    ("value_added_per_employee", "0.2", 41.0),
)


def program_rows(audits: Rows, months: list[date], today: date) -> dict[str, Rows]:
    """What the audits page reads beside the rounds themselves."""
    return {
        "audit_stage_months": _stages(audits, months[-1]),
        "audit_forecast_months": [_forecast(month, today) for month in months],
        "audit_forecasts": _chances(audits, months[-1], today),
        "audit_savings": _savings(audits),
        "audit_savings_months": [
            _window(month, window, realised)
            for month in months
            for window, realised in (("month", 40.25), ("ytd", None), ("rolling_12", 214.5))
        ],
    }


def _stages(audits: Rows, month: date) -> Rows:
    return [
        {
            "month": month,
            "stage": stage,
            "stream": stream,
            "authority": "",
            "stage_order": order,
            "stage_name_zh": zh,
            "stage_name_en": en,
            "rounds_in_month": 1,
            "rounds_so_far": sum(audit["stream"] == stream for audit in audits) - order,
        }
        for order, stage, zh, en in (
            (2, "disclosed", "企业信息公示", "enterprise publishes required information"),
            (3, "started", "审核准备（启动）", "audit started (planning and organisation)"),
            (10, "report_submitted", "审核报告报送", "audit finished and report submitted"),
        )
        for stream in ("mandatory", "voluntary")
    ]


def _forecast(month: date, today: date) -> dict[str, Any]:
    """Years before this one are over, and what they became stands beside the forecast."""
    last_day = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    over = month.year < today.year
    so_far = 8 + (month.year - 2024) * 10 + month.month // 2
    return {
        "month": month,
        "made_on": min(last_day, today),
        "year_end": date(month.year, 12, 31),
        "is_after_target_years": month.year > 2025,
        "target": 45,
        "accepted_so_far": so_far,
        "rounds_open": 9,
        "rounds_forecast": 8,
        "past_rounds_least": 7,
        "method": "share_of_past_rounds_at_the_same_stage",
        "status": "measured",
        "reason": "too_few_past_rounds",
        "expected_new_enterprises": 2.6,
        "expected_by_year_end": so_far + 2.6,
        "low_by_year_end": so_far + 1,
        "high_by_year_end": so_far + 5,
        "accepted_by_year_end": so_far + 3 if over else None,
        "forecast_error": -0.4 if over else None,
        "within_band": True if over else None,
    }


def _chances(audits: Rows, month: date, today: date) -> Rows:
    opened = [audit for audit in audits if audit["next_due_on"] is not None]
    return [
        {
            "month": month,
            "uscc": audit["uscc"],
            "audit_round": audit["audit_round"],
            "made_on": today,
            "year_end": date(month.year, 12, 31),
            "stream": audit["stream"],
            "stage": audit["last_stage"],
            "stage_name_zh": audit["last_stage_name_zh"],
            "stage_name_en": audit["last_stage_name_en"],
            "entered_on": audit["last_stage_on"],
            "days_at_stage": (today - audit["last_stage_on"]).days,
            "days_to_year_end": (date(month.year, 12, 31) - today).days,
            "past_rounds": 12 if place else 2,
            "past_rounds_accepted": 9 if place else 1,
            "past_rounds_min": 5,
            "method": "share_of_past_rounds_at_the_same_stage",
            "status": "measured" if place else "not_measurable",
            "reason": None if place else "too_few_past_rounds",
            "acceptance_share": 0.75 if place else None,
        }
        for place, audit in enumerate(opened)
    ]


def _savings(audits: Rows) -> Rows:
    """The first saved, the second used more than before, two cannot be measured, the rest saved."""
    rows = []
    accepted = [audit for audit in audits if audit["accepted_on"] is not None]
    for place, audit in enumerate(accepted):
        reason = _REASONS.get(place)
        realised = None if reason else (-12.4 if place == 1 else 30.5 + place)
        rows.append(
            {
                "uscc": audit["uscc"],
                "audit_round": audit["audit_round"],
                "stream": audit["stream"],
                "category": audit["category"],
                "audit_key": audit["audit_key"],
                "enterprises_in_audit": audit["enterprises_in_audit"],
                "started_on": audit["started_on"],
                "accepted_on": audit["accepted_on"],
                "claimed_saving_tce": audit["claimed_saving_tce"],
                "claimed_saving_basis": "own"
                if audit["enterprises_in_audit"] == 1
                else "audit_total",
                "actual_saving_tce": audit["claimed_saving_tce"] - 2,
                "water_saving_t": 900.0,
                "material_saving_t": 5.0,
                "pollutant_reduction_t": 0.4,
                "investment_10k_cny": 12.0,
                "before_months": 11 if place == 3 else 12,
                "after_months": 7 if place == 5 else 12,
                "reason": reason,
                "output_reason": reason or ("gross_output_missing" if place == 2 else None),
                "status": "not_measurable" if reason else "measured",
                "output_status": "not_measurable" if reason or place == 2 else "measured",
                "price_status": "undeflated",
                "energy_before_tce": 410.0,
                "energy_after_tce": 395.0,
                "value_added_before_10k_cny": 4000.0,
                "value_added_after_10k_cny": 4100.0,
                "expected_energy_tce": None if reason else 395.0 + (realised or 0),
                "realised_saving_tce": realised,
                "realised_saving_by_output_tce": None if reason or place == 2 else realised,
            }
        )
    return rows


def _window(month: date, window: str, realised: float | None) -> dict[str, Any]:
    return {
        "month": month,
        "window_name": window,
        "rounds_accepted": 6,
        "rounds_with_claim": 6,
        "rounds_realised": 0 if realised is None else 5,
        "claimed_saving_tce": 250.0,
        "actual_saving_tce": 238.0,
        "water_saving_t": 5400.0,
        "material_saving_t": 30.0,
        "pollutant_reduction_t": 2.4,
        "investment_10k_cny": 72.0,
        "claimed_where_realised_tce": None if realised is None else 205.0,
        "realised_saving_tce": realised,
    }


def efficiency_rows(firms: list[tuple[int, dict[str, Any]]], months: list[date]) -> dict[str, Rows]:
    """Scores and indicators of each firm in the last two months; one firm has none, for its loss."""
    scores: Rows = []
    indicators: Rows = []
    for month in months[-2:]:
        for number, firm in firms:
            known = number != WITHOUT_SCORE
            points = {
                name: 40.0 + (number * (7 + place)) % 110
                for place, (name, _, _) in enumerate(_INDICATORS)
            }
            score = sum(float(weight) * points[name] for name, weight, _ in _INDICATORS)
            values = {name: base * points[name] / 100 for name, _, base in _INDICATORS}
            scores.append(
                {
                    **firm,
                    "month": month,
                    "value_added_10k_cny_per_tce": values["value_added_per_energy"],
                    "tax_10k_cny_per_ha": values["tax_per_land"],
                    "output_10k_cny_per_ha": values["output_per_land"],
                    "value_added_10k_cny_per_person": values["value_added_per_employee"],
                    **{f"{name}_points": value for name, value in points.items()},
                    "indicators_measured": 4,
                    "weight_measured_share": 1.0,
                    "status": "measured" if known else "not_measurable",
                    "reason": None if known else "value_added_not_positive",
                    "score": score if known else None,
                    "efficiency_class": _class(score) if known else None,
                    "provisional": False,
                }
            )
            indicators += [
                {
                    "uscc": firm["uscc"],
                    "month": month,
                    "indicator": name,
                    "name": firm["name"],
                    "numerator": values[name],
                    "denominator": 1.0,
                    "months": 12,
                    "indicator_value": values[name],
                    "district_value": base,
                    "district_firms": len(firms),
                    "status": "measured",
                    "reason": None,
                    "points": points[name],
                    "weight": float(weight),
                    "weight_used": float(weight),
                }
                for name, weight, base in _INDICATORS
            ]
    return {"resource_efficiency": scores, "resource_efficiency_indicators": indicators}


def _class(score: float) -> str:
    return "A" if score >= 100 else "B" if score >= 75 else "C" if score >= 50 else "D"


def pace_rows(months: list[date], target: Any) -> Rows:
    """Behind in the plan's years; after the target year there is no pace, and a reason."""
    return [
        {
            "target_id": "T01",
            "month": month,
            "target_high": target,
            "target_year": 2025,
            "intensity_ytd": 0.0852,
            "intensity_ytd_last_year": 0.0909,
            "years_left": 1 if month.year <= 2025 else None,
            "intensity_on_line": 0.08 if month.year <= 2025 else None,
            "required_change": -0.1195 if month.year <= 2025 else None,
            "achieved_change": -0.0564,
            "energy_growth": 0.0433,
            "value_added_growth": 0.1056,
            "panel_firms": 118,
            "panel_energy_share": 0.98,
            "on_pace": False if month.year <= 2025 else None,
            "status": "measured" if month.year <= 2025 else "not_measurable",
            "reason": None if month.year <= 2025 else "target_year_over",
            "plan_line_status": "not_measurable",
            "plan_line_reason": "no_plan_baseline",
            "price_status": "undeflated",
            "provisional": False,
        }
        for month in months
    ]


def energy_view_rows(firms: list[str], month: date) -> Rows:
    """Of the district and some firms, year to date: one view measured, one without its rate."""
    places = [("district", "310151"), *(("enterprise", uscc) for uscc in firms)]
    return [
        {
            "grouping": grouping,
            "group_key": key,
            "month": month,
            "window_name": "ytd",
            "view": view,
            "is_official": view == "official",
            "energy_tce": energy and Decimal(energy) / (place + 1),
            "intensity_constant_tce_per_10k_cny": energy and int(energy) / 1_000_000 + place / 100,
            "price_status": "undeflated",
            "firms_due": 1,
            "firms_matched": 1,
            "status": "measured" if energy else "not_measurable",
            "reason": None if energy else "no_equivalent_rate_of_heat",
            "factor_ids": factors,
            "carried_forward": factors is not None,
        }
        for place, (grouping, key) in enumerate(places)
        for view, energy, factors in (
            ("official", "109366", None),
            ("equivalent", None, "EQV-2024"),
            ("equivalent_electricity", "219084", "EQV-2024"),
            ("less_feedstock", "109196", None),
        )
    ]


def emission_view_rows(firms: list[str], month: date) -> Rows:
    """Of the district and some firms, year to date: CO2 for two purposes, with unlike factors."""
    places = [("district", "310151"), *(("enterprise", uscc) for uscc in firms)]
    return [
        {
            "grouping": grouping,
            "group_key": key,
            "month": month,
            "window_name": "ytd",
            "purpose": purpose,
            "co2_t": Decimal(electricity + 4719 + 64439) / (place + 1),
            "co2_electricity_t": Decimal(electricity) / (place + 1),
            "co2_heat_t": Decimal(4719) / (place + 1),
            "co2_fuels_t": Decimal(64439) / (place + 1),
            "status": "measured",
            "factor_ids": factors,
            "carried_forward": True,
        }
        for place, (grouping, key) in enumerate(places)
        for purpose, electricity, factors in (
            ("ets_shanghai", 256821, "ETS-SH-E;FUEL-NG"),
            ("inventory_national_grid", 324450, "GRID-CN-2023;FUEL-NG"),
        )
    ]
