"""The due days of a firm's monthly reports: what is overdue, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from greenmfg.checks import World
from greenmfg.portal.months import FORMS, OwnMonth, due_on, month_after, newest_open_month, owes


@dataclass(frozen=True)
class Deadline:
    """The monthly reports of one month that are still wanted by one day.

    `forms`: which of them. `returned`: those that came back and are to be filed again.
    """

    month: date
    forms: tuple[str, ...]
    due_on: date
    returned: tuple[str, ...] = ()


def deadlines(
    months: Sequence[OwnMonth], world: World, uscc: str, ahead: int
) -> tuple[Deadline, ...]:
    """By due day: what is open of the months that may be filed, then the `ahead` months after
    them as far as the register has the firm in the population."""
    wanted: dict[tuple[date, date], list[OwnMonth]] = {}
    for one in months:
        if one.owed and one.open:
            wanted.setdefault((one.due_on, one.month), []).append(one)
    found = [
        Deadline(
            month,
            tuple(one.form for one in own),
            due,
            tuple(one.form for one in own if one.state == "returned"),
        )
        for (due, month), own in wanted.items()
    ]
    month = newest_open_month(world)
    for _ in range(ahead):
        month = month_after(month)
        if owes(world, uscc, month):
            by_day: dict[date, list[str]] = {}
            for form in FORMS:
                by_day.setdefault(due_on(world, form, month), []).append(form)
            found += [Deadline(month, tuple(forms), due) for due, forms in by_day.items()]
    return tuple(sorted(found, key=lambda one: (one.due_on, one.month)))
