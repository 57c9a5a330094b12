"""Commands about forms: template, check, generate."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from greenmfg.cli.common import Month, as_json, print_json, settings
from greenmfg.settings import Settings

if TYPE_CHECKING:
    from greenmfg.checks import World
    from greenmfg.contract import Contract
    from greenmfg.contract.codes import ReferenceRows
    from greenmfg.pipeline.trying import Trial
    from greenmfg.records import Account

_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


@click.command()
@click.argument("form")
@click.option("--enterprise", metavar="USCC", help="Fill in this enterprise's code.")
@click.option("--period", type=Month(), help="Fill in this month, e.g. 2026-10.")
@click.option("--xlsx", is_flag=True, help="A workbook with code lists and help, instead of CSV.")
@click.option("--english", is_flag=True, help="Help sheets in English.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def template(
    form: str,
    enterprise: str | None,
    period: date | None,
    xlsx: bool,
    english: bool,
    out: Path | None,
) -> None:
    """Write the template of FORM (energy_monthly, output_monthly, audit_progress, …)."""
    from greenmfg.contract.codes import CodeLists
    from greenmfg.contract.templates import csv_template, xlsx_template
    from greenmfg.pipeline.workshop import contracts_of

    chosen = settings()
    contracts = contracts_of(chosen)
    if form not in contracts:
        forms = ", ".join(name for name, c in contracts.items() if c.kind != "reference")
        raise click.BadParameter(f"{form!r}; 可选 · choose from: {forms}", param_hint="FORM")
    make = xlsx_template if xlsx else csv_template
    data = make(
        contracts[form],
        CodeLists.of(_reference(chosen)),
        enterprise=enterprise,
        period=period,
        language="en" if english else "zh",
    )
    if out is not None:
        out.write_bytes(data)
        click.echo(f"{out}", err=True)
    elif xlsx and sys.stdout.isatty():
        raise click.UsageError("工作簿请用 --out 写入文件 · write a workbook to a file with --out")
    else:
        sys.stdout.buffer.write(data)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as",
    "account",
    metavar="WHO",
    help="steward (the default), a firm's USCC, or an account of this home.",
)
@click.option(
    "--corrected",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT",
    help="Write FILE again with its bad cells marked, to mend and file; the marks are ignored then.",
)
@click.option(
    "--bundle",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A firm's bundle from the filing page: checks as the platform would, without it.",
)
@as_json
def check(
    file: Path, account: str | None, corrected: Path | None, bundle: Path | None, as_json: bool
) -> None:
    """Check FILE as the pipeline would; nothing is filed. Exit 1 if it has errors."""
    from greenmfg.pipeline import reports
    from greenmfg.pipeline.trying import try_file
    from greenmfg.pipeline.workshop import contracts_of

    chosen = settings()
    contracts = contracts_of(chosen)
    if bundle is not None:
        if account is not None:
            raise click.UsageError("--as 与 --bundle 不能同用 · --as does not go with --bundle")
        world, who = _bundled(chosen, bundle)
    else:
        world, who = _world(chosen), _account(chosen, account or "steward")
    data = file.read_bytes()
    trial = try_file(chosen, contracts, world, who, file.name, data)
    verdict = trial.as_json()
    if as_json:
        print_json(verdict)
    else:
        click.echo(reports.verdict_text(verdict, contracts, file.name))
        if not world.register_known:
            click.echo(
                "（没有企业名录，未核对企业是否在册 · no register here: enterprises not looked up）"
            )
        click.echo("（只核验，没有报送 · checked only: nothing was filed）")
    if corrected is not None:
        _write_corrected(corrected, trial, data, contracts, chosen)
    sys.exit(1 if trial.has_errors else 0)


def _write_corrected(
    out: Path, trial: Trial, data: bytes, contracts: Mapping[str, Contract], chosen: Settings
) -> None:
    from greenmfg.pipeline.correcting import NothingToMark, corrected_copy

    try:
        copy = corrected_copy(trial, data, contracts, chosen.limits)
    except NothingToMark:
        click.echo(
            f"没有可标注的单元格，未写 {out} · there is no cell to mark, {out} was not written",
            err=True,
        )
        return
    if out.suffix.lower() != copy.suffix:
        raise click.BadParameter(
            f"{out}：标注件是 {copy.suffix} · the copy is a {copy.suffix} file",
            param_hint="--corrected",
        )
    out.write_bytes(copy.data)
    click.echo(f"{out}", err=True)


def _world(chosen: Settings) -> World:
    """The home's state if there is a home, else the delivered reference tables and no past."""
    from greenmfg.checks import World, no_history
    from greenmfg.contract.reference import read_reference
    from greenmfg.pipeline import state
    from greenmfg.pipeline.workshop import contracts_of
    from greenmfg.registry import RegistryMissing, open_registry

    try:
        registry = open_registry(chosen)
    except RegistryMissing:
        return World(
            today=chosen.today(),
            reference=read_reference(chosen.reference_dir),
            register=None,
            history=no_history,
            register_known=False,
        )
    return state.world(chosen, contracts_of(chosen), registry)


def _bundled(chosen: Settings, path: Path) -> tuple[World, Account]:
    """The state and the account that a bundle carries; says when its rules are not ours."""
    from greenmfg.pipeline.bundle import read_bundle
    from greenmfg.pipeline.workshop import checker_of

    bundle = read_bundle(path.read_bytes(), chosen.today())
    if bundle.rules_version != checker_of(chosen).version:
        click.echo(
            f"核验包的规则版本是 {bundle.rules_version}，本软件是 {checker_of(chosen).version}，结论可能不同；"
            "请更新软件 · the platform's rules are of another version: update this package",
            err=True,
        )
    return bundle.world, bundle.account


def _reference(chosen: Settings) -> Mapping[str, ReferenceRows]:
    from greenmfg.contract.reference import read_reference
    from greenmfg.pipeline.reference import reference_in_force
    from greenmfg.pipeline.workshop import contracts_of
    from greenmfg.registry import RegistryMissing, open_registry

    try:
        with open_registry(chosen) as registry:
            return reference_in_force(chosen, contracts_of(chosen), registry)
    except RegistryMissing:
        return read_reference(chosen.reference_dir)


def _account(chosen: Settings, name: str) -> Account:
    from greenmfg.records import Account
    from greenmfg.registry import RegistryMissing, open_registry

    try:
        with open_registry(chosen) as registry:
            return registry.account(name, chosen.now())
    except RegistryMissing:
        if name == "steward":
            return Account(name, "steward")
        if _USCC.fullmatch(name):
            return Account(name, "firm", frozenset([name]))
        raise click.BadParameter(
            f"{name!r}: steward 或统一社会信用代码 · steward or a USCC", param_hint="--as"
        ) from None


@click.command()
@click.option("--check", is_flag=True, help="Only say what has drifted; exit 1 if anything has.")
def generate(check: bool) -> None:
    """Write what is generated from the contracts: dbt sources and the data dictionary."""
    from greenmfg.contract.generate import generate as generated

    paths = generated(settings(), check=check)
    for path in paths:
        click.echo(f"{path}: {'已过时 · has drifted' if check else '已写入 · written'}")
    sys.exit(1 if check and paths else 0)
