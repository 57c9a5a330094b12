"""Commands for what the bureau's pages show of audits, benchmarks and data quality."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

import click

from greenmfg.cli.common import Month, as_json, print_json
from greenmfg.cli.reading import as_of_option, release_as_of

period_option = click.option(
    "--period", type=Month(), help="As of this month; by default the newest that is complete."
)


@click.command()
@click.option("--period", type=Month(), help="As of this month; by default the running one.")
@as_of_option
@as_json
def audits(period: date | None, as_of: str | None, as_json: bool) -> None:
    """Cleaner-production audits: acceptances against the target by month, their forecast to
    year-end with its basis, clocks by stage, failed and repeated rounds, audits of a park, and
    savings claimed beside measured."""
    from greenmfg.queries.audits_text import as_text, audit_program

    release, moment = release_as_of(as_of)
    program = audit_program(release, period)
    _say(program.as_json() if as_json else as_text(program), moment)


@click.command()
@click.argument("uscc", required=False)
@period_option
@click.option(
    "--window", type=click.Choice(["ytd", "rolling_12"]), default="ytd", show_default=True
)
@as_of_option
@as_json
def benchmark(
    uscc: str | None,
    period: date | None,
    window: Literal["ytd", "rolling_12"],
    as_of: str | None,
    as_json: bool,
) -> None:
    """Industries' quartiles, firms by energy above their benchmark, and the resource-efficiency
    score with its weights and classes; with a USCC, those of one firm. For the bureau: it names
    what may not leave it."""
    from greenmfg.queries.benchmarks_text import as_text, standings

    release, moment = release_as_of(as_of)
    found = standings(release, period, window, uscc)
    _say(found.as_json() if as_json else as_text(found), moment)


@click.command()
@period_option
@click.option(
    "--window",
    type=click.Choice(["rolling_12", "month"]),
    default="rolling_12",
    show_default=True,
    help="Of the firms' scores; checks are always of twelve months.",
)
@as_of_option
@as_json
def quality(
    period: date | None, window: Literal["rolling_12", "month"], as_of: str | None, as_json: bool
) -> None:
    """Data quality: each check's filings touched, failed and pass rate, and each firm's
    completeness, punctuality and score."""
    from greenmfg.queries.quality_text import as_text, data_quality

    release, moment = release_as_of(as_of)
    found = data_quality(release, period, window)
    _say(found.as_json() if as_json else as_text(found), moment)


def _say(said: dict[str, Any] | str, moment: datetime | None) -> None:
    """A text to a person, JSON to a program; each says as of when, where that was asked."""
    if isinstance(said, dict):
        print_json(said if moment is None else {**said, "as_of": moment.isoformat()})
        return
    if moment is not None:
        click.echo(f"截至 {moment:%Y-%m-%d %H:%M:%S} 当时已知 · as known then")
    click.echo(said)
