"""Acceptances by month against the target, and what the open rounds are expected to add."""

from __future__ import annotations

from datetime import date

import streamlit as st

from front import figures
from front.charts_of_audits import Ahead, Count, acceptances_chart
from front.data import AuditProgram
from front.frame import head, panel
from front.markup import Cell, bar, esc, firm_link, table
from front.visitor import Visitor
from greenmfg.queries.audit_program import AuditForecast, Chance


def course_panel(visitor: Visitor, shown: AuditProgram, month: date) -> None:
    say = visitor.say
    with panel("audit_course"):
        head(
            say,
            say("program.course"),
            say("program.course_sub"),
            [say("method.audits"), say("method.audit_forecast")],
            ("audit_progress_months", {}),
        )
        if not shown.months:
            st.html(f'<p class="quiet">{esc(say("program.before_plan"))}</p>')
            return
        counts = tuple(
            Count(
                entry.month,
                entry.accepted_enterprises,
                entry.accepted_mandatory,
                entry.accepted_voluntary,
                entry.accepted_after_window,
            )
            for entry in shown.months
        )
        st.vega_lite_chart(
            acceptances_chart(
                counts, float(shown.months[-1].target), _ahead(shown.forecast), visitor.language
            ),
            width="stretch",
            theme=None,
            key="acceptances_chart",
        )
        st.html(_past(visitor, shown.past_forecasts, month))


def _ahead(forecast: AuditForecast | None) -> Ahead | None:
    """Only a year that is not over has anything ahead."""
    if forecast is None or forecast.became is not None:
        return None
    if forecast.expected is None or forecast.low is None or forecast.high is None:
        return None
    return Ahead(
        forecast.year_end,
        forecast.expected,
        forecast.low,
        forecast.high,
        forecast.is_after_target_years,
    )


def _past(visitor: Visitor, past: list[AuditForecast], month: date) -> str:
    """What the same month said in earlier years, and what came: how far the forecast is to be trusted."""
    say = visitor.say
    if not past:
        return f'<p class="quiet">{esc(say("program.no_back_tests"))}</p>'
    held = sum(bool(entry.within_band) for entry in past)
    said = say(
        "program.back_tests",
        month=figures.month_tick(month, visitor.language),
        held=held,
        count=len(past),
    )
    rows = [
        [
            Cell.text(entry.month.year),
            Cell.figure(figures.number(entry.expected, 1)),
            Cell.figure(f"{entry.low}–{entry.high}"),
            Cell.figure(figures.number(entry.became)),
        ]
        for entry in past
    ]
    headers = [
        (say("program.column_year"), False),
        (say("program.column_expected"), True),
        (say("program.column_band"), True),
        (say("program.column_became"), True),
    ]
    return f'<p class="outlook">{esc(said)}</p>' + table(headers, rows, said)


def forecast_panel(visitor: Visitor, shown: AuditProgram, month: date) -> None:
    say, forecast = visitor.say, shown.forecast
    with panel("audit_forecast"):
        head(
            say,
            say("program.forecast"),
            say("program.forecast_sub"),
            [say("method.audit_forecast"), say("method.audit_forecast_band")],
            ("audit_forecasts", {"month": figures.month_code(month)}),
        )
        if forecast is None or not shown.chances:
            why = say("program.no_forecast" if forecast is None else "program.no_open_rounds")
            st.html(f'<p class="quiet">{esc(why)}</p>')
            return
        st.html(_basis(visitor, forecast) + _chances(visitor, shown.chances))


def _basis(visitor: Visitor, forecast: AuditForecast) -> str:
    say = visitor.say
    said = say(
        "program.basis",
        made_on=forecast.made_on.isoformat(),
        year_end=forecast.year_end.isoformat(),
        open=forecast.rounds_open,
        measured=forecast.rounds_forecast,
    )
    if forecast.past_rounds_least is not None:
        said += " " + say("program.basis_least", least=forecast.past_rounds_least)
    return f'<p class="outlook">{esc(said)}</p>'


def _chances(visitor: Visitor, chances: list[Chance]) -> str:
    say = visitor.say
    rows = []
    for chance in chances:
        stage = visitor.language.pick(chance.stage_zh, chance.stage_en) or figures.NOTHING
        under = say(
            "program.at_stage",
            stream=say(f"stream.{chance.stream}"),
            stage=stage,
            days=chance.days_at_stage,
        )
        basis = say(
            "program.past_rounds", accepted=chance.past_rounds_accepted, rounds=chance.past_rounds
        )
        share = (
            figures.percent(chance.share, 0)
            if chance.share is not None
            else say("program.chance_unknown")
        )
        rows.append(
            [
                Cell(
                    f'{firm_link(chance.uscc, chance.name)}<span class="under">{esc(under)}</span>'
                ),
                Cell(
                    f'<b>{esc(share)}</b>{bar(chance.share)}<span class="under">{esc(basis)}</span>',
                    numeric=True,
                ),
            ]
        )
    headers = [
        (say("program.open_round", count=len(chances)), False),
        (say("program.column_chance"), True),
    ]
    return table(headers, rows, say("program.forecast"), "tall")
