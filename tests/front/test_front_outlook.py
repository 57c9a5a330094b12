"""The line that forecasts the year, in each state it can be in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from front.language import Language
from front.overview.outlook import outlook
from front.words import say
from greenmfg.queries.forecasts import YearForecast

FORECAST = YearForecast(
    month=date(2026, 3, 1),
    forecast_year=2026,
    months_remaining=9,
    intensity=0.2,
    low=0.19,
    high=0.21,
    band_level=0.8,
    band_coverage=None,
    back_tests=0,
    band_reason=None,
    standing="not_reached",
    tce_to_save=Decimal("12.5"),
    filed_share=0.25,
    firms_forecast=3,
    firms_left_out=0,
    method="last_year_months_grown",
    status="measured",
    reason=None,
    price_status="deflated",
)
ZH, EN = say(Language.ZH), say(Language.EN)


def test_a_band_that_was_never_tested_says_so() -> None:
    assert "区间 0.1900–0.2100 · 尚无回测" in outlook(ZH, FORECAST)
    assert "band 0.1900–0.2100 · no back-tests yet" in outlook(EN, FORECAST)


def test_without_earlier_years_there_is_a_forecast_and_no_band() -> None:
    line = outlook(ZH, replace(FORECAST, low=None, high=None))
    assert "<b>0.2000</b> 以往年份不足，暂无区间 · 预计达不到目标" in line


def test_where_the_year_is_not_forecast_the_reason_stands_in_the_place_of_the_figure() -> None:
    for reason, words in (
        ("month_not_settled", "当月未到截止日或报送覆盖不足，不作全年预测"),
        ("too_little_history", "缺少上年资料，不作全年预测"),
        ("value_added_not_positive", "增加值不大于零，比值没有意义"),
        ("nothing_filed", "本期没有报表"),
    ):
        line = outlook(ZH, replace(FORECAST, intensity=None, reason=reason))
        assert f"<b>无法计算</b> {words}</p>" in line


def test_a_year_that_is_over_has_no_forecast() -> None:
    assert outlook(ZH, replace(FORECAST, months_remaining=0)) == ""
    assert outlook(ZH, None) == ""
