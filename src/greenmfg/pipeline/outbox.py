"""The outbox: each verdict as a file for its sender, `outbox/<account>/<receipt>.json` and `.txt`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from greenmfg.pipeline import reports
from greenmfg.pipeline.workshop import Workshop
from greenmfg.registry import DecidedSubmission, DecisionSummary


def write_outcomes(shop: Workshop, summary: DecisionSummary) -> None:
    """Writes verdict and receipt of every submission that the run decided.

    They are copies for the sender's convenience: the registry is what counts, and a copy is
    simply written again when the same submission is checked again.
    """
    for decided in summary.submissions:
        submission = decided.submission
        folder = shop.settings.outbox / submission.account
        folder.mkdir(parents=True, exist_ok=True)
        content = outcome_json(decided)
        _write(
            folder / f"{submission.receipt}.json", json.dumps(content, ensure_ascii=False, indent=2)
        )
        _write(folder / f"{submission.receipt}.txt", _text(shop, decided, content))


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
