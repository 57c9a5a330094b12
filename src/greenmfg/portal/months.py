"""Which monthly forms a firm has filed and which it still owes, as the registry knows now.

The mart `filing_coverage` says the same as of the last release, for the bureau; a clerk who has
just filed must not wait for a release to see it.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from greenmfg.checks import World
from greenmfg.pipeline.rows import rows_in_force
from greenmfg.pipeline.workshop import Workshop
from greenmfg.records import FilingState, ReferenceRows
from greenmfg.registry import Filing
from greenmfg.settings import DISTRICT_TIME

FORMS = ("energy_monthly", "output_monthly")
State = Literal["filed", "late", "awaiting_review", "returned", "missing", "not_due_yet"]


@dataclass(frozen=True)
class OwnMonth:
    """One monthly form in one month. `satisfied_by`: what stands for it, if not its own filing.

    `owed`: the register has the firm in the population (above scale) in that month. `receipt` is
    None where nothing was filed, or where another account filed it.
    """

    month: date
    form: str
    state: State
    due_on: date
    owed: bool
    satisfied_by: Literal["nil_return", "february_combined"] | None = None
    receipt: str | None = None

    @property
    def open(self) -> bool:
        """Whether a filing is still wanted."""
        return self.state in ("returned", "missing", "not_due_yet")


def own_months(
    shop: Workshop, world: World, uscc: str, count: int, account: str
) -> tuple[OwnMonth, ...]:
    """Both forms of the last `count` months that may be filed and lie in the firm's register
    rows, newest month first. `account`: whose eyes they are for, the firm's or its agent's."""
    wanted = list(months_back(newest_open_month(world), count))
    filings = [
        f
        for f in shop.registry.filings(subject=uscc)
        if f.form in FORMS and f.period is not None and f.period >= wanted[-1]
    ]
    nil = _nil_months(shop, [f for f in filings if f.state is FilingState.ACCEPTED])
    spans = _register_spans(world, uscc)
    out: list[OwnMonth] = []
    for month in wanted:
        span = next((above for low, high, above in spans if low <= month <= high), None)
        if span is None:
            continue
        for form in FORMS:
            out.append(_judged(world, account, filings, nil, month, form, span))
    return tuple(out)


def register_name(world: World, uscc: str) -> str | None:
    """The name in the newest register row of the firm."""
    rows = [] if world.register is None else world.register.to_pylist()
    own = sorted((row["valid_from"], row["name"]) for row in rows if row["uscc"] == uscc)
    return own[-1][1] if own else None


def newest_open_month(world: World) -> date:
    """The newest month that may be filed today: a month opens some days before its end."""
    month = world.today.replace(day=1)
    days = int(parameter(world, "filing_opens_days_before_month_end", month))
    opens = _calendar_day(world, FORMS[0], month, "opens_on")
    if world.today >= (opens or _last_day(month) - timedelta(days=days)):
        return month
    return _before(month)


def month_after(month: date) -> date:
    return _last_day(month) + timedelta(days=1)


def owes(world: World, uscc: str, month: date) -> bool:
    """Whether the register has the firm in the population (above scale) in a month."""
    spans = _register_spans(world, uscc)
    return any(above for low, high, above in spans if low <= month <= high)


def months_back(newest: date, count: int) -> Iterable[date]:
    month = newest
    for _ in range(count):
        yield month
        month = _before(month)


def due_on(world: World, form: str, month: date) -> date:
    """The last day in time: the calendar's, or the usual day of the following month."""
    named = _calendar_day(world, form, month, "due_on")
    if named is not None:
        return named
    following = _last_day(month) + timedelta(days=1)
    day = int(parameter(world, "filing_due_day", month))
    return following.replace(day=min(day, _last_day(following).day))


def _judged(
    world: World,
    account: str,
    filings: Sequence[Filing],
    nil: Mapping[date, Filing],
    month: date,
    form: str,
    owed: bool,
) -> OwnMonth:
    own = [f for f in filings if f.form == form and f.period == month]
    due = due_on(world, form, month)
    standing = _in_force(own)
    satisfied: Literal["nil_return", "february_combined"] | None = None
    if standing is None and month.month == 1:
        february = [f for f in filings if f.form == form and f.period == month.replace(month=2)]
        standing = _in_force(f for f in february if f.months_covered == 2)
        if standing is not None:
            own, satisfied = february, "february_combined"
            due = due_on(world, form, month.replace(month=2))
    if standing is None and form == "energy_monthly" and month in nil:
        standing, satisfied = nil[month], "nil_return"
    if standing is not None:
        good = [f.received_at for f in own if f.accepted_at is not None] or [standing.received_at]
        late = min(good).astimezone(DISTRICT_TIME).date() > due
        receipt = standing.receipt if standing.account == account else None
        return OwnMonth(month, form, "late" if late else "filed", due, owed, satisfied, receipt)
    newest = own[-1] if own else None
    state: State = "missing" if world.today > due else "not_due_yet"
    if newest is not None and newest.state is FilingState.AWAITING_REVIEW:
        state = "awaiting_review"
    elif newest is not None and newest.state is FilingState.RETURNED:
        state = "returned"
    receipt = newest.receipt if newest is not None and newest.account == account else None
    return OwnMonth(month, form, state, due, owed, None, receipt)


def _in_force(filings: Iterable[Filing]) -> Filing | None:
    return next((f for f in filings if f.state is FilingState.ACCEPTED), None)


def _nil_months(shop: Workshop, in_force: Sequence[Filing]) -> dict[date, Filing]:
    output = [f for f in in_force if f.form == "output_monthly"]
    rows = rows_in_force(shop.settings, shop.contracts["output_monthly"], output)
    if rows is None:
        return {}
    nil = {row["filing_period"] for row in rows.to_pylist() if row["nil_return"]}
    return {f.period: f for f in output if f.period is not None and f.period in nil}


def _register_spans(world: World, uscc: str) -> list[tuple[date, date, bool]]:
    """(first month, last month, above scale) of the firm's register rows: a newer row ends an open one."""
    rows = [] if world.register is None else world.register.to_pylist()
    own = sorted((r for r in rows if r["uscc"] == uscc), key=lambda r: r["valid_from"])
    spans = []
    for row, later in zip(own, [*own[1:], None][: len(own)], strict=True):
        end = row["valid_to"] or (_before(later["valid_from"]) if later else date.max)
        spans.append((row["valid_from"], end, bool(row["above_scale"])))
    return spans


def parameter(world: World, name: str, month: date) -> str:
    """A check parameter in force in a month, as text. Raises LookupError."""
    rows = [r for r in world.reference["check_parameters"] if r["parameter"] == name]
    return _then(rows, month)["value"] or ""


def _then(rows: Iterable[Mapping[str, str | None]], month: date) -> Mapping[str, str | None]:
    """The newest of the rows valid in a month. Raises LookupError without one."""
    valid = [
        row
        for row in rows
        if date.fromisoformat(row["valid_from"] or "") <= _last_day(month)
        and (row["valid_to"] is None or date.fromisoformat(row["valid_to"]) >= month)
    ]
    if not valid:
        raise LookupError(f"no reference row is valid in {month:%Y-%m}")
    return max(valid, key=lambda row: row["valid_from"] or "")


def _calendar_day(world: World, form: str, month: date, column: str) -> date | None:
    rows: ReferenceRows = world.reference["filing_calendar"]
    for row in rows:
        if row["form"] == form and row["period"] == month.isoformat() and row[column]:
            return date.fromisoformat(row[column] or "")
    return None


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _last_day(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])
