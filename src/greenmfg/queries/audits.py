"""What the pages ask of the clocks of cleaner-production audits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb

from greenmfg.queries.rows import fetch

Connection = duckdb.DuckDBPyConnection
ClockState = Literal["done_in_time", "done_late", "running", "overdue", "not_recorded", "replaced"]


@dataclass(frozen=True)
class StageClock:
    """One stage with a limit. `days_left` while it runs, `days_late` when it is or was late."""

    audit_round: str
    stage: str
    stage_zh: str
    stage_en: str
    due_on: date
    done_on: date | None
    state: ClockState
    days_left: int | None
    days_late: int | None


def stage_clocks(connection: Connection, uscc: str) -> list[StageClock]:
    """The clocks of an enterprise's rounds that have a day they are due, in order of stages."""
    return fetch(
        connection,
        StageClock,
        """
        select
            audit_round, stage, stage_name_zh as stage_zh, stage_name_en as stage_en,
            due_on, done_on, state, days_left, days_late
        from marts.audit_clocks
        where uscc = $uscc and due_on is not null
        order by audit_round, stage_order
        """,
        {"uscc": uscc},
    )
