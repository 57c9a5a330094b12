"""The forecast of the year, with its band and how often such bands held: `marts.target_forecasts`."""

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
class YearForecast:
    """The district's year as forecast from one origin month; ratios in tce per 10,000 yuan at
    constant 2020 price, shares 0–1. `band_coverage`: share of `back_tests` inside their band."""

    month: date
    forecast_year: int
    months_remaining: int
    intensity: float | None
    low: float | None
    high: float | None
    band_level: float | None
    band_coverage: float | None
    back_tests: int
    band_reason: str | None
    standing: str | None
    tce_to_save: Decimal | None
    filed_share: float | None
    firms_forecast: int
    firms_left_out: int
    method: str
    status: str
    reason: str | None
    price_status: str | None

    def as_json(self) -> Mapping[str, Any]:
        """For a program: ratios at ten decimals and tonnes as text, as `explain` has them."""
        return {
            "year": self.forecast_year,
            "status": self.status,
            "reason": self.reason,
            "intensity_tce_per_10k_cny": _text(self.intensity, 10),
            "low_tce_per_10k_cny": _text(self.low, 10),
            "high_tce_per_10k_cny": _text(self.high, 10),
            "band": {
                "reason": self.band_reason,
                "level": _text(self.band_level, 6),
                "coverage": _text(self.band_coverage, 6),
                "back_tests": self.back_tests,
            },
            "standing": self.standing,
            "tce_to_save": _text(self.tce_to_save, 4),
            "months_remaining": self.months_remaining,
            "filed_share": _text(self.filed_share, 6),
            "firms_forecast": self.firms_forecast,
            "firms_left_out": self.firms_left_out,
            "method": self.method,
            "price_status": self.price_status,
        }


def year_forecast(connection: duckdb.DuckDBPyConnection, month: date) -> YearForecast | None:
    """The forecast from what is filed up to a month, or None where the release has no such month."""
    return fetch_one(
        connection,
        YearForecast,
        """
        select
            month, forecast_year, months_remaining, intensity_forecast as intensity,
            intensity_low as low, intensity_high as high, band_level, band_coverage, back_tests,
            band_reason, standing_forecast as standing, tce_to_save, filed_share, firms_forecast,
            firms_left_out, forecast_method as method, status, reason, price_status
        from marts.target_forecasts
        where target_id = $target and month = $month
        """,
        {"target": INTENSITY_TARGET, "month": month},
    )


def _text(value: float | Decimal | None, decimals: int) -> str | None:
    return None if value is None else f"{value:.{decimals}f}"
