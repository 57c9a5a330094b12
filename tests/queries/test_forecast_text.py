"""What `explain district … --window ytd` says of the year to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from greenmfg.queries.explain_text import forecast_line
from greenmfg.queries.forecasts import YearForecast

FORECAST = YearForecast(
    month=date(2026, 10, 1),
    forecast_year=2026,
    months_remaining=2,
    intensity=0.081317,
    low=0.080601,
    high=0.082034,
    band_level=0.8,
    band_coverage=0.75,
    back_tests=8,
    band_reason=None,
    standing="close",
    tce_to_save=Decimal("2367.7640"),
    filed_share=0.8204,
    firms_forecast=124,
    firms_left_out=0,
    method="last_year_months_grown",
    status="measured",
    reason=None,
    price_status="undeflated",
)


def test_a_forecast_is_said_with_its_band_and_how_often_such_bands_held() -> None:
    line = forecast_line(FORECAST)
    assert line.startswith("2026 年全年预测 forecast of the year: 0.0813 tce/万元")
    assert "区间 band 0.0806–0.0820" in line
    assert "回测覆盖率 held in 75% / 8 次回测 back-tests，名义 nominal 80%" in line
    assert "预计接近目标 expected close to the target" in line
    assert "还需节约 to save by year-end 2367.76 tce" in line


def test_a_forecast_without_a_band_says_that_there_are_too_few_years() -> None:
    bare = replace(FORECAST, low=None, high=None, band_coverage=None, back_tests=0)
    assert "以往年份不足，无区间 no band: too few earlier years" in forecast_line(bare)


def test_a_band_that_no_back_test_has_tried_yet_says_so() -> None:
    untried = replace(FORECAST, band_coverage=None, back_tests=0)
    assert "区间 band 0.0806–0.0820（尚无回测 no back-tests yet）" in forecast_line(untried)


def test_where_there_is_no_forecast_the_reason_is_said() -> None:
    silent = replace(FORECAST, intensity=None, status="not_measurable", reason="too_little_history")
    assert forecast_line(silent) == (
        "2026 年全年预测 forecast of the year: 无法测算 not measurable: "
        "缺少上年资料 · too little of last year is known"
    )


def test_a_program_gets_the_band_and_its_coverage_with_the_forecast() -> None:
    said = FORECAST.as_json()
    assert (said["low_tce_per_10k_cny"], said["high_tce_per_10k_cny"]) == (
        "0.0806010000",
        "0.0820340000",
    )
    assert said["band"] == {
        "reason": None,
        "level": "0.800000",
        "coverage": "0.750000",
        "back_tests": 8,
    }
