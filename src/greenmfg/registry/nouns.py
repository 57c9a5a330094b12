"""What the registry hands out and takes in: frozen, detached from any connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from greenmfg.records import (
    Explanation,
    FilingKey,
    FilingState,
    Finding,
    Refusal,
    Severity,
    SubmissionState,
    Tidied,
    Verdict,
)

Channel = Literal["inbox", "cli", "portal", "init"]
Replaces = Literal["subject_period", "key"]
ReviewAction = Literal["accept", "return", "withdraw"]
DeliveryChannel = Literal["email", "webhook"]
DeliveryState = Literal["pending", "sent", "failed"]
PublicationState = Literal["published", "failed", "retired"]


@dataclass(frozen=True)
class Incoming:
    """Bytes that have been stored as they are and ask for a receipt.

    `received_at` is given for simulated files alone, which carry the day of their story; everyone
    else's is the moment of receiving. `explanations` answer the warnings of this very file.
    """

    account: str
    channel: Channel
    file_name: str
    sha256: str
    size: int
    raw_path: str
    received_at: datetime | None = None
    explanations: tuple[Explanation, ...] = ()


@dataclass(frozen=True)
class Submission:
    """One received file as its current attempt left it.

    `attempt` counts checkings from 1; `arrival` orders submissions by when their sender last
    sent them. The outcome's fields are None (or empty) until the attempt is decided.
    """

    id: int
    receipt: str
    account: str
    channel: Channel
    file_name: str
    sha256: str
    size: int
    raw_path: str
    received_at: datetime
    attempt: int
    attempt_id: int
    attempt_received_at: datetime
    arrival: int
    state: SubmissionState
    decided_at: datetime | None
    run_id: str | None
    form: str | None
    encoding: str | None
    row_count: int | None
    refusal: Refusal | None
    failure: str | None
    rules_version: str | None
    rows_path: str | None
    tidied: tuple[Tidied, ...]


@dataclass(frozen=True)
class Attempt:
    """One line of a submission's history."""

    number: int
    received_at: datetime
    state: SubmissionState
    decided_at: datetime | None
    run_id: str | None
    rules_version: str | None
    failure: str | None


@dataclass(frozen=True)
class Filing:
    """One filing with what is needed to find its rows: the attempt's `rows_path`."""

    id: int
    receipt: str
    account: str
    file_name: str
    attempt: int
    rows_path: str | None
    form: str
    subject: str
    period: date | None
    months_covered: int
    version: int
    state: FilingState
    rows: int
    received_at: datetime
    decided_at: datetime
    accepted_at: datetime | None
    superseded_at: datetime | None
    superseded_by: int | None
    withdrawn_at: datetime | None
    revision: int

    @property
    def key(self) -> FilingKey:
        return FilingKey(self.form, self.subject, self.period)


@dataclass(frozen=True)
class FindingFact:
    """A finding without its words, as the warehouse counts it."""

    id: int
    receipt: str
    filing_id: int | None
    check_id: str
    severity: Severity
    line: int | None
    column: str | None
    period: date | None
    received_at: datetime
    found_at: datetime


@dataclass(frozen=True)
class Unreadable:
    """The file cannot be read as a form: the sender's to mend."""

    refusal: Refusal


@dataclass(frozen=True)
class CheckFailed:
    """The check itself broke: ours to mend, and tried again (`Registry.retry_failed`)."""

    reason: str


@dataclass(frozen=True)
class Checked:
    """The file was checked; its typed rows lie at `rows_path` (None: it has no filing)."""

    verdict: Verdict
    rules_version: str
    rows_path: str | None


@dataclass(frozen=True)
class Decision:
    """What a run decided of one attempt of one submission."""

    receipt: str
    attempt: int
    outcome: Unreadable | CheckFailed | Checked


@dataclass(frozen=True)
class DecidedFiling:
    filing: Filing
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class DecidedSubmission:
    """A submission after its decision, with the filings of this attempt in the file's order."""

    submission: Submission
    filings: tuple[DecidedFiling, ...] = ()
    unattached: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (*self.unattached, *(f for filing in self.filings for f in filing.findings))


@dataclass(frozen=True)
class DecisionSummary:
    """What one run changed.

    `skipped` names receipts that were decided before by another process (nothing was changed
    for them); `superseded` are the filings of earlier runs that this run took out of force or
    out of review.
    """

    run_id: str
    at: datetime
    submissions: tuple[DecidedSubmission, ...]
    skipped: tuple[str, ...]
    superseded: tuple[int, ...]

    def filings(self, *states: FilingState) -> tuple[DecidedFiling, ...]:
        """The run's filings, all or those in one of the states."""
        every = (filing for one in self.submissions for filing in one.filings)
        return tuple(f for f in every if not states or f.filing.state in states)

    def in_state(self, state: SubmissionState) -> tuple[DecidedSubmission, ...]:
        return tuple(one for one in self.submissions if one.submission.state == state)


@dataclass(frozen=True)
class Review:
    filing_id: int
    action: ReviewAction
    reason: str
    account: str
    at: datetime


@dataclass(frozen=True)
class ReviewOutcome:
    """`filing` after the review; `superseded` lists the filings that its acceptance unseated.

    An accepted filing may itself be `superseded` at once: a later one is in force already.
    """

    filing: Filing
    review: Review
    superseded: tuple[int, ...]


@dataclass(frozen=True)
class NewAlert:
    """An alert to record. `recipient` is an account name when `recipient_kind` is `account`.

    `digest_key` is unique: recording the same key again changes nothing. `deliveries` are the
    (channel, address) pairs to send to; none means recorded and shown only.
    """

    digest_key: str
    kind: str
    severity: Severity
    recipient_kind: Literal["steward", "account"]
    recipient: str | None
    subject_zh: str
    subject_en: str
    body_zh: str
    body_en: str
    receipts: tuple[str, ...] = ()
    filings: tuple[int, ...] = ()
    run_id: str | None = None
    deliveries: tuple[tuple[DeliveryChannel, str], ...] = ()


@dataclass(frozen=True)
class Delivery:
    """One sending of an alert to one address. `failed`: given up after the last retry."""

    id: int
    alert_id: int
    channel: DeliveryChannel
    address: str
    state: DeliveryState
    attempts: int
    last_error: str | None
    next_attempt_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True)
class Alert:
    id: int
    kind: str
    severity: Severity
    recipient_kind: Literal["steward", "account"]
    recipient: str | None
    subject_zh: str
    subject_en: str
    body_zh: str
    body_en: str
    receipts: tuple[str, ...]
    filings: tuple[int, ...]
    run_id: str | None
    created_at: datetime
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True)
class Publication:
    """One release, or one build whose checks kept it from becoming one (`failed`)."""

    release: str
    built_at: datetime
    state: PublicationState
    reason: str | None
    file: str | None
    in_force_fingerprint: str
    revision: int
    data_through: date | None
    checks: Mapping[str, Any]
    retired_at: datetime | None


@dataclass(frozen=True)
class Event:
    id: int
    at: datetime
    actor: str
    kind: str
    subject: str
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Changes:
    """Filings changed after a revision, in filing order, and the revision to ask from next."""

    revision: int
    filings: tuple[Filing, ...]


@dataclass(frozen=True)
class Counts:
    """What `greenmfg status` shows; states without any are 0."""

    submissions: Mapping[SubmissionState, int]
    filings: Mapping[FilingState, int]
    deliveries: Mapping[DeliveryState, int]
    accounts: int
    revision: int
