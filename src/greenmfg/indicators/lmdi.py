"""Index decomposition of an energy intensity by logarithmic mean Divisia (LMDI), without residual.

Additive: which member changed the intensity, and how (Ang & Choi 1997; Ang 2005, LMDI-I).
Multiplicative: an index chained link by link, weighted by normalised log-mean shares of energy
(LMDI-II). A logarithm wants positive numbers, so only the *panel* is decomposed: members with
positive value added and no negative energy in both periods. Everybody else is set against the
panel's intensity (Melitz & Polanec 2015), which keeps the sum exact; the dbt model
`intensity_drivers` follows the same rule, and `docs/decisions.md` says why.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

Effect = Literal["structure", "intensity", "entry", "exit", "not_decomposable"]
EFFECTS: tuple[Effect, ...] = ("structure", "intensity", "entry", "exit", "not_decomposable")

# Within this distance of 1 the quotient of logarithms loses digits and the series does not.
_NEARLY_EQUAL = 1e-3


class NotDecomposable(ValueError):
    """The intensity itself cannot be measured in one of the periods; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Activity:
    """What one member did in one period: energy in tce, value added in 10,000 CNY."""

    energy: Decimal
    value_added: Decimal

    @property
    def stands_still(self) -> bool:
        return not self.energy and not self.value_added

    @property
    def has_logarithms(self) -> bool:
        return self.value_added > 0 and self.energy >= 0


@dataclass(frozen=True)
class Contribution:
    """One member's part, by one effect, in the change of the intensity, tce per 10,000 CNY."""

    member: str
    effect: Effect
    contribution: float


@dataclass(frozen=True)
class Decomposition:
    """A change of intensity (tce per 10,000 CNY) and its parts, which sum to it.

    `panel_intensity` and `panel_intensity_base` are None where no member could be decomposed.
    """

    intensity_base: float
    intensity: float
    panel_members: int
    panel_intensity_base: float | None
    panel_intensity: float | None
    contributions: tuple[Contribution, ...]

    @property
    def change(self) -> float:
        return self.intensity - self.intensity_base

    def effect(self, effect: Effect) -> float:
        """The sum of one effect over all members, tce per 10,000 CNY."""
        return math.fsum(c.contribution for c in self.contributions if c.effect == effect)


@dataclass(frozen=True)
class Index:
    """Indices of one period, 1 in the first: `aggregate` = `structure` × `intensity` × `panel`.

    `panel` moves only where members enter, leave or cannot be decomposed.
    """

    aggregate: float
    structure: float
    intensity: float
    panel: float


Activities = Mapping[str, Activity]


def log_mean(a: float, b: float) -> float:
    """Logarithmic mean (a − b) ÷ ln(a ÷ b) of two numbers ≥ 0; 0 where one of them is 0."""
    if a == 0 or b == 0:
        return 0.0
    middle, distance = (a + b) / 2, (a - b) / (a + b)
    if abs(distance) < _NEARLY_EQUAL:
        return middle * (1 - distance**2 / 3 - 4 * distance**4 / 45)
    return (a - b) / math.log(a / b)


def decompose(base: Activities, now: Activities) -> Decomposition:
    """Why the intensity of all members together changed between two periods.

    A member of the panel gives two parts, with shares s of the panel's value added and
    w = energy ÷ the panel's value added, R the log mean of the panel's two intensities:
    structure L(w₁, w₀)·ln(s₁ ÷ s₀) − R·(s₁ − s₀) and intensity L(w₁, w₀)·ln(e₁ ÷ e₀). R's terms sum
    to 0; with them a member that gains share raises the intensity only if it is more intensive than
    the panel. Any other member gives (energy − value added × the panel's intensity) ÷ all value
    added, now less base.

    Raises:
        NotDecomposable: the value added of all members is not positive in one of the periods.
    """
    total_base, total = _total(base.values()), _total(now.values())
    if total_base.value_added <= 0 or total.value_added <= 0:
        raise NotDecomposable("value_added_not_positive")
    panel = panel_of(base, now)
    panel_base = _total(base[member] for member in panel)
    panel_now = _total(now[member] for member in panel)
    parts = _panel_parts(panel, base, now, panel_base, panel_now)
    for member in sorted(base.keys() | now.keys()):
        if member in panel:
            continue
        before, after = base.get(member), now.get(member)
        here, there = _active(after), _active(before)
        if here or there:
            effect: Effect = "not_decomposable" if here and there else "entry" if here else "exit"
            part = _deviation(after, panel_now, total) - _deviation(before, panel_base, total_base)
            parts.append(Contribution(member, effect, part))
    return Decomposition(
        intensity_base=_ratio(total_base),
        intensity=_ratio(total),
        panel_members=len(panel),
        panel_intensity_base=_ratio(panel_base) if panel else None,
        panel_intensity=_ratio(panel_now) if panel else None,
        contributions=tuple(parts),
    )


