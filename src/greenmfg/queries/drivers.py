"""Drivers: why the intensity of a subject changed between any two periods.

Reads the same firm-months as `marts.group_months` and lets `greenmfg.indicators.lmdi` take the
change apart; for the same months of two successive years that is `marts.intensity_drivers`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

import duckdb

from greenmfg.indicators.lmdi import (
    EFFECTS,
    Activity,
    Contribution,
    Decomposition,
    Index,
    NotDecomposable,
    chained_index,
    decompose,
)
from greenmfg.queries.explain import BASIS, PRICE_BASIS, Price, Subject, Window, figure_of, plain
from greenmfg.queries.members import IN_GROUP, IN_WINDOW
from greenmfg.queries.rows import fetch, fetch_one

MemberKind = Literal["enterprise", "industry"]


@dataclass(frozen=True)
class _FirmSums:
    """One firm, by the code it has now, in one industry over one window: matched months with a
    value added only."""

    uscc: str
    name: str | None
    industry_code: str | None
    industry_name_zh: str | None
    energy: Decimal
    value_added: Decimal
    months_undeflated: int


@dataclass(frozen=True)
class Growth:
    """`marts.group_growth`: the same panel, this year against last, as fractions."""

    energy_growth: float | None
    value_added_growth: float | None
    intensity_change: float | None
    panel_firms: int
    panel_firm_months: int
    status: str
    reason: str | None
    price_status: str | None


@dataclass(frozen=True)
class ChainedIndex:
    """Indices of every linked period, the first one 1; without them the reason why."""

    member_kind: MemberKind
    periods: tuple[date, ...]
    indices: tuple[Index, ...]
    reason: str | None


@dataclass(frozen=True)
class Period:
    """One period's sums by member; `reason` says why its own ratio cannot be measured."""

    month: date
    firms: tuple[_FirmSums, ...]
    provisional: bool
    reason: str | None

    def activities(self, kind: MemberKind) -> dict[str, Activity]:
        sums: defaultdict[str, Activity] = defaultdict(lambda: Activity(Decimal(0), Decimal(0)))
        for firm in self.firms:
            key = _key(firm, kind)
            sums[key] = Activity(
                sums[key].energy + firm.energy, sums[key].value_added + firm.value_added
            )
        return dict(sums)


@dataclass(frozen=True)
class Drivers:
    """The change between two periods and its parts; `as_json` is `explain --against --json`.

    `by_kind` is empty where the intensity of a period cannot be measured.
    """

    subject: Subject
    window: Window
    price: Price
    period: Period
    against: Period
    by_kind: Mapping[MemberKind, Decomposition]
    index: ChainedIndex
    growth: Growth | None

    @property
    def status(self) -> str:
        return "measured" if self.by_kind else "not_measurable"

    @property
    def price_status(self) -> str:
        if self.price == "current":
            return "current"
        firms = self.period.firms + self.against.firms
        deflated = firms and not any(firm.months_undeflated for firm in firms)
        return "deflated" if deflated else "undeflated"

    @cached_property
    def names(self) -> dict[str, str]:
        """Chinese names of enterprises by USCC and of industries by code, the period's first."""
        names: dict[str, str] = {}
        for firm in self.against.firms + self.period.firms:
            names[firm.uscc] = firm.name or firm.uscc
            names[_key(firm, "industry")] = firm.industry_name_zh or _key(firm, "industry")
        return names

    def as_json(self) -> dict[str, Any]:
        change = next(iter(self.by_kind.values()), None)
        return {
            "subject": self.subject.text,
            "period": f"{self.period.month:%Y-%m}",
            "against": f"{self.against.month:%Y-%m}",
            "window": self.window,
            "price": self.price,
            "basis": {**BASIS, **PRICE_BASIS[self.price]},
            "status": self.status,
            "reason": self.period.reason or self.against.reason,
            "reason_of": next(
                (f"{p.month:%Y-%m}" for p in (self.period, self.against) if p.reason), None
            ),
            "price_status": self.price_status,
            "provisional": self.period.provisional or self.against.provisional,
            "intensity_tce_per_10k_cny": change and _exact(change.intensity),
            "intensity_against_tce_per_10k_cny": change and _exact(change.intensity_base),
            "change_tce_per_10k_cny": change and _exact(change.change),
            "by": {kind: self._kind_json(kind) for kind in self.by_kind},
            "index": _index_json(self.index),
            "growth": self.growth and _growth_json(self.growth),
        }

    def _kind_json(self, kind: MemberKind) -> dict[str, Any]:
        found = self.by_kind[kind]
        now, base = self.period.activities(kind), self.against.activities(kind)
        return {
            "panel_members": found.panel_members,
            "effects": {effect: _exact(found.effect(effect)) for effect in EFFECTS},
            "drivers": [
                {
                    "member": part.member,
                    "name": self.names[part.member],
                    "effect": part.effect,
                    "contribution_tce_per_10k_cny": _exact(part.contribution),
                    **_activity_json(now.get(part.member), ""),
                    **_activity_json(base.get(part.member), "against_"),
                }
                for part in largest_first(found.contributions)
            ],
        }


