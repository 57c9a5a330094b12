"""Commands of the data steward: review, withdraw."""

from __future__ import annotations

from typing import Literal

import click

from greenmfg.cli.common import as_json, open_workshop, print_json
from greenmfg.registry.nouns import Filing, ReviewOutcome

_STATES = {
    "accepted": "已接受 accepted",
    "returned": "已退回 returned",
    "superseded": "已被更新的版本替代 superseded by a newer version",
    "withdrawn": "已撤回 withdrawn",
}


@click.command()
@click.argument("filing", default="list")
@click.argument("action", required=False, type=click.Choice(["accept", "return"]))
@click.option("--reason", help="Why; goes on record and, for a return, to the firm.")
@click.option("--as", "account", default="steward", show_default=True, metavar="WHO")
@as_json
def review(
    filing: str,
    action: Literal["accept", "return"] | None,
    reason: str | None,
    account: str,
    as_json: bool,
) -> None:
    """List what waits (`review list`), or decide it: `review FILING accept|return --reason TEXT`.

    `review corrections` lists corrections of closed months that say nowhere why.
    """
    if filing in ("list", "corrections"):
        (_list_waiting if filing == "list" else _list_corrections)(as_json)
        return
    if action is None or not reason:
        raise click.UsageError("写成 · write: greenmfg review FILING accept|return --reason TEXT")
    _show(_decide(_number(filing), action, reason, account), as_json)


@click.command()
@click.argument("filing")
@click.option("--reason", required=True, help="Why; goes on record.")
@click.option("--as", "account", default="steward", show_default=True, metavar="WHO")
@as_json
def withdraw(filing: str, reason: str, account: str, as_json: bool) -> None:
    """Take FILING out of force. The month then counts as not filed."""
    _show(_decide(_number(filing), "withdraw", reason, account), as_json)


def _number(text: str) -> int:
    if not text.isdigit():
        raise click.BadParameter(
            f"{text!r}: 填报编号是数字，见 · a filing's number, see: greenmfg review list",
            param_hint="FILING",
        )
    return int(text)


def _decide(
    filing: int, action: Literal["accept", "return", "withdraw"], reason: str, account: str
) -> ReviewOutcome:
    from greenmfg.pipeline import alerting

    with open_workshop() as shop:
        return shop.registry.review(
            filing,
            action,
            reason,
            account,
            shop.settings.now,
            replaces=shop.replaces,
            alerts_of=alerting.of_review(shop),
        )


def _show(outcome: ReviewOutcome, as_json: bool) -> None:
    if as_json:
        print_json({"filing": _filing_json(outcome.filing), "superseded": outcome.superseded})
        return
    click.echo(f"填报 filing {outcome.filing.id}：{_STATES[str(outcome.filing.state)]}")
    click.echo("指标在下次运行时更新 · indicators follow with the next run (greenmfg run)")


def _list_waiting(as_json: bool) -> None:
    with open_workshop() as shop:
        waiting = shop.registry.waiting_reviews()
        findings = {one.id: shop.registry.findings(filing=one.id) for one in waiting}
    if as_json:
        from greenmfg.pipeline import reports

        print_json(
            [
                {
                    **_filing_json(one),
                    "findings": [reports.finding_json(f) for f in findings[one.id]],
                }
                for one in waiting
            ]
        )
        return
    if not waiting:
        click.echo("没有待审核的填报 · nothing waits for review")
    for one in waiting:
        month = f" {one.period:%Y-%m}" if one.period else ""
        click.echo(f"{one.id}  {one.subject}{month}  {one.form}  {one.receipt}  {one.file_name}")
        for finding in findings[one.id]:
            if finding.severity == "warning" and not finding.explained_by:
                click.echo(f"    [{finding.id}] {finding.message.zh}")
                click.echo(f"        {finding.message.en}")


def _list_corrections(as_json: bool) -> None:
    from greenmfg.pipeline import state
    from greenmfg.portal import corrections

    with open_workshop() as shop:
        world = state.world(shop.settings, shop.contracts, shop.registry)
        found = corrections.without_reason(shop, world)
    if as_json:
        print_json(
            [
                {
                    **_filing_json(one.filing),
                    "corrects_version": one.of_version,
                    "due_on": one.due_on.isoformat(),
                }
                for one in found
            ]
        )
        return
    if not found:
        click.echo("没有未写明原因的更正 · every correction of a closed month says why")
    for one in found:
        filing = one.filing
        click.echo(
            f"{filing.id}  {filing.subject} {filing.period:%Y-%m}  {filing.form}  {filing.receipt}  "
            f"{filing.file_name}"
        )
        click.echo(f"    更正第 {one.of_version} 版，截止日 {one.due_on} 已过，未写明原因")
        click.echo(
            f"    corrects version {one.of_version} past its due day, {one.due_on}; no reason given"
        )


def _filing_json(one: Filing) -> dict[str, object]:
    return {
        "filing": one.id,
        "receipt": one.receipt,
        "file": one.file_name,
        "form": one.form,
        "enterprise": one.subject,
        "period": f"{one.period:%Y-%m}" if one.period else None,
        "version": one.version,
        "state": str(one.state),
    }
