"""Commands that move files along the one way: receive, run, rebuild."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from greenmfg.cli.common import as_json, open_workshop, print_json


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--as",
    "account",
    default="steward",
    show_default=True,
    metavar="WHO",
    help="The account that files.",
)
@as_json
def receive(files: tuple[Path, ...], account: str, as_json: bool) -> None:
    """Receive FILES: each gets a receipt and waits for the next run."""
    from greenmfg.pipeline.receiving import Arrival
    from greenmfg.pipeline.receiving import receive as receive_files

    with open_workshop() as shop:
        arrivals = [Arrival(account, path.name, path.read_bytes()) for path in files]
        receipts = receive_files(shop, arrivals, "cli")
    if as_json:
        print_json(
            [
                {
                    "receipt": receipt.number,
                    "file": receipt.file_name,
                    "sha256": receipt.sha256,
                    "size": receipt.size,
                    "account": receipt.account,
                    "received_at": receipt.received_at,
                    "again": receipt.again,
                }
                for receipt in receipts
            ]
        )
        return
    for receipt, path in zip(receipts, files, strict=True):
        again = "（此前已收到同一文件 · the same bytes came before）" if receipt.again else ""
        click.echo(f"{receipt.number}  {path.name}{again}")


@click.command()
@click.option("--no-build", is_flag=True, help="Check and decide only.")
@as_json
def run(no_build: bool, as_json: bool) -> None:
    """Take in the inbox, check, decide, build and publish. Exit 1 if something was sent back."""
    from greenmfg.pipeline import alerting, deciding, receiving, releasing

    with open_workshop() as shop:
        taken = receiving.collect_inbox(shop)
        outcome = deciding.decide_waiting(shop, alerting.of_run(shop))
        release = None if no_build else releasing.build_and_publish(shop)
        sent = alerting.send(shop)
    if as_json:
        print_json(
            {
                "taken": [receipt.number for receipt in taken],
                "outcome": asdict(outcome),
                "release": asdict(release) if release else None,
                "alerts": sent,
            }
        )
    else:
        click.echo(
            f"文件 files {outcome.submissions}，填报 filings {outcome.filings}："
            f"退回 returned {outcome.returned}，待审核 awaiting review {outcome.awaiting_review}，"
            f"无法读取 unreadable {outcome.unreadable}，系统故障 failed on our side {outcome.check_failed}"
        )
        if release:
            done = "已发布 published" if release.built else "没有变化 unchanged"
            click.echo(f"版本 release {release.release}：{done}")
    if outcome.check_failed:
        sys.exit(2)
    sys.exit(1 if outcome.returned or outcome.unreadable else 0)


@click.command()
@as_json
def rebuild(as_json: bool) -> None:
    """Derive rows, warehouse and release anew from raw files and the registry, and compare."""
    from greenmfg.pipeline.rebuilding import rebuild as rebuilt

    with open_workshop() as shop:
        done = rebuilt(shop)
    if as_json:
        print_json(asdict(done))
    else:
        click.echo(f"重建 {done.submissions} 个文件 · rebuilt from {done.submissions} files")
        if done.differences:
            for mart, rows in done.differences.items():
                click.echo(f"  {mart}: {rows} 行不同 · rows differ")
        else:
            click.echo("  各指标表与原版本一致 · all marts equal the release before")
        click.echo(f"版本 release {done.release.release}")
    sys.exit(1 if done.differences else 0)
