"""Frozen nouns that travel between the rooms of the workshop."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from greenmfg.contract.codes import ReferenceRows as ReferenceRows  # noqa: PLC0414  (re-exported)
from greenmfg.contract.forms import Words
from greenmfg.settings import DISTRICT_TIME

if TYPE_CHECKING:
    import pyarrow as pa

Severity = Literal["error", "warning", "info"]


class SubmissionState(StrEnum):
    """`unreadable` is the sender's fault, `check_failed` is ours: never the same word."""

    RECEIVED = "received"
    CHECKED = "checked"
    UNREADABLE = "unreadable"
    CHECK_FAILED = "check_failed"


class FilingState(StrEnum):
    RETURNED = "returned"
    AWAITING_REVIEW = "awaiting_review"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class TidiedKind(StrEnum):
    TITLE_ROWS = "title_rows"
    SIGNATURE_ROWS = "signature_rows"
    BLANK_ROWS = "blank_rows"
    BLANK_COLUMNS = "blank_columns"
    HEADER_ALIAS = "header_alias"
    FULL_WIDTH = "full_width"
    SPACES = "spaces"
    THOUSANDS_SEPARATOR = "thousands_separator"
    PERIOD_SPELLING = "period_spelling"
    UNIT_SPELLING = "unit_spelling"
    ITEM_ALIAS = "item_alias"
    EXCEL_NUMBER = "excel_number"
    ROUNDED = "rounded"
    SHORT_ROW = "short_row"


@dataclass(frozen=True)
class Tidied:
    """One thing the parser put right without asking. `line` and `column` are None for the file."""

    kind: TidiedKind
    line: int | None = None
    column: str | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class Refusal:
    """A file that cannot be read as a form at all: what it is and what to do instead."""

    id: str
    message: Words
    remedy: Words


@dataclass(frozen=True)
class HeaderCell:
    """One header cell as the file has it: 1-based sheet position, text, and the name it maps to."""

    position: int
    text: str
    name: str | None


@dataclass(frozen=True)
class ParsedFile:
    """A file read as one form, values still text.

    `rows` has `line` (int64: the line as a spreadsheet shows it), `cells` (int64: cells the row
    really had; short rows have fewer than the header), `cut` (bool: the file breaks off in this
    row) and one string column per contract column, null where blank or where the column is
    missing from the file. Codes, units, months, dates and yes/no are already in their stored
    spelling where they were recognised (`electricity`, `万千瓦时`, `2026-10-01`, `true`) and as
    given (tidied of spaces and width) where not. `given` has the same columns as the file had
    them, before tidying, for messages; it shares unchanged values' memory where it can.
    """

    form: str
    encoding: str
    header_line: int
    header: tuple[HeaderCell, ...]
    rows: pa.Table
    given: pa.Table
    tidied: tuple[Tidied, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One failed check at one line and column (`column` None: the whole row or file)."""

    id: str
    severity: Severity
    line: int | None
    column: str | None
    header: str | None
    enterprise: str | None
    period: date | None
    given: str | None
    expected: Words | None
    message: Words
    remedy: Words
    explained_by: str | None = None


@dataclass(frozen=True)
class Explanation:
    """Why the sender says that what a check noticed is right: `line` and `column` as the finding's.

    It counts like a `note` on the row, but for this one check alone. A warning without a line (an
    item left out) still awaits review: the reason is what the reviewer reads.
    """

    check_id: str
    line: int | None
    column: str | None
    reason: str


@dataclass(frozen=True)
class FilingKey:
    """What a filing is about. `subject` is a USCC, a park, or a reference table's name."""

    form: str
    subject: str
    period: date | None


@dataclass(frozen=True)
class FilingVerdict:
    """What the checks say of one filing, before it is written to the registry."""

    key: FilingKey
    state: FilingState
    rows: int
    months_covered: int = 1
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What the checks say of one whole submission."""

    form: str
    rows: int
    filings: tuple[FilingVerdict, ...]
    unattached: tuple[Finding, ...]
    tidied: tuple[Tidied, ...]
    encoding: str
    checked_rows: pa.Table | None = field(default=None, repr=False)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of the file and of its filings, in the order of the file."""
        every = [*self.unattached, *(f for filing in self.filings for f in filing.findings)]
        return tuple(sorted(every, key=lambda f: (f.line or 0, f.column or "", f.id)))


@dataclass(frozen=True)
class Grant:
    """That an agent may file for a firm: civil days of the district, `until` the last one.
    Instants in UTC."""

    agent: str
    uscc: str
    since: date
    until: date | None
    granted_by: str
    granted_at: datetime
    revoked_by: str | None = None
    revoked_at: datetime | None = None

    def live(self, at: datetime) -> bool:
        """Whether it holds at that instant."""
        day = at.astimezone(DISTRICT_TIME).date()
        if self.revoked_at is not None and self.revoked_at <= at:
            return False
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Account:
    """Who files. A firm's account is named by its USCC; an agent's lists the USCCs it may file for
    at the instant for which it was asked."""

    name: str
    kind: Literal["system", "steward", "firm", "agent"]
    enterprises: frozenset[str] = frozenset()
    email: str | None = None

    def may_file_for(self, uscc: str) -> bool:
        return self.kind in ("system", "steward") or uscc in self.enterprises


@dataclass(frozen=True)
class Receipt:
    """Proof that bytes were received. `again`: the same bytes came before from this account."""

    number: str
    account: str
    file_name: str
    sha256: str
    size: int
    received_at: datetime
    again: bool = False
