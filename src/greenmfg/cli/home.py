"""Commands about the home folder: init, status, backup, restore, doctor."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from greenmfg.cli.common import as_json, open_workshop, print_json, renew_release, settings, stamp


@click.command()
@as_json
def init(as_json: bool) -> None:
    """Make the home folder, its registry and accounts, and file the delivered reference tables.

    After an upgrade: file what is new among them, and make the release anew with the new models.
    """
    from greenmfg.pipeline import founding

    founding.prepare_home(settings())
    with open_workshop(create=True) as shop:
        done = founding.found(shop)
        renew_release(shop)
    if as_json:
        print_json({"home": str(settings().home), "tables": done.tables})
    else:
        click.echo(f"{settings().home}")
        click.echo(
            f"参考表 reference tables: 新增 {len(done.tables)} 张 filed"
            if done.tables
            else "参考表没有变化 · reference tables unchanged"
        )
    outcome = done.outcome
    if outcome.check_failed or outcome.returned or outcome.unreadable:
        click.echo(
            "参考表未全部接受 · not every reference table was accepted: greenmfg status", err=True
        )
        sys.exit(2)


@click.command()
@click.option(
    "--alerts",
    "alerts_shown",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Show the newest N alerts in full.",
)
@as_json
def status(alerts_shown: int, as_json: bool) -> None:
    """What was received, what waits, what is published, what could not be sent."""
    with open_workshop() as shop:
        alerts = shop.registry.alerts(limit=alerts_shown) if alerts_shown else ()
        counts = shop.registry.counts()
        waiting = len(shop.registry.waiting())
        publication = shop.registry.latest_publication()
        failed = shop.registry.latest_publication("failed")
        home = shop.settings.home
    held_back = (
        failed if failed and (not publication or failed.built_at > publication.built_at) else None
    )
    if as_json:
        print_json(
            {
                "home": str(home),
                "submissions": {str(k): v for k, v in counts.submissions.items()},
                "waiting": waiting,
                "filings": {str(k): v for k, v in counts.filings.items()},
                "alerts": dict(counts.deliveries),
                "release": publication.release if publication else None,
                "published_at": publication.built_at if publication else None,
                "data_through": publication.data_through if publication else None,
                "held_back": held_back.reason if held_back else None,
                "newest_alerts": [
                    {
                        "to": alert.recipient or alert.recipient_kind,
                        "at": alert.created_at,
                        "severity": alert.severity,
                        "subject": alert.subject_zh,
                        "subject_en": alert.subject_en,
                        "body": alert.body_zh,
                        "body_en": alert.body_en,
                    }
                    for alert in alerts
                ],
            }
        )
        return
    click.echo(f"{home}")
    click.echo(f"等待核验 waiting: {waiting}")
    click.echo("文件 submissions: " + _counted(counts.submissions))
    click.echo("填报 filings: " + _counted(counts.filings))
    click.echo("提醒发送 alerts sent: " + _counted(counts.deliveries))
    if publication:
        through = f"{publication.data_through:%Y-%m}" if publication.data_through else "—"
        click.echo(f"版本 release: {publication.release}，数据截至 through {through}")
    else:
        click.echo("尚未发布 · nothing published yet")
    for alert in alerts:
        to = alert.recipient or alert.recipient_kind
        click.echo(f"\n[{to} {stamp(alert.created_at)}] {alert.subject_zh} · {alert.subject_en}")
        click.echo(f"{alert.body_zh}\n\n{alert.body_en}")
    if held_back:
        click.echo(f"新版本未通过，沿用上一版本 · held back: {held_back.reason}")


def _counted(counts: object) -> str:
    items = dict(counts)  # type: ignore[call-overload]
    return (
        "，".join(f"{_state(state)} {number}" for state, number in items.items() if number) or "0"
    )


def _state(state: str) -> str:
    """A state of a submission, a filing or a message in both languages."""
    return f"{_STATES[str(state)]} {str(state).replace('_', ' ')}"


_STATES = {
    "received": "待核验",
    "checked": "已核验",
    "unreadable": "无法读取",
    "check_failed": "核验故障",
    "accepted": "已接受",
    "returned": "已退回",
    "awaiting_review": "待审核",
    "superseded": "已被新版本替代",
    "withdrawn": "已撤回",
    "pending": "待发送",
    "sent": "已发送",
    "failed": "发送失败",
}


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def backup(folder: Path) -> None:
    """Copy registry and files of this home into FOLDER (new or empty)."""
    from greenmfg.pipeline import preserving

    with open_workshop() as shop:
        done = preserving.backup(shop.settings, folder)
    click.echo(f"{folder}: {done.files} 个文件 files, {done.bytes // 1024} KiB")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(folder: Path) -> None:
    """Make this (empty) home from the backup in FOLDER; then run `greenmfg rebuild`."""
    from greenmfg.pipeline import preserving

    done = preserving.restore(settings(), folder)
    click.echo(f"{settings().home}: {done.files} 个文件 files")
    click.echo("请运行 · now run: greenmfg rebuild")


@click.command()
@as_json
def doctor(as_json: bool) -> None:
    """Look for what is wrong with this home and machine, and say what to do. Exit 2 if anything is."""
    from greenmfg.pipeline import doctoring

    ailments = doctoring.examine(settings())
    if as_json:
        print_json([{"what": a.what, "remedy": a.remedy} for a in ailments])
    elif not ailments:
        click.echo("一切正常 · all is well")
    else:
        for ailment in ailments:
            click.echo(f"✗ {ailment.what}\n  → {ailment.remedy}")
    sys.exit(2 if ailments else 0)