def drivers(
    release: duckdb.DuckDBPyConnection,
    subject: Subject,
    period: date,
    against: date,
    window: Window = "month",
    price: Price = "constant",
) -> Drivers:
    """Takes the change from `against` to `period` apart, by enterprise and by industry.

    The index is chained year on year where the periods are the same month of different years,
    and has one link otherwise. The growth is that of the marts: constant price, year on year.

    Raises:
        UnknownSubject: the release has no such group or enterprise in one of the periods.
    """
    now = _period(release, subject, period, window, price)
    base = _period(release, subject, against, window, price)
    kinds: tuple[MemberKind, ...] = ("enterprise", "industry")
    if subject.grouping in ("enterprise", "industry"):
        kinds = ("enterprise",)
    by_kind: dict[MemberKind, Decomposition] = {}
    if now.reason is None and base.reason is None:
        by_kind = {kind: decompose(base.activities(kind), now.activities(kind)) for kind in kinds}
    between = [
        _period(release, subject, month, window, price) for month in _links(against, period)[1:-1]
    ]
    return Drivers(
        subject=subject,
        window=window,
        price=price,
        period=now,
        against=base,
        by_kind=by_kind,
        index=_chained([base, *between, now], kinds[-1]),
        growth=_growth(release, subject, now, base, window) if price == "constant" else None,
    )


def largest_first(parts: Iterable[Contribution]) -> list[Contribution]:
    return sorted(parts, key=lambda part: (-abs(part.contribution), part.member, part.effect))


def _key(firm: _FirmSums, kind: MemberKind) -> str:
    # An enterprise outside the register has no industry; it is never in the population.
    return firm.uscc if kind == "enterprise" else firm.industry_code or "—"


def _period(
    release: duckdb.DuckDBPyConnection,
    subject: Subject,
    month: date,
    window: Window,
    price: Price,
) -> Period:
    figure = figure_of(release, subject, month, window, price)
    value_added = "value_added_constant_10k_cny" if price == "constant" else "value_added_10k_cny"
    firms = fetch(
        release,
        _FirmSums,
        f"""
        select firm_uscc as uscc, arg_max(name, month) as name, industry_code,
          arg_max(industry_name_zh, month) as industry_name_zh,
          coalesce(sum(energy_tce), 0) as energy, sum({value_added}) as value_added,
          count(value_added_10k_cny) filter (where price_status = 'undeflated')
            as months_undeflated
        from marts.enterprise_months
        where matched and {IN_WINDOW} and {IN_GROUP}
        group by firm_uscc, industry_code
        having count(value_added_10k_cny) > 0
        order by firm_uscc, industry_code
        """,
        subject.parameters(month, window),
    )
    reason = None
    if figure.intensity is None:
        # The mart's reason is that of the constant price.
        reason = figure.reason or "value_added_not_positive"
    return Period(month, tuple(firms), figure.provisional, reason)


def _links(first: date, last: date) -> list[date]:
    """The periods that a chain from the first to the last goes through, year by year."""
    if first.month != last.month or first.year == last.year:
        return [first, last]
    step = 1 if last.year > first.year else -1
    return [first.replace(year=year) for year in range(first.year, last.year + step, step)]


def _chained(periods: list[Period], kind: MemberKind) -> ChainedIndex:
    months = tuple(period.month for period in periods)
    reason = next((period.reason for period in periods if period.reason), None)
    if reason is not None:
        return ChainedIndex(kind, months, (), reason)
    try:
        indices = chained_index([period.activities(kind) for period in periods])
    except NotDecomposable as unmeasured:
        return ChainedIndex(kind, months, (), unmeasured.reason)
    return ChainedIndex(kind, months, tuple(indices), None)


def _growth(
    release: duckdb.DuckDBPyConnection,
    subject: Subject,
    period: Period,
    against: Period,
    window: Window,
) -> Growth | None:
    if (period.month.year - 1, period.month.month) != (against.month.year, against.month.month):
        return None
    return fetch_one(
        release,
        Growth,
        """
        select energy_growth, value_added_growth, intensity_change, panel_firms,
          panel_firm_months, status, reason, price_status
        from marts.group_growth
        where grouping = $grouping and ($grouping = 'district' or group_key = $key)
          and month = $month and window_name = $window
        """,
        subject.parameters(period.month, window),
    )


def _exact(number: float) -> str:
    # Sums of some hundred of them must still agree to nine decimals.
    return f"{number:.15f}"


def _fraction(number: float | None) -> str | None:
    return None if number is None else f"{number:.10f}"


def _activity_json(activity: Activity | None, which: str) -> dict[str, str | None]:
    return {
        f"energy_{which}tce": None if activity is None else plain(activity.energy),
        f"value_added_{which}10k_cny": None if activity is None else plain(activity.value_added),
    }


def _index_json(index: ChainedIndex) -> dict[str, Any]:
    return {
        "by": index.member_kind,
        "status": "not_measurable" if index.reason else "measured",
        "reason": index.reason,
        "links": [
            {
                "period": f"{month:%Y-%m}",
                "aggregate": _exact(one.aggregate),
                "structure": _exact(one.structure),
                "intensity": _exact(one.intensity),
                "panel": _exact(one.panel),
            }
            for month, one in zip(index.periods, index.indices, strict=False)
        ],
    }


def _growth_json(growth: Growth) -> dict[str, Any]:
    return {
        "energy_growth": _fraction(growth.energy_growth),
        "value_added_growth": _fraction(growth.value_added_growth),
        "intensity_change": _fraction(growth.intensity_change),
        "panel_firms": growth.panel_firms,
        "panel_firm_months": growth.panel_firm_months,
        "status": growth.status,
        "reason": growth.reason,
        "price_status": growth.price_status,
    }
