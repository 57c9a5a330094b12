"""Reasons that a firm gave before and that were accepted, offered again while they still fit.

The rule: a reason is offered for a warning of the same check on the same column of the same item,
if the firm's newest month in force up to this one has that warning too, explained; if that month
lies no further back than `remembered_reason_months`; and if the value given now is within
`remembered_reason_value_band` of the value given then. A month without the warning therefore ends
it. It is an offer alone: it explains nothing until the firm files it, so a check says the same with
it and without.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow.parquet as pq

from greenmfg.checks import World
from greenmfg.contract import Contract
from greenmfg.pipeline.trying import Trial
from greenmfg.pipeline.workshop import Workshop
from greenmfg.portal.months import parameter
from greenmfg.records import FilingState, Finding, Verdict
from greenmfg.registry import Filing

# What the past is compared by: the check, the column and the item of the row.
_Condition = tuple[str, str | None, tuple[Any, ...]]
Place = tuple[str, int | None, str | None]


@dataclass(frozen=True)
class EarlierReason:
    """A reason as it was accepted: with which receipt and for which month."""

    reason: str
    receipt: str
    period: date


def earlier_reasons(
    shop: Workshop, world: World, uscc: str, trial: Trial
) -> Mapping[Place, EarlierReason]:
    """What may be offered, by the place of the finding (check, line, column).

    Warnings without a row (an item left out) are for the steward to judge each time.
    """
    verdict = trial.outcome
    if not isinstance(verdict, Verdict) or verdict.checked_rows is None:
        return {}
    contract = shop.contracts[verdict.form]
    open_warnings = [f for f in verdict.findings if _is_open(f) and f.enterprise == uscc]
    if contract.period is None or not open_warnings:
        return {}
    in_force = shop.registry.filings(
        subject=uscc, form=verdict.form, states=(FilingState.ACCEPTED,)
    )
    rows = {row["line"]: row for row in verdict.checked_rows.to_pylist()}
    offered: dict[Place, EarlierReason] = {}
    for period in {f.period for f in open_warnings if f.period is not None}:
        filing = _newest(in_force, period, world)
        if filing is None:
            continue
        then = _explained(shop, contract, filing)
        for now in open_warnings:
            condition = _condition(contract, now, rows)
            before = then.get(condition) if condition and now.period == period else None
            if before is not None and _comparable(now.given, before.given, world, period):
                offered[now.id, now.line, now.column] = EarlierReason(
                    before.explained_by or "", filing.receipt, filing.period or period
                )
    return offered


def _is_open(finding: Finding) -> bool:
    return finding.severity == "warning" and not finding.explained_by and finding.line is not None


def _newest(in_force: Iterable[Filing], period: date, world: World) -> Filing | None:
    """The newest month in force up to this one: this month's own version if it is corrected."""
    past = [f for f in in_force if f.period is not None and f.period <= period]
    newest = max(past, key=lambda f: f.period or date.min, default=None)
    if newest is None or newest.period is None:
        return None
    months = (period.year - newest.period.year) * 12 + period.month - newest.period.month
    return newest if months <= int(parameter(world, "remembered_reason_months", period)) else None


def _explained(shop: Workshop, contract: Contract, filing: Filing) -> dict[_Condition, Finding]:
    findings = [
        f
        for f in shop.registry.findings(filing=filing.id)
        if f.severity == "warning" and f.explained_by and f.line is not None
    ]
    if not findings or filing.rows_path is None:
        return {}
    table = pq.read_table(
        shop.settings.rows / filing.rows_path,
        columns=["line", *_item_columns(contract)],
        filters=[("line", "in", sorted({f.line for f in findings if f.line is not None}))],
    )
    rows = {row["line"]: row for row in table.to_pylist()}
    found = ((_condition(contract, finding, rows), finding) for finding in findings)
    return {condition: finding for condition, finding in found if condition is not None}


def _condition(
    contract: Contract, finding: Finding, rows: Mapping[int, Mapping[str, Any]]
) -> _Condition | None:
    row = rows.get(finding.line or 0)
    if row is None:
        return None
    return (finding.id, finding.column, tuple(row[name] for name in _item_columns(contract)))


def _item_columns(contract: Contract) -> list[str]:
    """What tells the rows of one enterprise-month apart."""
    return [n for n in contract.key if n not in contract.subject and n != contract.period]


def _comparable(now: str | None, then: str | None, world: World, period: date) -> bool:
    """Whether two values, as given, differ by no more than the band; words must be the same."""
    if now == then:
        return True
    try:
        new, old = Decimal(now or ""), Decimal(then or "")
    except InvalidOperation:
        return False
    if not (new.is_finite() and old.is_finite()):
        return False
    band = Decimal(parameter(world, "remembered_reason_value_band", period))
    return abs(new - old) <= band * max(abs(new), abs(old))
