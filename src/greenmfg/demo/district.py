"""The demonstration district, whole: simulate, plan the files, plant the flaws, write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from greenmfg.contract import Contract
from greenmfg.contract.codes import CodeLists
from greenmfg.demo.absences import forbidden_stage, plant_absences
from greenmfg.demo.audits import AUDITS, audit_sheets
from greenmfg.demo.energy import EnergySeries, simulate_energy
from greenmfg.demo.flaws import Desk, plant_value_flaws
from greenmfg.demo.formats import plant_formats
from greenmfg.demo.manifest import (
    DemoAccount,
    DemoFile,
    DemoFlaw,
    DemoManifest,
    write_manifest,
)
from greenmfg.demo.months import filed, month_of, year_of
from greenmfg.demo.output import simulate_output
from greenmfg.demo.places import AGENTS
from greenmfg.demo.population import Firm, build_population
from greenmfg.demo.projects import project_sheets
from greenmfg.demo.register import register_sheets
from greenmfg.demo.reports import OUTPUT
from greenmfg.demo.schedule import monthly_sheets
from greenmfg.demo.sheets import Plan, Planted, Sheet
from greenmfg.demo.writers import render

# Flaws are planted in the recent months and in three closed years before them.
EARLIEST_TODAY = date(2025, 2, 1)


def write_district(
    folder: Path,
    contracts: Mapping[str, Contract],
    codes: CodeLists,
    today: date,
    seed: int = 2020,
) -> DemoManifest:
    """Writes the district's files to `<folder>/<wave>/<account>/<name>`, and `manifest.json`.

    Months run from 2020-01 to the last one that has ended by `today`. The same arguments give
    the same bytes. `contracts` holds the forms and the reference tables.

    Raises:
        FileExistsError: the folder holds something already.
        ValueError: `today` is before `EARLIEST_TODAY`.
    """
    if today < EARLIEST_TODAY:
        raise ValueError(f"the demonstration district begins on {EARLIEST_TODAY}, not {today}")
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    firms = build_population(seed)
    plan, planted = _planned(firms, contracts, codes, today, seed)
    # Stable: what was planned later of the same day, a second version, stays later.
    sheets = sorted(plan.sheets, key=lambda sheet: (sheet.wave, sheet.arrives_on))
    files = {id(sheet): _file(sheet, contracts[sheet.form]) for sheet in sheets}
    for sheet in sheets:
        _write(folder, files[id(sheet)], render(contracts[sheet.form], sheet.rows, sheet.layout))
    manifest = DemoManifest(
        today=today,
        seed=seed,
        accounts=tuple(_accounts(firms)),
        files=tuple(files.values()),
        flaws=tuple(_flaw(flaw, files) for flaw in planted),
    )
    write_manifest(folder, manifest)
    return manifest


def _planned(
    firms: Sequence[Firm],
    contracts: Mapping[str, Contract],
    codes: CodeLists,
    today: date,
    seed: int,
) -> tuple[Plan, list[Planted]]:
    last = month_of(today) - 1
    output = simulate_output(firms, last, seed)
    energy = simulate_energy(firms, output, last, seed)

    def tce_of_year(firm: Firm, year: int) -> float:
        return _tce_of_year(energy, firm, year)

    plan = Plan(
        [
            *register_sheets(firms, contracts, codes),
            *audit_sheets(firms, contracts, codes, tce_of_year, today, seed),
            *project_sheets(firms, contracts, codes, tce_of_year, today, seed),
            *monthly_sheets(firms, output, energy, contracts, codes, last, seed),
        ]
    )
    desk = Desk(plan, codes, firms, last, today, seed)
    planted = [*plant_value_flaws(desk), *plant_absences(desk)]
    sheet, forbidden = forbidden_stage(desk, contracts[AUDITS], today)
    plan.add(sheet)
    planted += [forbidden, *_nil_returns(firms, plan)]
    spared = {id(flaw.sheet) for flaw in planted}
    planted += plant_formats(plan, contracts, spared, seed)
    for waiting in plan.sheets:
        waiting.arrives_on = min(waiting.arrives_on, today)
    return plan, planted


def _tce_of_year(energy: EnergySeries, firm: Firm, year: int) -> float:
    """About what the firm used: it sizes savings, nothing is computed from it."""
    months = energy[firm.serial]
    year = max(year, year_of(min(months)))
    return sum(
        row.production / 1000 * row.item.tce_per_unit
        for when, rows in months.items()
        if year_of(when) == year
        for row in rows
    )


def _nil_returns(firms: Sequence[Firm], plan: Plan) -> Iterator[Planted]:
    for firm in firms:
        for when in sorted(firm.nil_months):
            period = filed(when)
            sheet = plan.sheet(OUTPUT, firm.usccs[-1], period)
            if sheet is not None:
                wanted = (firm.usccs[-1], period)
                row = next(r for r in sheet.rows if (r["uscc"], r["period"]) == wanted)
                yield Planted("nil_return", OUTPUT, firm.usccs[-1], period, sheet, row)


def _accounts(firms: Sequence[Firm]) -> Iterator[DemoAccount]:
    for park, name in AGENTS.items():
        usccs = {s.uscc: None for firm in firms for s in firm.segments if s.park == park}
        yield DemoAccount(name, "agent", park, f"{name}@example.com", tuple(usccs))


def _file(sheet: Sheet, contract: Contract) -> DemoFile:
    return DemoFile(
        account=sheet.account,
        name=sheet.name,
        wave=sheet.wave,
        form=sheet.form,
        arrives_on=sheet.arrives_on,
        rows=len(sheet.rows),
        filings=sheet.filings(contract),
    )


def _flaw(planted: Planted, files: Mapping[int, DemoFile]) -> DemoFlaw:
    sheet, row = planted.sheet, planted.row
    return DemoFlaw(
        kind=planted.kind,
        form=planted.form,
        enterprise=planted.uscc,
        period=planted.period,
        file=files[id(sheet)].relative_path if sheet else None,
        line=sheet.line_of(row) if sheet and row else None,
        expected=planted.expected,
    )


def _write(folder: Path, file: DemoFile, content: bytes) -> None:
    path = file.path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two planned files of one name would lose one of them unseen.
    with path.open("xb") as target:
        target.write(content)
