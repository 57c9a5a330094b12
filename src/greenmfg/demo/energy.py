"""Energy by item: what each firm bought, burnt and kept, with stocks that carry over.

Quantities are whole thousandths of the item's unit, costs whole hundredths of 千元.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from greenmfg.demo.calibrate import BASE_YEAR, yearly_scales
from greenmfg.demo.items import (
    INDUSTRIES,
    ITEMS,
    OWN_GAS_COEFFICIENTS,
    PRICE_BY_YEAR,
    SHIPYARD_MIX,
    Item,
)
from greenmfg.demo.months import number_of, year_of
from greenmfg.demo.output import OutputMonth, OutputSeries
from greenmfg.demo.population import Firm

# An item that would come to less than this a year is not worth a row of the form.
_SMALLEST_ITEM_TCE = 1.5

# Firms (serial) that use their own waste heat, and the share of their energy that it replaces.
WASTE_HEAT_SHARE = {0: 0.02, 106: 0.06}
# Firms (serial) that sell heat from their gas boilers, and the share of the gas that leaves so.
HEAT_SOLD_SHARE = {103: 0.22}
# Firms (serial) beyond the gas pipes: liquefied gas comes by road.
_BY_ROAD_EVERY = 5
# Certificates of green power are in use from this year.
_FIRST_GREEN_YEAR = 2023


@dataclass(frozen=True)
class EnergyMonth:
    """One firm, month and item. Quantities in thousandths of a unit; None is a blank cell."""

    item: Item
    production: int
    opening: int | None = None
    purchased: int | None = None
    cost: int | None = None
    non_production: int | None = None
    transport: int | None = None
    feedstock: int | None = None
    transformation: int | None = None
    recovered: int | None = None
    sent_out: int | None = None
    closing: int | None = None
    own_coefficient: Decimal | None = None
    green: int | None = None


# serial of the firm → month → its items
EnergySeries = dict[int, dict[int, tuple[EnergyMonth, ...]]]


def simulate_energy(
    firms: Sequence[Firm], output: OutputSeries, last: int, seed: int
) -> EnergySeries:
    """Energy of the above-scale firms to `last`, scaled so that each year meets its intensity.

    Months in which a firm stood still (nil returns) have no energy.
    """
    demand = {firm.serial: _demand(firm, output[firm.serial], seed) for firm in firms}
    net = (
        (year_of(when), _net_tce(firm, items))
        for firm in firms
        for when, items in demand[firm.serial].items()
    )
    scales = yearly_scales(net, _value_added_by_year(firms, output))
    return {
        firm.serial: _quantities(firm, demand[firm.serial], scales, last, seed) for firm in firms
    }


def _value_added_by_year(firms: Sequence[Firm], output: OutputSeries) -> dict[int, float]:
    """Year → value added of the population in 万元."""
    total: dict[int, float] = {}
    for firm in firms:
        for when, figures in output[firm.serial].items():
            if firm.in_population(when):
                year = year_of(when)
                total[year] = total.get(year, 0.0) + figures.value_added / 100
    return total


def _demand(
    firm: Firm, output: Mapping[int, OutputMonth], seed: int
) -> dict[int, dict[str, float]]:
    """Month → unscaled tce by item."""
    rng = random.Random(f"{seed}:energy:{firm.serial}")
    intensity = 0.11 * INDUSTRIES[firm.industry].relative_intensity
    intensity *= 1.0 if firm.is_shipyard else rng.uniform(0.75, 1.35)
    improvement = 0.965 if firm.is_shipyard else rng.uniform(0.935, 0.98)
    mix = _mix(firm, intensity, output, rng)
    demand: dict[int, dict[str, float]] = {}
    for year in sorted({year_of(when) for when in output}):
        working = [m for m in sorted(output) if year_of(m) == year and output[m].gross_output > 0]
        mean_output = sum(output[m].gross_output for m in working) / len(working)
        mean_value_added = sum(output[m].value_added for m in working) / len(working) / 100
        level = intensity * improvement ** (year - BASE_YEAR) * mean_value_added
        for when in working:
            # A base load of light, air and heat, and the rest with the work done.
            activity = 0.35 + 0.65 * output[when].gross_output / mean_output
            used = level * activity * rng.uniform(0.96, 1.04)
            if firm.in_population(when):
                demand[when] = _by_item(mix, used, when)
    return demand


def _by_item(mix: Mapping[str, float], tce: float, when: int) -> dict[str, float]:
    season = number_of(when) - 1
    return {code: tce * share * ITEMS[code].season[season] for code, share in mix.items()}


def _mix(
    firm: Firm, intensity: float, output: Mapping[int, OutputMonth], rng: random.Random
) -> dict[str, float]:
    """The firm's own mix: its industry's, varied, without the items too small to be there."""
    usual = SHIPYARD_MIX if firm.is_shipyard else INDUSTRIES[firm.industry].mix
    drawn = {code: share * rng.uniform(0.7, 1.3) for code, share in usual.items()}
    by_road = firm.segments[0].park == "园区外" and firm.serial % _BY_ROAD_EVERY == 0
    if by_road and "natural_gas" in drawn:
        drawn["lng"] = drawn.pop("natural_gas")
    first_year = sorted(output)[:12]
    yearly_tce = intensity * sum(output[when].value_added for when in first_year) / 100
    kept = {
        code: share
        for code, share in drawn.items()
        if share * yearly_tce >= _SMALLEST_ITEM_TCE or code == "electricity"
    }
    whole = sum(kept.values())
    return {code: share / whole for code, share in kept.items()}


def _net_tce(firm: Firm, items: Mapping[str, float]) -> float:
    """What counts: heat that was made and sold is subtracted, own waste heat cancels itself."""
    sold = HEAT_SOLD_SHARE.get(firm.serial, 0.0) * items.get("natural_gas", 0.0)
    return sum(items.values()) - sold


def _quantities(
    firm: Firm,
    demand: Mapping[int, Mapping[str, float]],
    scales: Mapping[int, float],
    last: int,
    seed: int,
) -> dict[int, tuple[EnergyMonth, ...]]:
    rng = random.Random(f"{seed}:stocks:{firm.serial}")
    ordinary = _first_tce(demand)
    habits = {code: _Habit.drawn(firm, ITEMS[code], rng) for code in ordinary}
    stock = {
        code: _rounded(tce / ITEMS[code].tce_per_unit * 400, ITEMS[code].step)
        for code, tce in ordinary.items()
        if ITEMS[code].carries_stock
    }
    months: dict[int, tuple[EnergyMonth, ...]] = {}
    for when in sorted(demand):
        scale = scales[year_of(when)]
        rows: list[EnergyMonth] = []
        for code, tce in demand[when].items():
            row = _item_month(habits[code], when, tce * scale, stock.get(code), rng)
            if row.closing is not None:
                stock[code] = row.closing
            rows.append(row)
        rows.extend(_by_products(firm, demand[when], scale))
        months[when] = tuple(rows)
    return {when: rows for when, rows in months.items() if when <= last}


def _first_tce(demand: Mapping[int, Mapping[str, float]]) -> Mapping[str, float]:
    return demand[min(demand)] if demand else {}


@dataclass(frozen=True)
class _Habit:
    """How a firm buys one item: its price against the ordinary one, its coefficient of gas."""

    item: Item
    price_factor: float
    own_coefficient: Decimal | None
    lot: int
    green_share: float

    @classmethod
    def drawn(cls, firm: Firm, item: Item, rng: random.Random) -> _Habit:
        own = None
        if item.code == "natural_gas" and firm.serial % 6 != 1:
            own = OWN_GAS_COEFFICIENTS[rng.randrange(len(OWN_GAS_COEFFICIENTS))]
        green = rng.uniform(0.05, 0.3) if item.code == "electricity" else 0.0
        return cls(
            item=item,
            price_factor=rng.uniform(0.93, 1.08),
            own_coefficient=own,
            lot=max(item.step, 100),
            green_share=green if firm.serial % 8 == 0 else 0.0,
        )


def _item_month(
    habit: _Habit, when: int, tce: float, opening: int | None, rng: random.Random
) -> EnergyMonth:
    item = habit.item
    per_unit = habit.own_coefficient or item.tce_per_unit
    production = max(item.step, _rounded(tce / float(per_unit) * 1000, item.step))
    other = _rounded(production * item.non_production_share * rng.uniform(0.6, 1.4), item.step)
    used = production + other
    purchased, closing = used, None
    if opening is not None:
        wanted = int(used * rng.uniform(0.15, 0.7))
        short = max(0, used + wanted - opening)
        purchased = -(-short // habit.lot) * habit.lot
        closing = opening + purchased - used
    year_price = PRICE_BY_YEAR.get(year_of(when), PRICE_BY_YEAR[max(PRICE_BY_YEAR)])
    price = item.price_1k_cny * year_price * habit.price_factor * rng.uniform(0.98, 1.02)
    green = habit.green_share if year_of(when) >= _FIRST_GREEN_YEAR else 0.0
    return EnergyMonth(
        item=item,
        production=production,
        opening=opening,
        purchased=purchased,
        cost=round(purchased * price / 10),
        non_production=other if item.non_production_share else None,
        transport=_share(used, item.transport_share, item.step),
        feedstock=_share(production, item.feedstock_share, item.step),
        closing=closing,
        own_coefficient=habit.own_coefficient,
        green=_share(production, green, item.step),
    )


def _by_products(firm: Firm, demand: Mapping[str, float], scale: float) -> Iterator[EnergyMonth]:
    """Waste heat used again, and heat made from gas and sold."""
    if firm.serial in WASTE_HEAT_SHARE:
        item = ITEMS["waste_heat"]
        tce = sum(demand.values()) * WASTE_HEAT_SHARE[firm.serial] * scale
        heat = _rounded(tce / item.tce_per_unit * 1000, item.step)
        yield EnergyMonth(item, production=heat, recovered=heat)
    if firm.serial in HEAT_SOLD_SHARE:
        item = ITEMS["heat"]
        tce = demand["natural_gas"] * HEAT_SOLD_SHARE[firm.serial] * scale
        heat = _rounded(tce / item.tce_per_unit * 1000, item.step)
        yield EnergyMonth(item, production=0, transformation=heat, sent_out=heat)


def _share(whole: int, share: float, step: int) -> int | None:
    """Part of a quantity, rounded down so that it stays within it; None where there is none."""
    return int(whole * share) // step * step if share else None


def _rounded(quantity: float, step: int) -> int:
    return round(quantity / step) * step
