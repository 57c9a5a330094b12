"""The district's enterprises: who they are, where they are, and what happened to them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from greenmfg.demo.calibrate import BASE_YEAR, distribute
from greenmfg.demo.items import INDUSTRIES
from greenmfg.demo.months import month
from greenmfg.demo.names import EnterpriseNames, uscc
from greenmfg.demo.places import ABOVE_SCALE_CELLS, BELOW_SCALE, ENTRIES, Cell, place_of
from greenmfg.demo.writers import EVERYDAY_LAYOUTS, Layout

Basis = Literal["given", "derived", "both", "estimated"]

FIRST_MONTH = month(BASE_YEAR, 1)

_SHIPYARDS = ("示例海装一号造船有限公司", "示例海装二号造船有限公司")

# Above-scale means revenue from 2,000 万元 a year; smaller outputs would contradict the flag.
SMALLEST_ABOVE_SCALE_10K = 2_400


@dataclass(frozen=True)
class Segment:
    """One row of the register: what is true of a firm from `valid_from` to `valid_to` inclusive."""

    valid_from: int
    valid_to: int | None
    uscc: str
    name: str
    park: str
    town_code: str
    land_zone: str
    above_scale: bool

    def holds_in(self, when: int) -> bool:
        return self.valid_from <= when and (self.valid_to is None or when <= self.valid_to)


@dataclass(frozen=True)
class Firm:
    """One establishment through all its names, codes and places.

    `output_10k_cny` is gross output in its first year; `trend` is added to its cluster's growth.
    `value_added_rate` is what the register says and what firms of basis `estimated` live by.
    """

    serial: int
    industry: str
    cluster: str
    output_10k_cny: int
    segments: tuple[Segment, ...]
    land_area_ha: Decimal
    river_strip: bool
    value_added_rate: Decimal
    basis: Basis
    combines_february: bool
    files_ytd: bool
    layout: Layout
    trend: float
    is_shipyard: bool = False
    nil_months: frozenset[int] = frozenset()

    def at(self, when: int) -> Segment | None:
        """The register row that holds in a month, if the firm was there."""
        return next((s for s in self.segments if s.holds_in(when)), None)

    def in_population(self, when: int) -> bool:
        segment = self.at(when)
        return segment is not None and segment.above_scale

    @property
    def born(self) -> int:
        return self.segments[0].valid_from

    @property
    def usccs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s.uscc for s in self.segments))


def build_population(seed: int) -> tuple[Firm, ...]:
    """124 above-scale manufacturers of 2020, those who came later, and the small ones."""
    names = EnterpriseNames()
    firms: list[Firm] = []
    for cell in ABOVE_SCALE_CELLS:
        for output_10k, industry in _cell_members(cell, seed):
            firms.append(_firm(len(firms), cell, industry, output_10k, FIRST_MONTH, names, seed))
    for small in BELOW_SCALE:
        firm = _firm(len(firms), small.cell, small.industry, small.output_10k, FIRST_MONTH, names)
        firms.append(_below_scale(firm))
    for entry in ENTRIES:
        born = month(*entry.came)
        cell, industry = entry.cell, entry.industry
        firm = _firm(len(firms), cell, industry, entry.output_10k, born, names, seed)
        firms.append(_in_zone(firm, entry.land_zone) if entry.land_zone else firm)
    return tuple(_with_nil_months(firm) for firm in _with_changes(firms, names))


def _cell_members(cell: Cell, seed: int) -> Iterator[tuple[int, str]]:
    """Outputs (万元) that sum to the cell's, from the largest down, with an industry each."""
    named = list(cell.fixed_outputs_10k)
    rest = cell.firms - len(named)
    outputs = named
    if rest:
        rng = random.Random(f"{seed}:sizes:{cell.cluster}:{cell.park}")
        spare = cell.output_10k - sum(named) - rest * SMALLEST_ABOVE_SCALE_10K
        weights = sorted((rng.triangular(0.15, 1.0, 0.3) ** 2 for _ in range(rest)), reverse=True)
        outputs = named + [SMALLEST_ABOVE_SCALE_10K + part for part in distribute(spare, weights)]
    for position, output_10k in enumerate(outputs):
        yield output_10k, cell.industries[position % len(cell.industries)]


