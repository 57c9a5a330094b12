"""What stands beside the official quantity of energy, never instead of it: other views, and CO2."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from front import data, figures
from front.frame import head, nothing, panel
from front.markup import Cell, chip, esc, table
from front.reasons import price_chip, why_not_measured
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.views import EmissionView, EnergyView


def beside_row(visitor: Visitor, release: str, grouping: str, key: str, month: date) -> None:
    """Both panels, year to date. `key`: empty for the district. The export is the bureau's: these
    marts hold every group in one table."""
    views = data.beside(release, grouping, key, month)
    filters = None
    if visitor.tenant is None:
        filters = {"grouping": grouping, "month": figures.month_code(month)}
        if key:
            filters["group_key"] = key
    first, second = st.columns(2)
    with first:
        _views_panel(visitor, views.energy, month, filters)
    with second:
        _emissions_panel(visitor, views.emissions, month, filters)


def _views_panel(
    visitor: Visitor, views: Sequence[EnergyView], month: date, filters: dict[str, str] | None
) -> None:
    say = visitor.say
    headers = [
        (say("views.view"), False),
        (say("views.energy"), True),
        (say("unit.intensity"), True),
    ]
    rows = [
        [
            _named(visitor, f"energy_view.{view.view}", view),
            Cell.figure(figures.number(view.energy_tce, 2)),
            Cell.figure(figures.intensity(view.intensity_constant)),
        ]
        for view in views
    ]
    prices = dict.fromkeys(v.price_status for v in views if v.intensity_constant is not None)
    labels = "".join(price_chip(say, status) for status in prices)
    titles = (say("views.title"), say("views.sub", window=_window(visitor, month)))
    _panel(visitor, "views", titles, ("energy_views", filters), headers, rows, labels)


def _emissions_panel(
    visitor: Visitor, views: Sequence[EmissionView], month: date, filters: dict[str, str] | None
) -> None:
    say = visitor.say
    headers = [
        (say("emissions.purpose"), False),
        (say("emissions.total"), True),
        (say("emissions.electricity"), True),
        (say("emissions.heat"), True),
        (say("emissions.fuels"), True),
    ]
    rows = [
        [
            _named(visitor, f"emission_view.{view.purpose}", view),
            *(
                Cell.figure(figures.number(tonnes, 1))
                for tonnes in (
                    view.co2_t,
                    view.co2_electricity_t,
                    view.co2_heat_t,
                    view.co2_fuels_t,
                )
            ),
        ]
        for view in views
    ]
    titles = (say("emissions.title"), say("emissions.sub", window=_window(visitor, month)))
    _panel(visitor, "emissions", titles, ("emission_views", filters), headers, rows)


def _panel(
    visitor: Visitor,
    name: str,
    titles: tuple[str, str],
    export: tuple[str, dict[str, str] | None],
    headers: Sequence[tuple[str, bool]],
    rows: Sequence[Sequence[Cell]],
    labels: str = "",
) -> None:
    """`labels`: what holds for every ratio in the table."""
    say = visitor.say
    title, sub = titles
    mart, filters = export
    with panel(name):
        head(
            say,
            title,
            sub,
            [say(f"method.{name}"), say("method.carried_forward")],
            (mart, filters) if filters else None,
        )
        if not rows:
            nothing(say("views.none_title"), say("views.none"))
            return
        above = f'<p class="pills">{labels}</p>' if labels else ""
        st.html(above + table(headers, rows, title))


def _window(visitor: Visitor, month: date) -> str:
    return figures.year_to_date(month, visitor.language)


def _named(visitor: Visitor, phrase: str, view: EnergyView | EmissionView) -> Cell:
    """The view's name, why it cannot be measured, and whether a factor is of an earlier year."""
    say = visitor.say
    notes = ""
    if view.reason is not None:
        notes = chip(f"{say('status.not_measurable')} · {why_not_measured(say, view.reason)}")
    elif view.carried_forward:
        notes = chip(say("views.carried_forward"), Tone.WARN)
    factors = view.factor_ids.replace(";", " ") if view.factor_ids else ""
    return Cell(f'<span title="{esc(factors)}">{esc(say(phrase))}</span> {notes}')
