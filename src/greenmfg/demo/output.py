"""Output, value added, revenue and tax: a firm's months in whole hundredths of 万元."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from greenmfg.demo.calibrate import (
    BASE_YEAR,
    REVENUE_2020_10K_CNY,
    TAX_2020_10K_CNY,
    distribute,
    growth,
)
from greenmfg.demo.months import (
    OUTPUT_SEASON,
    SHIPYARD_SEASON,
    disturbance,
    month,
    number_of,
    year_of,
)
from greenmfg.demo.population import FIRST_MONTH, Firm

_HUNDREDTHS = 100


@dataclass(frozen=True)
class OutputMonth:
    """One firm's month. Amounts in hundredths of 万元; `value_added` before it is filed or not."""

    gross_output: int
    value_added: int
    vat: int
    revenue: int
    tax: int
    employees: int

    @property
    def intermediate_input(self) -> int:
        """What makes output − input + VAT come out at the value added."""
        return self.gross_output - self.value_added + self.vat


# serial of the firm → month → its figures
OutputSeries = dict[int, dict[int, OutputMonth]]


def simulate_output(firms: Sequence[Firm], last: int, seed: int) -> OutputSeries:
    """All firms' months from 2020-01 to `last`, with 2020 on the plan's published totals."""
    gross = {firm.serial: _gross_output(firm, last, seed) for firm in firms}
    revenue = _sales(firms, gross, seed)
    tax = _taxes(firms, gross, seed)
    series: OutputSeries = {}
    for firm in firms:
        rng = random.Random(f"{seed}:value-added:{firm.serial}")
        series[firm.serial] = {
            when: _month(
                firm, when, amount, revenue[firm.serial][when], tax[firm.serial][when], rng
            )
            for when, amount in gross[firm.serial].items()
        }
    return series


def _gross_output(firm: Firm, last: int, seed: int) -> dict[int, int]:
    """Month → gross output, from whole years split by season."""
    rng = random.Random(f"{seed}:output:{firm.serial}")
    months: dict[int, int] = {}
    yearly = firm.output_10k_cny * _HUNDREDTHS
    for year in range(year_of(firm.born), year_of(last) + 1):
        if year > year_of(firm.born):
            rise = growth(firm.cluster, year) + firm.trend + rng.uniform(-0.03, 0.03)
            yearly = int(yearly * (1 + rise))
        months |= _year_by_season(firm, year, yearly, rng)
    return {when: amount for when, amount in months.items() if when <= last}


def _year_by_season(firm: Firm, year: int, yearly: int, rng: random.Random) -> dict[int, int]:
    season = SHIPYARD_SEASON if firm.is_shipyard else OUTPUT_SEASON
    spread = 0.04 if firm.is_shipyard else 0.09
    every = [month(year, number) for number in range(1, 13)]
    shape = [season[number_of(m) - 1] * rng.uniform(1 - spread, 1 + spread) for m in every]
    # A year in which the firm came or left holds that part of its yearly output.
    here = [firm.at(m) is not None for m in every]
    present = sum(weight for weight, at_work in zip(shape, here, strict=True) if at_work)
    if present == 0:
        return {}
    open_months = [m for m, at_work in zip(every, here, strict=True) if at_work]
    weights = [
        0.0 if m in firm.nil_months else shape[number_of(m) - 1] * disturbance(m)
        for m in open_months
    ]
    parts = distribute(round(yearly * present / sum(shape)), weights)
    return dict(zip(open_months, parts, strict=True))


def _sales(
    firms: Sequence[Firm], gross: Mapping[int, Mapping[int, int]], seed: int
) -> dict[int, dict[int, int]]:
    """Revenue: output that was sold. The shipyards' work in progress holds theirs back."""
    drawn: dict[int, dict[int, float]] = {}
    for firm in firms:
        rng = random.Random(f"{seed}:revenue:{firm.serial}")
        share = 0.927 if firm.is_shipyard else rng.uniform(0.935, 0.975)
        drawn[firm.serial] = {
            when: amount * share * rng.uniform(0.95, 1.05)
            for when, amount in gross[firm.serial].items()
        }
    return _meeting_2020(firms, drawn, REVENUE_2020_10K_CNY)


def _taxes(
    firms: Sequence[Firm], gross: Mapping[int, Mapping[int, int]], seed: int
) -> dict[int, dict[int, int]]:
    """Taxes, small against output: exporters of ships get theirs back."""
    drawn: dict[int, dict[int, float]] = {}
    for firm in firms:
        rng = random.Random(f"{seed}:tax:{firm.serial}")
        share = 0.0045 if firm.is_shipyard else rng.uniform(0.009, 0.025)
        drawn[firm.serial] = {
            when: amount * share * rng.uniform(0.7, 1.3)
            for when, amount in gross[firm.serial].items()
        }
    return _meeting_2020(firms, drawn, TAX_2020_10K_CNY)


def _meeting_2020(
    firms: Sequence[Firm], drawn: Mapping[int, Mapping[int, float]], total_10k: int
) -> dict[int, dict[int, int]]:
    """Rounds what was drawn; the above-scale firms' months of 2020 sum to the published total."""
    base = [
        (firm.serial, when)
        for firm in firms
        for when in drawn[firm.serial]
        if year_of(when) == BASE_YEAR and firm.in_population(when)
    ]
    weights = [drawn[serial][when] for serial, when in base]
    level = total_10k * _HUNDREDTHS / sum(weights)
    whole = {
        serial: {when: round(amount * level) for when, amount in months.items()}
        for serial, months in drawn.items()
    }
    for (serial, when), part in zip(
        base, distribute(total_10k * _HUNDREDTHS, weights), strict=True
    ):
        whole[serial][when] = part
    return whole


def _month(
    firm: Firm, when: int, gross: int, revenue: int, tax: int, rng: random.Random
) -> OutputMonth:
    years = (when - FIRST_MONTH) // 12
    rate = float(firm.value_added_rate)
    if firm.basis != "estimated":
        # The register's rate stays; what firms account for rises a little and moves.
        rate *= (1 + 0.006 * years) * rng.uniform(0.94, 1.06)
    heads = max(12, firm.output_10k_cny // (170 if firm.is_shipyard else 75))
    return OutputMonth(
        gross_output=gross,
        value_added=int(Decimal(gross) * firm.value_added_rate)
        if firm.basis == "estimated"
        else int(gross * rate),
        vat=int(gross * rng.uniform(0.012, 0.026)),
        revenue=revenue,
        tax=tax,
        employees=heads + heads * ((firm.serial + when) % 7 - 3) // 100,
    )
