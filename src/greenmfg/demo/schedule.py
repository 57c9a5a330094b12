"""Who sends which month in which file: firms the last twelve months, agents the years before."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from greenmfg.contract import Contract
from greenmfg.contract.codes import CodeLists
from greenmfg.demo.energy import EnergySeries
from greenmfg.demo.months import filed as as_filed
from greenmfg.demo.months import first_day, month, year_of
from greenmfg.demo.output import OutputSeries
from greenmfg.demo.places import AGENTS
from greenmfg.demo.population import Firm
from greenmfg.demo.reports import ENERGY, OUTPUT, energy_rows, output_rows
from greenmfg.demo.sheets import Sheet
from greenmfg.demo.writers import Layout, Row

FIRM_BY_FIRM_MONTHS = 12

# What each agent's office saves, in the order of AGENTS.
_AGENT_LAYOUTS = (
    *(Layout(), Layout(encoding="utf-8-sig"), Layout(kind="xlsx"), Layout(), Layout()),
    *(Layout(encoding="utf-8-sig"), Layout(kind="xlsx"), Layout(delimiter=";"), Layout()),
)

# One firm's rows of one form in one month.
Filing = tuple[Firm, str, int, list[Row]]


def first_recent(last: int) -> int:
    """The first of the months that firms file for themselves."""
    return last - FIRM_BY_FIRM_MONTHS + 1


def wave_of(when: int, last: int) -> int:
    """1 for the recent months and the part of their year before them, then one wave a year."""
    return 1 + max(0, year_of(first_recent(last) - 1) - year_of(when))


def monthly_sheets(
    firms: Sequence[Firm],
    output: OutputSeries,
    energy: EnergySeries,
    contracts: Mapping[str, Contract],
    codes: CodeLists,
    last: int,
    seed: int,
) -> Iterator[Sheet]:
    """The files of the two monthly forms, without flaws, 2020-01 to `last`."""
    by_agent: dict[tuple[str, str, int], list[Filing]] = {}
    for filing in _filings(firms, output, energy, codes):
        firm, form, when, _ = filing
        if when >= first_recent(last) and firm.in_population(when):
            yield _firm_sheet(filing, contracts[form], seed)
        else:
            segment = firm.at(when)
            park = segment.park if segment else ""
            by_agent.setdefault((park, form, _bundle(when, last)), []).append(filing)
    for (park, form, start), filings in by_agent.items():
        yield _agent_sheet(park, filings, contracts[form], start, last)


def _filings(
    firms: Sequence[Firm], output: OutputSeries, energy: EnergySeries, codes: CodeLists
) -> Iterator[Filing]:
    for firm in firms:
        for when, rows in output_rows(firm, output[firm.serial], codes):
            yield firm, OUTPUT, when, rows
        for when, rows in energy_rows(firm, energy[firm.serial], codes):
            yield firm, ENERGY, when, rows


def _bundle(when: int, last: int) -> int:
    """The first month of the agent's file that holds this month."""
    recent = first_recent(last)
    return recent if when >= recent else month(year_of(when), 1)


def _firm_sheet(filing: Filing, contract: Contract, seed: int) -> Sheet:
    firm, form, when, rows = filing
    rng = random.Random(f"{seed}:arrival:{firm.serial}:{when}:{form}")
    return Sheet(
        account=rows[0]["uscc"],
        stem=f"{contract.title.zh}_{as_filed(when)}",
        wave=1,
        arrives_on=first_day(when + 1) + timedelta(days=rng.randint(4, 13)),
        form=form,
        rows=rows,
        layout=firm.layout,
    )


def _agent_sheet(
    park: str, filings: Sequence[Filing], contract: Contract, start: int, last: int
) -> Sheet:
    recent = first_recent(last)
    end = last if start == recent else min(month(year_of(start), 12), recent - 1)
    # By month, then firm, as an agent appends what comes in; firms keep the register's order.
    ordered = sorted(filings, key=lambda filing: (filing[2], filing[0].serial))
    account = AGENTS[park]
    return Sheet(
        account=account,
        stem=f"{park}_{contract.title.zh}_{as_filed(start)}-{as_filed(end)}",
        wave=wave_of(start, last),
        arrives_on=_arrival_of_bundle(end),
        form=contract.form,
        rows=[row for *_, rows in ordered for row in rows],
        layout=_AGENT_LAYOUTS[list(AGENTS).index(park) % len(_AGENT_LAYOUTS)],
    )


def _arrival_of_bundle(end: int) -> date:
    return first_day(end + 1) + timedelta(days=9)
