"""What the warehouse is told: filings, their checked rows, checks, findings and the clock.

The registry's own nouns stay in the registry; the pipeline adapts them to these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class FilingRow:
    """One filing in any state. Times are aware, or naive and then UTC; None: has not happened.

    `decided_at` is the check's verdict; `returned_at` is given where a reviewer returned it later.

    `period` is the first of the month, None for forms that are not about one month. `subject`
    is a USCC, a park, or a reference table's name, as in the filing's checked rows.
    """

    filing_id: int
    receipt: str
    form: str
    subject: str
    period: date | None
    months_covered: int
    state: str
    version: int
    received_at: datetime
    decided_at: datetime | None = None
    returned_at: datetime | None = None
    accepted_at: datetime | None = None
    superseded_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class RowsFile:
    """The immutable Parquet file of one submission's checked rows, and the name it came under.

    Its columns: `line` bigint, `subject` varchar, `filing_period` date (null unless monthly) and
    every column of the form's contract in `Column.sql_type`.
    """

    path: str
    file_name: str


@dataclass(frozen=True)
class FindingRow:
    """One failed check. `filing_id` is None where the row had no valid subject or period.

    `received_at` is when its file came, `found_at` when the check was made (None: at once).
    """

    receipt: str
    filing_id: int | None
    check_id: str
    severity: str
    line: int | None
    column_name: str | None
    period: date | None
    received_at: datetime
    found_at: datetime | None = None


@dataclass(frozen=True)
class CheckRow:
    """One check that filings of a form are held against, by the rules as they are now."""

    form: str
    check_id: str
    name: str
    severity: str


@dataclass(frozen=True)
class ClockRow:
    """What the marts hold for now: a filing is in force as of `as_of`."""

    today: date
    demonstration: bool
    as_of: datetime
