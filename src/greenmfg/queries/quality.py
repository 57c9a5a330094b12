"""Data quality: what each check touched and found month by month, and how firms keep their dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb

from greenmfg.queries.rows import fetch

Connection = duckdb.DuckDBPyConnection
QualityWindow = Literal["month", "rolling_12"]


@dataclass(frozen=True)
class CheckMonth:
    """One check in one month. `checked`: filings of the forms that it looks at, None where no form
    can be named. `files_failed`: files with such a finding that became no filing."""

    check_id: str
    month: date
    severity: str
    findings: int
    failed: int
    files_failed: int
    checked: int | None
    pass_share: float | None


def check_months(connection: Connection, month: date, count: int = 12) -> list[CheckMonth]:
    """The months up to and with `month`, oldest first, by check."""
    return fetch(
        connection,
        CheckMonth,
        """
        select
            check_id, month, severity, findings, filings_failed as failed, files_failed,
            filings_checked as checked, pass_share
        from marts.check_months
        where month between cast($month - to_months($count - 1) as date) and $month
        order by check_id, month
        """,
        {"month": month, "count": count},
    )


@dataclass(frozen=True)
class FirmQuality:
    """One firm over one window that ends in `month`; shares 0–1, `score` 0–100 as weighed by
    `quality_weight` of check_parameters."""

    uscc: str
    month: date
    window_name: QualityWindow
    name: str
    park: str | None
    forms_due: int
    forms_filed: int
    forms_in_time: int
    days_late: int
    filings: int
    filings_passed: int
    filings_returned: int
    corrections: int
    findings_error: int
    findings_warning: int
    completeness_share: float | None
    punctuality_share: float | None
    pass_share: float | None
    score: float | None


def firm_qualities(
    connection: Connection, month: date, window: QualityWindow, uscc: str | None = None
) -> list[FirmQuality]:
    """Every firm of which a form fell due or came in, the lowest score first; or one firm."""
    return fetch(
        connection,
        FirmQuality,
        """
        select
            uscc, month, window_name, coalesce(name, uscc) as name, park, forms_due, forms_filed,
            forms_in_time, coalesce(days_late, 0) as days_late, filings, filings_passed,
            filings_returned, corrections, findings_error, findings_warning, completeness_share,
            punctuality_share, pass_share, score
        from marts.enterprise_quality_months
        where month = $month and window_name = $window and ($uscc is null or uscc = $uscc)
        order by score nulls last, days_late desc, uscc
        """,
        {"month": month, "window": window, "uscc": uscc},
    )
