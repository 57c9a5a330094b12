"""The objects of the API. Findings and verdicts are those that `greenmfg check --json` prints."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

State = Literal["received", "checked", "unreadable", "check_failed"]
Standing = Literal[
    "received",
    "unreadable",
    "check_failed",
    "returned",
    "awaiting_review",
    "accepted",
    "superseded",
    "withdrawn",
    "no_filing",
]


class ExplanationIn(BaseModel):
    """Why what a check noticed is right; `id`, `line` and `column` as in the finding."""

    id: str = Field(min_length=1, max_length=64)
    line: int | None = Field(default=None, ge=1)
    column: str | None = Field(default=None, max_length=64)
    reason: str = Field(min_length=1, max_length=500)


class Receipt(BaseModel):
    """Proof that these bytes were received. The same bytes again get the same receipt."""

    receipt: str = Field(examples=["S00003106"])
    file: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    size: int = Field(description="Bytes.")
    received_at: datetime
    again: bool = Field(description="These very bytes were received before.")


class FilingOut(BaseModel):
    """What the file says about one enterprise and period, and what became of it."""

    filing: int
    enterprise: str
    period: str | None = Field(description="2026-10; null for forms without a month.")
    version: int
    state: str


class SubmissionOut(BaseModel):
    """One file that was sent, and where it stands."""

    receipt: str
    file: str
    sha256: str
    size: int
    form: str | None
    channel: str
    received_at: datetime
    attempt: int
    state: State
    standing: Standing = Field(description="One word for the whole file.")
    errors: int
    warnings: int
    filings: list[FilingOut]


class Finding(BaseModel):
    """One failed check at one line and column."""

    id: str
    severity: Literal["error", "warning", "info"]
    line: int | None = Field(description="As a spreadsheet shows it; null for the whole file.")
    column: str | None
    header: str | None
    enterprise: str | None
    period: str | None
    given: str | None
    expected: str | None
    expected_en: str | None
    message: str
    message_en: str
    remedy: str
    remedy_en: str
    explained_by: str | None


class Refused(BaseModel):
    """Why a file is no form at all."""

    id: str
    message: str
    message_en: str
    remedy: str
    remedy_en: str


class Verdict(BaseModel):
    """What the checks say of a file: `form` is null where it is `refused` as a whole."""

    form: str | None
    refused: Refused | None = None
    rows: int | None = None
    encoding: str | None = None
    tidied: list[dict[str, Any]] = []
    findings: list[Finding] = []
    filings: list[dict[str, Any]] = []


class SubmissionVerdict(Verdict):
    """The verdict of the official run; in state `received` there is none yet."""

    receipt: str
    state: State
    rules_version: str | None = None
