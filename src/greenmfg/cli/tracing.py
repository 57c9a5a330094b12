"""The command that follows filed rows to the figures they moved."""

from __future__ import annotations

import click

from greenmfg.cli.common import as_json, open_workshop, print_json, settings


@click.command()
@click.argument("receipt")
@click.option("--line", type=click.IntRange(min=1), help="Only this line, as the file numbers it.")
@click.option(
    "--every-window",
    is_flag=True,
    help="Also year-to-date and rolling figures of later months that hold the row.",
)
@as_json
def trace(receipt: str, line: int | None, every_window: bool, as_json: bool) -> None:
    """Follow the rows of a submission to the figures they moved (填报行影响了哪些数字).

    RECEIPT is a receipt number such as S00003104. Of every row: whether it is in force, its
    conversion, and each figure that holds it with the row's share; where it moved nothing, why.
    The way back, from a figure to its rows, is `greenmfg explain`.
    """
    from greenmfg import warehouse
    from greenmfg.queries.trace import trace as traced
    from greenmfg.queries.trace_text import as_text

    chosen = settings()
    published = warehouse.current(chosen)
    release = (
        (published.release, warehouse.open_release(chosen, published.path)) if published else None
    )
    with open_workshop() as shop:
        followed = traced(shop, release, receipt, line, every_window)
    if as_json:
        print_json(followed.as_json())
    else:
        click.echo(as_text(followed))
