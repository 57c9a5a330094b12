"""The plan's scoreboard: every target, baseline and rule of the plan as of one month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import duckdb

from greenmfg.queries.rows import fetch

Connection = duckdb.DuckDBPyConnection
Status = Literal["reached", "not_reached", "on_the_way", "counted", "compared", "not_measurable"]

# Decimals shown, by measure; the intensity's four are those it is judged at. Counts have none.
_DECIMALS = {
    "energy_intensity": 4,
    "gross_output": 2,
    "gross_output_per_km2": 2,
    "revenue": 2,
    "tax": 2,
    "projects_saving": 1,
}


class UnknownMonth(LookupError):
    """The release has no such month; the message says which it has."""


@dataclass(frozen=True)
class Score:
    """One row of the plan: what it promises, what was measured, and what may be said of it.

    `measured_value`, targets, baseline and `gap` are in `unit`. `status` is described in the mart.
    """

    target_id: str
    month: date
    section: str
    row_type: str
    indicator_zh: str
    indicator_en: str
    entity_scope: str | None
    measure: str | None
    direction: str | None
    value_window: str | None
    first_month: date | None
    last_month: date | None
    unit: str | None
    measured_value: Decimal | None
    target_low: Decimal | None
    target_high: Decimal | None
    target_year: int | None
    comparator: str | None
    baseline_value: Decimal | None
    baseline_year: str | None
    status: Status
    reason: str | None
    reason_zh: str | None
    reason_en: str | None
    gap: Decimal | None
    gap_share: float | None
    firm_months_due: int | None
    firm_months_filed: int | None
    in_plan_period: bool
    provisional: bool
    confidence: str | None
    basis_zh: str | None
    basis_en: str | None
    quote_zh: str
    ambiguity: str | None

    @property
    def decimals(self) -> int:
        """Decimals at which the value, its gap and its target are shown."""
        return _DECIMALS.get(self.measure or "", 0)

    @property
    def is_settled(self) -> bool:
        """Whether the measure answers the plan's words surely enough not to be marked."""
        return self.confidence != "low"


@dataclass(frozen=True)
class Scoreboard:
    """All rows as of one month; `is_final`: it closes the years of a plan (末期评估)."""

    month: date
    is_final: bool
    provisional: bool
    scores: tuple[Score, ...]

    def of(self, row_type: str) -> tuple[Score, ...]:
        """Rows of one kind; figures that the plan only implies stand with its baselines."""
        kinds = ("baseline", "derived") if row_type == "baseline" else (row_type,)
        return tuple(score for score in self.scores if score.row_type in kinds)

    def count(self, status: Status) -> int:
        """How many targets have this status."""
        return sum(score.status == status for score in self.of("target"))

    def as_json(self) -> dict[str, Any]:
        return {
            "month": f"{self.month:%Y-%m}",
            "final_evaluation": self.is_final,
            "provisional": self.provisional,
            "rows": [_plain(asdict(score)) for score in self.scores],
        }


def scoreboard(connection: Connection, month: date | None = None) -> Scoreboard:
    """The scoreboard as of a month; by default the headline month, or else the newest.

    Raises:
        UnknownMonth: the release does not have the month, or has no row of a plan at all.
    """
    chosen = _month(connection, month)
    columns = ", ".join(field.name for field in fields(Score))
    scores = fetch(
        connection,
        Score,
        # The columns are this module's own; the order is the plan's: T2 before T10.
        f"""
        select {columns} from marts.plan_scoreboard
        where month = $month
        order by
            case row_type when 'target' then 1 when 'baseline' then 2 when 'derived' then 2
                else 3 end,
            regexp_extract(target_id, '^[A-Za-z]*'),
            try_cast(regexp_extract(target_id, '[0-9]+') as integer), target_id
        """,
        {"month": chosen},
    )
    return Scoreboard(
        month=chosen,
        is_final=chosen.month == 12 and any(score.target_year == chosen.year for score in scores),
        provisional=any(score.provisional for score in scores),
        scores=tuple(scores),
    )


def scored_months(connection: Connection) -> dict[date, bool]:
    """Months of the scoreboard, newest first; True where a month closes the years of a plan."""
    found = connection.execute(
        """
        select month, month(month) = 12 and bool_or(target_year = year(month))
        from marts.plan_scoreboard group by month order by month desc
        """
    ).fetchall()
    return {month: bool(is_final) for month, is_final in found}


def _month(connection: Connection, month: date | None) -> date:
    row = connection.execute(
        """
        select min(month), max(month), max(month) filter (where is_headline),
            coalesce(bool_or(month = $month), false)
        from marts.plan_scoreboard
        """,
        {"month": month},
    ).fetchone()
    first, last, headline, there = row or (None, None, None, False)
    if last is None:
        raise UnknownMonth(
            "没有规划指标 · there is no row of a plan: 请先报送 plan_targets · file plan_targets"
        )
    if month is not None and not there:
        raise UnknownMonth(
            f"{month:%Y-%m} 不在数据期内 · is not in the data: {first:%Y-%m} 至 · to {last:%Y-%m}"
        )
    return month or headline or last


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _written(value) for name, value in row.items()}


def _written(value: object) -> object:
    match value:
        case date():
            return f"{value:%Y-%m}"
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case _:
            return value
