"""Commands that read the current release: explain, export."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Literal

import click

from greenmfg.cli.common import Month, as_json, print_json, settings


@click.command()
@click.argument("subject")
@click.argument("period", type=Month())
@click.option(
    "--window",
    type=click.Choice(["month", "ytd", "rolling_12"]),
    default="month",
    show_default=True,
)
@click.option(
    "--price", type=click.Choice(["constant", "current"]), default="constant", show_default=True
)
@as_json
def explain(
    subject: str,
    period: date,
    window: Literal["month", "ytd", "rolling_12"],
    price: Literal["constant", "current"],
    as_json: bool,
) -> None:
    """Explain one figure: SUBJECT is district, park:NAME, industry:CODE, cluster:NAME, town:CODE,
    zone:CODE or a USCC; PERIOD a month such as 2026-10."""
    from greenmfg import warehouse
    from greenmfg.queries.explain import Subject
    from greenmfg.queries.explain import explain as explained
    from greenmfg.queries.explain_text import as_text

    explanation = explained(
        warehouse.reader(settings()), Subject.of(subject), period, window, price
    )
    if as_json:
        print_json(explanation.as_json())
    else:
        click.echo(as_text(explanation))


@click.command()
@click.argument("mart")
@click.option("--period", type=Month(), help="Only this month.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["csv", "parquet", "xlsx"]),
    default="csv",
    show_default=True,
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def export(mart: str, period: date | None, kind: str, out: Path | None) -> None:
    """Write MART of the current release. Text that looks like a formula is neutralised."""
    from greenmfg import warehouse
    from greenmfg.queries.mart_files import mart_file

    data = mart_file(warehouse.reader(settings()), mart, kind, period)
    if out is not None:
        out.write_bytes(data)
        click.echo(f"{out}", err=True)
    elif kind != "csv" and sys.stdout.isatty():
        raise click.UsageError("请用 --out 写入文件 · write this format to a file with --out")
    else:
        sys.stdout.buffer.write(data)
