"""Commands that read a release, the current or a past one: explain, scoreboard, export."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from greenmfg.cli.common import Month, as_json, open_workshop, print_json, settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from greenmfg.queries.explain import Price, Subject, Window

as_of_option = click.option(
    "--as-of",
    metavar="WHEN",
    help="As known then: a date (its end), an instant such as 2026-10-31T17:00, or a release.",
)


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
@click.option("--against", type=Month(), help="Say why the figure changed since this month.")
@as_of_option
@as_json
def explain(
    subject: str,
    period: date,
    window: Literal["month", "ytd", "rolling_12"],
    price: Literal["constant", "current"],
    against: date | None,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Explain one figure: SUBJECT is district, park:NAME, industry:CODE, cluster:NAME, town:CODE,
    zone:CODE or a USCC; PERIOD a month such as 2026-10. With --against, explain its change."""
    from greenmfg.queries.explain import Subject

    asked = Subject.of(subject)
    release, moment = release_as_of(as_of)
    said, text = (
        _figure(release, asked, period, window, price)
        if against is None
        else _change(release, asked, (period, against), window, price)
    )
    if as_json:
        print_json(said if moment is None else {**said, "as_of": moment.isoformat()})
        return
    if moment is not None:
        click.echo(f"截至 {moment:%Y-%m-%d %H:%M:%S} 当时已知 · as known then")
    click.echo(text)


def _figure(
    release: DuckDBPyConnection, subject: Subject, period: date, window: Window, price: Price
) -> tuple[dict[str, Any], str]:
    from greenmfg.queries.explain import explain as explained
    from greenmfg.queries.explain_text import as_text

    explanation = explained(release, subject, period, window, price)
    return explanation.as_json(), as_text(explanation)


def _change(
    release: DuckDBPyConnection,
    subject: Subject,
    periods: tuple[date, date],
    window: Window,
    price: Price,
) -> tuple[dict[str, Any], str]:
    from greenmfg.queries.drivers import drivers
    from greenmfg.queries.drivers_text import as_text

    change = drivers(release, subject, *periods, window, price)
    return change.as_json(), as_text(change)


def release_as_of(as_of: str | None) -> tuple[DuckDBPyConnection, datetime | None]:
    """The current release; or one built as of an earlier instant, and that instant (local)."""
    from greenmfg import warehouse

    if as_of is None:
        return warehouse.reader(settings()), None
    from greenmfg.pipeline.remembering import build_as_of, moment_of
    from greenmfg.settings import DISTRICT_TIME

    with open_workshop() as shop:
        moment = moment_of(shop, as_of)
        path = build_as_of(shop, moment)
    return warehouse.open_release(settings(), path), moment.astimezone(DISTRICT_TIME)


@click.command()
@click.option("--period", type=Month(), help="As of this month; by default the headline month.")
@as_of_option
@as_json
def scoreboard(period: date | None, as_of: str | None, as_json: bool) -> None:
    """The plan's scoreboard: every target and baseline with its value and status. The final
    evaluation (末期评估) of the plan of 2021-2025 is --period 2025-12."""
    from greenmfg.queries.scoreboard import scoreboard as scored
    from greenmfg.queries.scoreboard_text import as_text

    release, moment = release_as_of(as_of)
    board = scored(release, period)
    if as_json:
        said = board.as_json()
        print_json(said if moment is None else {**said, "as_of": moment.isoformat()})
        return
    if moment is not None:
        click.echo(f"截至 {moment:%Y-%m-%d %H:%M:%S} 当时已知 · as known then")
    click.echo(as_text(board))


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
@click.option(
    "--public",
    is_flag=True,
    help="Only what may leave the bureau: year to date, without cells of few or dominant firms. Of most marts: nothing.",
)
@as_of_option
def export(
    mart: str, period: date | None, kind: str, out: Path | None, public: bool, as_of: str | None
) -> None:
    """Write MART of the current release. Text that looks like a formula is neutralised."""
    from greenmfg.queries.mart_files import mart_file, public_file

    release, _ = release_as_of(as_of)
    data = (public_file if public else mart_file)(release, mart, kind, period)
    if out is not None:
        out.write_bytes(data)
        click.echo(f"{out}", err=True)
    elif kind != "csv" and sys.stdout.isatty():
        raise click.UsageError("请用 --out 写入文件 · write this format to a file with --out")
    else:
        sys.stdout.buffer.write(data)
