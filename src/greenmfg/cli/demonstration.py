"""The command that loads the demonstration district."""

from __future__ import annotations

import click

from greenmfg.cli.common import open_workshop, renew_release, settings


@click.command()
@click.option("--prepare", is_flag=True, help="Only write the files and open the demo accounts.")
@click.option(
    "--feed",
    is_flag=True,
    help="Only put the files into the inbox, wave by wave; a running service takes them.",
)
def demo(feed: bool, prepare: bool) -> None:
    """File the demonstration district (模拟数据) through the inbox. Again: goes on where it stopped."""
    from greenmfg.pipeline import founding
    from greenmfg.showing import feeding

    chosen = settings()
    founding.prepare_home(chosen)
    with open_workshop(create=True) as shop:
        founding.found(shop)
        renew_release(shop)
        feeder = feeding.Feeder(shop)
        feeder.prepare(say=_say)
        if prepare:
            return
        if feed:
            feeder.feed(say=_say)
        else:
            feeder.feed_and_run(say=_say)


def _say(line: str) -> None:
    click.echo(line)