def _firm(
    serial: int,
    cell: Cell,
    industry: str,
    output_10k: int,
    born: int,
    names: EnterpriseNames,
    seed: int = 0,
) -> Firm:
    rng = random.Random(f"{seed}:firm:{serial}")
    shipyard = cell.has_shipyards and serial < len(_SHIPYARDS)
    name = _SHIPYARDS[serial] if shipyard else names.next(industry, cell.cluster)
    place = place_of(cell.park, serial)
    segment = Segment(
        born, None, uscc(serial + 1), name, cell.park, place.town_code, place.land_zone, True
    )
    rate_per_mille = INDUSTRIES[industry].value_added_per_mille + (
        0 if shipyard else rng.randint(-25, 25)
    )
    return Firm(
        serial=serial,
        industry=industry,
        cluster=cell.cluster,
        output_10k_cny=output_10k,
        segments=(segment,),
        # Plots follow output loosely; 20 亿元 per km² is what the plan implies for 2020.
        land_area_ha=Decimal(round(output_10k / 2_000 * rng.uniform(0.7, 1.6) * 10)) / 10,
        river_strip=place.by_the_river and serial % 3 == 0,
        value_added_rate=Decimal(rate_per_mille) / 1000,
        basis=_basis(serial, shipyard),
        combines_february=not shipyard and serial % 9 == 4,
        files_ytd=serial % 2 == 0,
        layout=EVERYDAY_LAYOUTS[rng.randrange(len(EVERYDAY_LAYOUTS))],
        trend=0.0 if shipyard else rng.uniform(-0.02, 0.02),
        is_shipyard=shipyard,
    )


def _basis(serial: int, shipyard: bool) -> Basis:
    if shipyard:
        return "derived"
    cycle: tuple[Basis, ...] = (
        *("given", "derived", "given", "estimated", "given", "derived", "both"),
        *("given", "derived", "given", "estimated", "given", "derived"),
    )
    return cycle[serial % len(cycle)]


def _below_scale(firm: Firm) -> Firm:
    segments = tuple(replace(segment, above_scale=False) for segment in firm.segments)
    return replace(firm, segments=segments, basis="estimated", combines_february=False)


def _in_zone(firm: Firm, land_zone: str) -> Firm:
    return replace(firm, segments=(replace(firm.segments[0], land_zone=land_zone),))


def _with_changes(firms: list[Firm], names: EnterpriseNames) -> list[Firm]:
    """Exits, a new name, a new code, a move, and firms that crossed the scale."""
    by_cell: dict[tuple[str, str], list[int]] = {}
    for firm in firms:
        if firm.born == FIRST_MONTH and firm.segments[0].above_scale:
            by_cell.setdefault((firm.cluster, firm.segments[0].park), []).append(firm.serial)
    outside, works, fusheng = "园区外", "崇明工业园区", "富盛经济开发区"
    others = by_cell["其他", outside]
    exits = {
        others[-1]: month(2021, 12),
        by_cell["绿色农产品深加工", outside][-1]: month(2022, 6),
        others[-3]: month(2022, 12),
        by_cell["轻工及厨具制造", outside][-1]: month(2023, 12),
        others[-5]: month(2024, 6),
        others[-7]: month(2025, 3),
    }
    for serial, last in exits.items():
        firms[serial] = _ended(firms[serial], last)

    cars = by_cell["汽车及零部件", works]
    firms[cars[3]] = _changed(firms[cars[3]], month(2023, 7), name=names.next("36", "汽车及零部件"))
    cars = by_cell["汽车及零部件", fusheng]
    firms[cars[2]] = _changed(firms[cars[2]], month(2023, 7), uscc=uscc(900))
    place = place_of(works, 0)
    firms[others[4]] = _changed(
        _in_zone(firms[others[4]], "198"),
        month(2024, 1),
        park=works,
        town_code=place.town_code,
        land_zone=place.land_zone,
    )
    shrinking = by_cell["其他", fusheng][-1]
    firms[shrinking] = replace(
        _changed(firms[shrinking], month(2024, 1), above_scale=False), trend=-0.10
    )
    growing = next(f.serial for f in firms if f.cluster == "轻工及厨具制造" and _is_small(f))
    firms[growing] = replace(
        _changed(firms[growing], month(2023, 1), above_scale=True), trend=0.16, basis="given"
    )
    return firms


def _is_small(firm: Firm) -> bool:
    return not firm.segments[0].above_scale


def _ended(firm: Firm, last: int) -> Firm:
    return replace(firm, segments=(replace(firm.segments[0], valid_to=last),))


def _changed(firm: Firm, since: int, **changes: str | bool) -> Firm:
    before = firm.segments[-1]
    after = replace(before, valid_from=since, **changes)  # type: ignore[arg-type]
    return replace(firm, segments=(*firm.segments[:-1], replace(before, valid_to=since - 1), after))


# Firm (serial) → months in which it stood still, and filed that it did (停产).
_NIL_MONTHS = {
    40: (month(2021, 8),),
    97: (month(2023, 2), month(2023, 3)),
    111: (month(2026, 7), month(2026, 8)),
}


def _with_nil_months(firm: Firm) -> Firm:
    months = frozenset(_NIL_MONTHS.get(firm.serial, ()))
    # A combined February would have to say nil for January too.
    combines = firm.combines_february and not months
    return replace(firm, nil_months=months, combines_february=combines)
