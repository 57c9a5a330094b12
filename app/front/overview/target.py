"""How far from the target: monthly and rolling intensity against it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from front import charts, figures
from front.data import Overview
from front.frame import head, panel
from front.markup import esc
from front.overview.outlook import outlook
from front.overview.pace import pace_line
from front.reasons import price_words
from front.visitor import Visitor
from greenmfg.queries.forecasts import YearForecast
from greenmfg.queries.overview import INTENSITY_TARGET, Headline


def target_panel(
    visitor: Visitor,
    headline: Headline,
    shown: Overview,
) -> None:
    say, forecast = visitor.say, shown.forecast
    with panel("target"):
        head(
            say,
            say("target.title"),
            say("target.sub", price=price_words(say, headline.price_status)),
            [
                say("method.intensity"),
                say("method.matched"),
                say("method.windows"),
                say("method.reached"),
                say("method.close", share=figures.percent(headline.close_band_share, 0)),
                say("method.forecast"),
                say("method.band"),
                say("method.pace"),
                say("method.quote", quote=headline.quote_zh),
                visitor.language.pick(headline.basis_zh, headline.basis_en) or "",
            ],
            ("target_progress", {"target_id": INTENSITY_TARGET}),
        )
        points = [(p.month, p.monthly, p.rolling_12, p.provisional) for p in shown.series]
        st.vega_lite_chart(
            charts.intensity_chart(
                tuple(points),
                float(headline.target_high),
                headline.target_year,
                _mark(forecast),
                visitor.language,
            ),
            width="stretch",
            theme=None,
            key="target_chart",
        )
        st.html(
            _facts(visitor, headline)
            + outlook(visitor.say, forecast)
            + pace_line(visitor.say, shown.pace)
        )


def _mark(forecast: YearForecast | None) -> charts.Mark | None:
    """The forecast at the end of its year, while there is anything to forecast."""
    if forecast is None or forecast.intensity is None or forecast.months_remaining == 0:
        return None
    december = date(forecast.forecast_year, 12, 1)
    return december, forecast.intensity, forecast.low, forecast.high


def _facts(visitor: Visitor, headline: Headline) -> str:
    say = visitor.say
    facts = [
        (say("window.ytd"), figures.intensity(headline.intensity_ytd)),
        (say("window.rolling_12"), figures.intensity(headline.intensity_rolling_12)),
        (say("window.month"), figures.intensity(headline.intensity_month)),
        (say("target.current"), figures.intensity(headline.intensity_ytd_current)),
        (say("target.gap"), figures.signed(headline.gap, 4)),
        (say("target.to_save"), f"{figures.tce(headline.tce_to_save)} tce"),
    ]
    items = "".join(
        f"<div><dt>{esc(word)}</dt><dd>{esc(value)}</dd></div>" for word, value in facts
    )
    return f'<dl class="facts">{items}</dl>'
