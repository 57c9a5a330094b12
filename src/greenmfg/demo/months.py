"""Months as whole numbers, so that a series is a range; and the seasons of a district's year."""

from __future__ import annotations

from datetime import date

# Gross output, January to December: the Spring Festival empties February, deliveries fill December.
OUTPUT_SEASON = (0.96, 0.72, 1.06, 1.00, 1.00, 1.06, 0.97, 0.97, 1.05, 1.00, 1.06, 1.15)

# Shipyards book output by milestones, which bunch at the ends of quarters.
SHIPYARD_SEASON = (0.88, 0.70, 1.22, 0.90, 0.95, 1.25, 0.88, 0.92, 1.16, 0.92, 1.00, 1.22)

# Energy per unit of activity, by kind of item.
ELECTRICITY_SEASON = (1.04, 1.06, 0.96, 0.92, 0.95, 1.02, 1.16, 1.17, 1.04, 0.92, 0.93, 1.01)
HEATING_SEASON = (1.32, 1.30, 1.14, 0.98, 0.88, 0.78, 0.74, 0.74, 0.80, 0.92, 1.08, 1.26)
FLAT_SEASON = (1.0,) * 12

# The epidemic of early 2020 and the closed spring of 2022, as shares of an ordinary month.
_DISTURBED = {(2020, 2): 0.62, (2020, 3): 0.86, (2022, 4): 0.45, (2022, 5): 0.60, (2022, 6): 0.92}


def month(year: int, number: int) -> int:
    """Months since year 0: `month(2026, 10) + 3` is January 2027."""
    return year * 12 + number - 1


def year_of(when: int) -> int:
    return when // 12


def number_of(when: int) -> int:
    """1 for January … 12 for December."""
    return when % 12 + 1


def first_day(when: int) -> date:
    return date(year_of(when), number_of(when), 1)


def month_of(day: date) -> int:
    return month(day.year, day.month)


def filed(when: int) -> str:
    """As the forms write a month: `202610`."""
    return f"{year_of(when)}{number_of(when):02d}"


def disturbance(when: int) -> float:
    """What a month kept of its ordinary activity; 1 in ordinary times."""
    return _DISTURBED.get((year_of(when), number_of(when)), 1.0)
