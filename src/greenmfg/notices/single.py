"""Alerts that belong to no batch of files: reviews, failed runs, releases held back."""

from __future__ import annotations

from collections.abc import Sequence

from greenmfg.contract.forms import Words
from greenmfg.notices import wording
from greenmfg.notices.audience import About, Audience
from greenmfg.registry.nouns import NewAlert, ReviewOutcome


def returned_in_review(outcome: ReviewOutcome, audience: Audience) -> tuple[NewAlert, ...]:
    """Tells the firm that a steward returned its filing, or withdrew it, with the reason."""
    filing, review = outcome.filing, outcome.review
    contract = audience.contracts.get(filing.form)
    if review.action == "accept" or not contract or "firm" not in contract.filed_by:
        return ()
    returned = review.action == "return"
    done = Words("退回", "returned") if returned else Words("撤回", "withdrawn")
    line = wording.filing_line(filing, audience.contracts, audience.names)
    subject = Words(f"申报被{done.zh} 1", f"filings {done.en}: 1")
    body = Words(
        f"{line.zh}\n经人工审核{done.zh}。理由：{review.reason}\n请改正后重新报送整份文件。",
        f"{line.en}\nwas {done.en} by a data steward. Reason: {review.reason}\n"
        "Please mend it and file the whole file again.",
    )
    return (
        audience.alert(
            filing.subject,
            f"review:{filing.id}:{review.action}",
            "review",
            "error",
            subject,
            body,
            About(receipts=(filing.receipt,), filings=(filing.id,)),
        ),
    )


def run_failed(run_id: str, step: str, error: str, audience: Audience) -> NewAlert:
    """Tells the steward that a step of a run broke: ours to mend."""
    return audience.alert(
        None,
        f"{run_id}:failed:{step}",
        "run_failed",
        "error",
        Words(f"系统故障：步骤 {step} 未完成", f"Failure on our side: step {step} broke"),
        Words(
            f"批次 {run_id} 的步骤 {step} 出错：{error}\n已接受的数据和已发布的版本不受影响。",
            f"Step {step} of run {run_id} broke: {error}\n"
            "What was accepted and what was published stands.",
        ),
        About(run_id=run_id),
    )


def release_held_back(
    release: str, failed_checks: Sequence[str], audience: Audience, run_id: str | None = None
) -> NewAlert:
    """Tells the steward that a build failed its checks and the last release stays."""
    shown = "\n".join(f"- {check}" for check in failed_checks)
    count = len(failed_checks)
    return audience.alert(
        None,
        f"release:{release}:failed",
        "release_held_back",
        "error",
        Words(f"版本未发布：{count} 项检查未通过", f"Release held back, failed checks: {count}"),
        Words(
            f"版本 {release} 未通过发布前检查，仍沿用上一版本：\n{shown}",
            f"Release {release} failed its checks; the last one stays:\n{shown}",
        ),
        About(run_id=run_id),
    )
