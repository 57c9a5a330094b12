"""Alerts of audit stages that are past their statutory day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from greenmfg.contract import Words
from greenmfg.notices import Audience
from greenmfg.registry import NewAlert


@dataclass(frozen=True)
class OverdueClock:
    """One stage of one audit round that is past its day. `name`: None if not in the register."""

    uscc: str
    name: str | None
    audit_round: str
    stage: str
    stage_zh: str
    stage_en: str
    due_on: date
    days_late: int


def overdue_clocks(connection: duckdb.DuckDBPyConnection) -> list[OverdueClock]:
    """Every stage of every round that is overdue, the longest first."""
    rows = connection.execute(
        """
        select
            clocks.uscc, audits.name, clocks.audit_round, clocks.stage,
            clocks.stage_name_zh, clocks.stage_name_en, clocks.due_on, clocks.days_late
        from marts.audit_clocks as clocks
        left join marts.cleaner_production_audits as audits
            on clocks.uscc = audits.uscc and clocks.audit_round = audits.audit_round
        where clocks.state = 'overdue'
        order by clocks.days_late desc, clocks.uscc, clocks.stage_order
        """
    ).fetchall()
    return [OverdueClock(*row) for row in rows]


def of_audits(audience: Audience, clocks: Sequence[OverdueClock], month: str) -> list[NewAlert]:
    """One alert to the firm for each overdue stage, and one digest to the steward.

    Args:
        month: of today, as 2026-11. The same stage is told again in the next month, not before.
    """
    alerts = [
        audience.alert(
            clock.uscc,
            f"audit_overdue:{month}:{clock.uscc}:{clock.audit_round}:{clock.stage}",
            "reminder",
            "warning",
            Words(
                f"清洁生产审核“{clock.stage_zh}”已逾期",
                f"Cleaner-production audit overdue: {clock.stage_en}",
            ),
            Words(
                f"第 {clock.audit_round} 轮审核的“{clock.stage_zh}”应于 {clock.due_on} 前完成，"
                f"已逾期 {clock.days_late} 天。已完成的，请填报审核进展。",
                f"Round {clock.audit_round}: {clock.stage_en} was due by {clock.due_on},"
                f" {clock.days_late} days ago. If it is done, please file your audit progress.",
            ),
        )
        for clock in clocks
    ]
    return [*alerts, _digest(audience, clocks, month)] if clocks else []


def _digest(audience: Audience, clocks: Sequence[OverdueClock], month: str) -> NewAlert:
    zh = "\n".join(
        f"- {c.name or c.uscc} ({c.uscc})：{c.stage_zh}，应于 {c.due_on}，逾期 {c.days_late} 天"
        for c in clocks
    )
    en = "\n".join(
        f"- {c.name or c.uscc} ({c.uscc}): {c.stage_en}, due {c.due_on}, {c.days_late} days late"
        for c in clocks
    )
    return audience.alert(
        None,
        f"audit_overdue:{month}:steward",
        "reminder",
        "warning",
        Words(
            f"清洁生产审核逾期环节 {len(clocks)} 个",
            f"{len(clocks)} cleaner-production audit stages are overdue",
        ),
        Words(f"逾期的审核环节：\n{zh}", f"Audit stages that are overdue:\n{en}"),
    )