def chained_index(periods: Sequence[Activities]) -> list[Index]:
    """Indices of every period, the first one 1, each link with its own weights.

    Weights of a link are the members' log-mean shares of the panel's energy, normalised to 1.

    Raises:
        NotDecomposable: value added or energy of a period, or of the panel of a link, is not
            positive, or a link has no panel at all.
    """
    chain = [Index(1.0, 1.0, 1.0, 1.0)]
    for base, now in pairwise(periods):
        link, last = _link(base, now), chain[-1]
        chain.append(
            Index(
                last.aggregate * link.aggregate,
                last.structure * link.structure,
                last.intensity * link.intensity,
                last.panel * link.panel,
            )
        )
    return chain


def panel_of(base: Activities, now: Activities) -> list[str]:
    """Members with positive value added and no negative energy in both periods, sorted."""
    return sorted(
        member
        for member in base.keys() & now.keys()
        if base[member].has_logarithms and now[member].has_logarithms
    )


def _panel_parts(
    panel: Sequence[str],
    base: Activities,
    now: Activities,
    panel_base: Activity,
    panel_now: Activity,
) -> list[Contribution]:
    if not panel:
        return []
    parts = []
    reference = log_mean(_ratio(panel_now), _ratio(panel_base))
    for member in panel:
        before, after = base[member], now[member]
        w0 = float(before.energy) / float(panel_base.value_added)
        w1 = float(after.energy) / float(panel_now.value_added)
        s0 = float(before.value_added) / float(panel_base.value_added)
        s1 = float(after.value_added) / float(panel_now.value_added)
        moved = log_mean(w1, w0) * math.log(s1 / s0)
        parts.append(Contribution(member, "structure", moved - reference * (s1 - s0)))
        # L(w1, w0)·ln(e1/e0), of which this is the limit too where an energy is 0.
        parts.append(Contribution(member, "intensity", (w1 - w0) - moved))
    return parts


def _link(base: Activities, now: Activities) -> Index:
    panel = panel_of(base, now)
    if not panel:
        raise NotDecomposable("no_panel")
    total_base, total = _total(base.values()), _total(now.values())
    panel_base = _total(base[member] for member in panel)
    panel_now = _total(now[member] for member in panel)
    for sums in (total_base, total, panel_base, panel_now):
        if sums.value_added <= 0:
            raise NotDecomposable("value_added_not_positive")
        if sums.energy <= 0:
            raise NotDecomposable("energy_not_positive")
    weights = [
        log_mean(
            float(now[member].energy) / float(panel_now.energy),
            float(base[member].energy) / float(panel_base.energy),
        )
        for member in panel
    ]
    weight = math.fsum(weights)
    if not weight:
        raise NotDecomposable("energy_not_positive")
    structure = math.exp(
        math.fsum(
            share * math.log(_share(now, member, panel_now) / _share(base, member, panel_base))
            for share, member in zip(weights, panel, strict=True)
        )
        / weight
    )
    of_panel = _ratio(panel_now) / _ratio(panel_base)
    aggregate = _ratio(total) / _ratio(total_base)
    return Index(aggregate, structure, of_panel / structure, aggregate / of_panel)


def _share(period: Activities, member: str, panel: Activity) -> float:
    return float(period[member].value_added) / float(panel.value_added)


def _active(activity: Activity | None) -> bool:
    return activity is not None and not activity.stands_still


def _deviation(activity: Activity | None, panel: Activity, total: Activity) -> float:
    """A member's energy beyond the panel's intensity × its value added, per total value added."""
    if activity is None:
        return 0.0
    reference = _ratio(panel) if panel.value_added else 0.0
    excess = float(activity.energy) - float(activity.value_added) * reference
    return excess / float(total.value_added)


def _ratio(activity: Activity) -> float:
    return float(activity.energy) / float(activity.value_added)


def _total(activities: Iterable[Activity]) -> Activity:
    energy = value_added = Decimal(0)
    for activity in activities:
        energy += activity.energy
        value_added += activity.value_added
    return Activity(energy, value_added)
