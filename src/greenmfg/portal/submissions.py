"""What an account sent, with what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from greenmfg.pipeline.outbox import outcome_json
from greenmfg.records import Account, FilingState, Finding, SubmissionState
from greenmfg.registry import DecidedFiling, DecidedSubmission, Filing, Registry, Submission

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
# The state that asks most of the firm speaks for the whole file.
_ORDER = (
    FilingState.RETURNED,
    FilingState.AWAITING_REVIEW,
    FilingState.ACCEPTED,
    FilingState.SUPERSEDED,
    FilingState.WITHDRAWN,
)


@dataclass(frozen=True)
class OwnSubmission:
    """One submission; `filings` and `findings` are those of its current attempt."""

    submission: Submission
    filings: tuple[Filing, ...]
    findings: tuple[Finding, ...]

    @property
    def standing(self) -> Standing:
        """One word for the whole file."""
        state = self.submission.state
        if state is not SubmissionState.CHECKED:
            return state.value  # type: ignore[return-value]  # its three other values
        if any(f.severity == "error" for f in self.findings) and not self.filings:
            return "returned"
        for wanted in _ORDER:
            if any(filing.state is wanted for filing in self.filings):
                return wanted.value
        return "no_filing"

    @property
    def decided(self) -> bool:
        """Whether the official run has looked at it, and no retry of ours is due."""
        return self.submission.state in (SubmissionState.CHECKED, SubmissionState.UNREADABLE)

    def count(self, severity: str) -> int:
        return sum(finding.severity == severity for finding in self.findings)


def one(registry: Registry, receipt: str) -> OwnSubmission:
    """Raises UnknownSubmission."""
    return _own(registry, registry.submission(receipt), registry.filings(receipt=receipt))


def of_account(registry: Registry, account: str, limit: int) -> tuple[OwnSubmission, ...]:
    """Newest first."""
    found = registry.submissions(account=account, limit=limit)
    return tuple(_own(registry, s, registry.filings(receipt=s.receipt)) for s in found)


def of_agent(
    registry: Registry, account: Account, uscc: str, limit: int
) -> tuple[OwnSubmission, ...]:
    """What an agent sent that is about one firm, or about nobody yet, newest first."""
    about = {filing.receipt for filing in registry.filings(subject=uscc)}
    found: list[OwnSubmission] = []
    for submission in registry.submissions(account=account.name):
        filings = registry.filings(receipt=submission.receipt)
        if filings and submission.receipt not in about:
            continue
        own = _own(registry, submission, filings)
        if open_to(account, own):
            found.append(own)
        if len(found) == limit:
            break
    return tuple(found)


def open_to(account: Account, own: OwnSubmission) -> bool:
    """Whether the account may still look at what it sent: an agent no longer at a file about a
    firm whose grant has ended."""
    return all(account.may_file_for(filing.subject) for filing in own.filings)


def outcome(own: OwnSubmission) -> dict[str, Any]:
    """Receipt and verdict as the outbox has them; of one not yet looked at, its state alone."""
    if not own.decided:
        submission = own.submission
        return {"receipt": submission.receipt, "state": submission.state.value, "form": None}
    filings = tuple(DecidedFiling(filing, ()) for filing in own.filings)
    return outcome_json(DecidedSubmission(own.submission, filings, own.findings))


def _own(registry: Registry, submission: Submission, filings: Sequence[Filing]) -> OwnSubmission:
    current = tuple(f for f in filings if f.attempt == submission.attempt)
    decided = submission.state is not SubmissionState.RECEIVED
    findings = registry.findings(receipt=submission.receipt) if decided else ()
    return OwnSubmission(submission, current, findings)
