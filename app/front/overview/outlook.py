"""The forecast of the year in one line: the figure, its band, and how often such bands held."""

from __future__ import annotations

from front import figures
from front.markup import esc
from front.reasons import why_not_measured
from front.words import Say
from greenmfg.queries.forecasts import YearForecast


def outlook(say: Say, forecast: YearForecast | None) -> str:
    """Nothing where the year is over: its figure is no forecast."""
    if forecast is None or forecast.months_remaining == 0:
        return ""
    year = say("outlook.year", year=forecast.forecast_year)
    parts = (
        [why_not_measured(say, forecast.reason)]
        if forecast.intensity is None
        else [
            _band(say, forecast),
            say(f"standing.{forecast.standing}"),
            say("outlook.to_save", tce=figures.tce(forecast.tce_to_save)),
            say("outlook.filed", share=figures.percent(forecast.filed_share, 0)),
        ]
    )
    value = (
        say("status.not_measurable")
        if forecast.intensity is None
        else figures.intensity(forecast.intensity)
    )
    said = " · ".join(esc(part) for part in parts if part)
    return f'<p class="outlook">{esc(year)} <b>{esc(value)}</b> {said}</p>'


def _band(say: Say, forecast: YearForecast) -> str:
    if forecast.low is None or forecast.high is None:
        return say("outlook.no_band")
    band = {"low": figures.intensity(forecast.low), "high": figures.intensity(forecast.high)}
    if forecast.band_coverage is None:
        return say("outlook.band_untested", **band)
    return say(
        "outlook.band",
        **band,
        coverage=figures.percent(forecast.band_coverage, 0),
        tests=forecast.back_tests,
        level=figures.percent(forecast.band_level, 0),
    )
