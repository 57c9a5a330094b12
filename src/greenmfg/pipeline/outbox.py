"""The outbox: each verdict as a file for its sender, `outbox/<account>/<receipt>.json` and `.txt`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from greenmfg.pipeline import reports
from greenmfg.pipeline.workshop import Workshop
from greenmfg.records import SubmissionState
from greenmfg.registry import DecidedFiling, DecidedSubmission, DecisionSummary, Submission
from greenmfg.settings import Settings


def write_outcomes(shop: Workshop, summary: DecisionSummary) -> None:
    """Writes verdict and receipt of every submission that the run decided.

    They are copies for the sender's convenience: the registry is what counts, and a copy is
    simply written again when the same submission is checked again.
    """
    for decided in summary.submissions:
        _write_outcome(shop, decided)


def _write_outcome(shop: Workshop, decided: DecidedSubmission) -> None:
    submission = decided.submission
    folder = shop.settings.outbox / submission.account
    folder.mkdir(parents=True, exist_ok=True)
    content = outcome_json(decided)
    _write(folder / f"{submission.receipt}.json", json.dumps(content, ensure_ascii=False, indent=2))
    _write(folder / f"{submission.receipt}.txt", _text(shop, decided, content))


@contextmanager
def announced(settings: Settings, batch: str, receipts: Sequence[str]) -> Iterator[None]:
    """Notes which verdicts are about to be decided, until they are written (or the caller dies)."""
    note = settings.outbox / ".announced" / f"{batch}.json"
    note.parent.mkdir(parents=True, exist_ok=True)
    _write(note, json.dumps(list(receipts)))
    yield
    note.unlink(missing_ok=True)  # not after an error: `write_promised` makes up for it


def write_promised(shop: Workshop) -> bool:
    """Writes the verdicts that a run decided and, having died, did not write.

    What it had not decided either waits still. Returns whether there was such a run.
    """
    notes = sorted((shop.settings.outbox / ".announced").glob("*.json"))
    for note in notes:
        for receipt in json.loads(note.read_bytes()):
            submission = shop.registry.submission(receipt)
            if submission.state is not SubmissionState.RECEIVED:
                _write_outcome(shop, _decided(shop, submission))
        note.unlink(missing_ok=True)
    return bool(notes)


def _decided(shop: Workshop, submission: Submission) -> DecidedSubmission:
    """The submission as its decision left it; findings in one list, as the outbox prints them."""
    filings = shop.registry.filings(receipt=submission.receipt)
    return DecidedSubmission(
        submission,
        tuple(DecidedFiling(f, ()) for f in filings if f.attempt == submission.attempt),
        shop.registry.findings(receipt=submission.receipt),
    )


def outcome_json(decided: DecidedSubmission) -> dict[str, Any]:
    """Receipt and verdict of one submission, as the registry holds them."""
    submission = decided.submission
    receipt = {
        "receipt": submission.receipt,
        "file": submission.file_name,
        "sha256": submission.sha256,
        "received_at": submission.attempt_received_at.isoformat(),
        "state": str(submission.state),
        "attempt": submission.attempt,
        "rules_version": submission.rules_version,
    }
    if submission.refusal is not None:
        return {**receipt, **reports.refusal_json(submission.refusal)}
    if submission.form is None:
        return {**receipt, "form": None, "check_failed": submission.failure}
    return {
        **receipt,
        "form": submission.form,
        "rows": submission.row_count,
        "encoding": submission.encoding,
        "tidied": [reports.tidied_json(one) for one in submission.tidied],
        "findings": [reports.finding_json(finding) for finding in decided.findings],
        "filings": [
            {
                "filing": one.filing.id,
                "enterprise": one.filing.subject,
                "period": reports.month_text(one.filing.period),
                "version": one.filing.version,
                "verdict": str(one.filing.state),
            }
            for one in decided.filings
        ],
    }


def _text(shop: Workshop, decided: DecidedSubmission, content: dict[str, Any]) -> str:
    submission = decided.submission
    head = (
        f"回执 Receipt {submission.receipt} · {submission.file_name}\n"
        f"收到 Received {submission.attempt_received_at.isoformat(timespec='seconds')}"
        f" · SHA-256 {submission.sha256}\n\n"
    )
    if "check_failed" in content:
        return head + (
            "本系统核验时出现故障，不是文件的问题；文件已收妥，系统会自动重试。\n"
            "The system failed to check this file. The fault is ours, not the file's;"
            " it is kept and will be tried again.\n"
        )
    return head + reports.verdict_text(content, shop.contracts, submission.file_name) + "\n"


def _write(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)
