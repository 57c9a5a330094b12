"""Data quality as a person reads it, and as a program does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import duckdb

from greenmfg.queries.explain_text import WINDOWS
from greenmfg.queries.in_words import month_in, number, percent, plain_json
from greenmfg.queries.overview import Quality, quality_series, release_facts
from greenmfg.queries.quality import (
    CheckMonth,
    FirmQuality,
    QualityWindow,
    check_months,
    firm_qualities,
)

_LOWEST = 20


@dataclass(frozen=True)
class DataQuality:
    """Twelve months of the district and of each check to `month`, and firms over one window."""

    month: date
    window: QualityWindow
    months: tuple[Quality, ...]
    checks: tuple[CheckMonth, ...]
    firms: tuple[FirmQuality, ...]

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = plain_json(asdict(self))
        return said


def data_quality(
    connection: duckdb.DuckDBPyConnection,
    month: date | None = None,
    window: QualityWindow = "rolling_12",
) -> DataQuality:
    """The data quality as of a month, by default the headline month.

    Raises:
        UnknownMonth: the release has no such month.
    """
    headline = release_facts(connection).data_through
    chosen = month_in(connection, "quality_months", month, headline)
    return DataQuality(
        month=chosen,
        window=window,
        months=tuple(quality_series(connection, chosen)),
        checks=tuple(check_months(connection, chosen)),
        firms=tuple(firm_qualities(connection, chosen, window)),
    )


def as_text(found: DataQuality) -> str:
    """The data quality in Chinese and English, one fact a line."""
    return "\n".join(_lines(found))


def _lines(found: DataQuality) -> Iterator[str]:
    yield f"数据质量 Data quality  {found.month:%Y-%m}"
    for entry in found.months:
        yield (
            f"  {entry.month:%Y-%m}  得分 score {number(entry.score, 1)}"
            f"  报齐 complete {percent(entry.completeness_share)}"
            f"  及时 in time {percent(entry.punctuality_share)}"
            f"  无错误 without error {percent(entry.pass_share)}"
        )
    yield from _checks(found.checks)
    shown = found.firms[:_LOWEST]
    yield (
        f"  企业 firms，{WINDOWS[found.window]}，低分在前 lowest first"
        f"（{len(shown)}/{len(found.firms)}）"
    )
    for firm in shown:
        yield (
            f"    {firm.uscc} {firm.name}  {number(firm.score, 1)}"
            f"  报齐 complete {firm.forms_filed}/{firm.forms_due}"
            f"  及时 in time {firm.forms_in_time}/{firm.forms_due}"
            f"  迟 late {firm.days_late} 天 days"
            f"  无错误 without error {firm.filings_passed}/{firm.filings}"
        )


def _checks(checks: tuple[CheckMonth, ...]) -> Iterator[str]:
    """Twelve months added up by check: what found something first, then what passed everything."""
    of_check: dict[str, list[CheckMonth]] = {}
    for entry in checks:
        of_check.setdefault(entry.check_id, []).append(entry)
    totals = sorted(
        (
            (
                sum(entry.failed + entry.files_failed for entry in entries),
                check,
                entries[-1].severity,
                _touched(entries),
            )
            for check, entries in of_check.items()
        ),
        key=lambda total: (-total[0], total[1]),
    )
    fired = sum(failed > 0 for failed, *_ in totals)
    yield f"  检查 checks，近 12 个月 twelve months: {fired}/{len(totals)} 有发现 found something"
    for failed, check, severity, touched in totals:
        share = None if not touched else 1 - failed / touched
        yield (
            f"    {check} {severity}  查过 touched {number(touched)}  未通过 failed {failed}"
            f"  通过率 pass rate {percent(share, 2)}"
        )


def _touched(entries: list[CheckMonth]) -> int | None:
    """Filings and files that became none; None where nobody can say how many there were."""
    counted = [entry.checked for entry in entries if entry.checked is not None]
    if not counted:
        return None
    return sum(counted) + sum(entry.files_failed for entry in entries)
