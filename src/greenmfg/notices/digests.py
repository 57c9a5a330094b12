"""One digest per run and recipient: what a run found, for those who must act on it."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from greenmfg.contract.forms import Words
from greenmfg.notices import wording
from greenmfg.notices.audience import About, Audience
from greenmfg.records import FilingState, Finding, Severity, SubmissionState
from greenmfg.registry.nouns import (
    DecidedFiling,
    DecidedSubmission,
    DecisionSummary,
    NewAlert,
    Submission,
)

# A digest is read on a telephone; the rest is one click or one command away.
ITEMS_SHOWN = 30
FINDINGS_SHOWN = 50

_SHOWN_SEVERITIES: tuple[Severity, ...] = ("error", "warning")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Located:
    """A finding with the file it stands in."""

    finding: Finding
    submission: Submission


def collect(summary: DecisionSummary, audience: Audience) -> tuple[NewAlert, ...]:
    """The alerts of a run: the steward's digest, and one per firm or agent with work to do.

    Never raises: alerts must not hold back a run. A digest that cannot be worded becomes an
    alert of its own, as our failure.
    """
    try:
        digest = steward_digest(summary, audience)
        return (*((digest,) if digest else ()), *account_digests(summary, audience))
    except Exception as error:
        _log.exception("The alerts of run %s could not be worded", summary.run_id)
        return (_unworded(summary, audience, error),)


def steward_digest(summary: DecisionSummary, audience: Audience) -> NewAlert | None:
    """What the steward must know of a run; None when all of it went through without a word."""
    failed = summary.in_state(SubmissionState.CHECK_FAILED)
    unreadable = summary.in_state(SubmissionState.UNREADABLE)
    waiting = summary.filings(FilingState.AWAITING_REVIEW)
    returned = summary.filings(FilingState.RETURNED)
    findings = _findings(summary.submissions)
    if not (failed or unreadable or waiting or returned or findings):
        return None
    errors, warnings = (_count(findings, severity) for severity in _SHOWN_SEVERITIES)
    subject = _subject(
        [
            (len(failed), Words("系统故障", "failed on our side")),
            (len(returned), Words("退回", "returned")),
            (len(waiting), Words("待审核", "awaiting review")),
            (len(unreadable), Words("无法读取", "unreadable")),
            (errors, Words("错误", "errors")),
            (warnings, Words("警告", "warnings")),
        ]
    )
    body = wording.joined(
        [
            _run_line(summary),
            _failed_section(failed),
            _unreadable_section(unreadable),
            _filings_section(
                Words("待审核（greenmfg review）：", "Awaiting review (greenmfg review):"),
                waiting,
                audience,
            ),
            _filings_section(Words("已退回：", "Returned:"), returned, audience),
            _findings_section(findings),
        ],
        "\n\n",
    )
    severe = failed or unreadable or returned or errors
    return audience.alert(
        None,
        f"{summary.run_id}:steward",
        "run_digest",
        "error" if severe else "warning",
        subject,
        body,
        About(
            receipts=tuple(one.submission.receipt for one in summary.submissions),
            filings=tuple(one.filing.id for one in (*waiting, *returned)),
            run_id=summary.run_id,
        ),
    )


@dataclass
class _Work:
    """What one firm or agent has to mend."""

    unreadable: list[DecidedSubmission] = field(default_factory=list)
    returned: list[DecidedFiling] = field(default_factory=list)
    findings: list[_Located] = field(default_factory=list)


def account_digests(summary: DecisionSummary, audience: Audience) -> tuple[NewAlert, ...]:
    """One alert for each firm, and each agent who filed for it, with something to mend."""
    work: dict[str, _Work] = defaultdict(_Work)
    for one in summary.submissions:
        filer = one.submission.account
        senders = set() if audience.is_desk(filer) else {filer}
        unattached = _located(one.submission, one.unattached)
        for sender in senders:
            if one.submission.state is SubmissionState.UNREADABLE:
                work[sender].unreadable.append(one)
            if _count(unattached, "error"):
                work[sender].findings.extend(unattached)
        for decided in one.filings:
            if decided.filing.state is FilingState.RETURNED:
                for account in senders | _concerned(decided, audience):
                    work[account].returned.append(decided)
                    work[account].findings.extend(_located(one.submission, decided.findings))
    return tuple(
        _account_digest(account, todo, summary, audience) for account, todo in sorted(work.items())
    )


def _concerned(decided: DecidedFiling, audience: Audience) -> set[str]:
    """The firm a returned filing is about, if such a form is a firm's to file.

    What a stranger files under a firm's code is told to the stranger and the steward alone.
    """
    filing = decided.filing
    contract = audience.contracts.get(filing.form)
    if contract is None or "firm" not in contract.filed_by:
        return set()
    return {filing.subject} if audience.speaks_for(filing.account, filing.subject) else set()


def _account_digest(
    account: str, todo: _Work, summary: DecisionSummary, audience: Audience
) -> NewAlert:
    subject = _subject(
        [
            (len(todo.returned), Words("申报被退回", "filings returned")),
            (len(todo.unreadable), Words("文件无法读取", "files unreadable")),
            (_count(todo.findings, "error"), Words("错误", "errors")),
        ]
    )
    opening = Words(
        f"{wording.named(account, audience.names)}：下列报送未被接受，尚未计入统计。"
        "请按处理意见改正，并重新报送整份文件。此前已接受的数据不受影响。",
        f"{wording.named(account, audience.names)}: what is listed below was not accepted and"
        " does not count yet. Please mend it as advised and file the whole file again. What was"
        " accepted before stands.",
    )
    body = wording.joined(
        [
            opening,
            _unreadable_section(todo.unreadable),
            _filings_section(Words("已退回：", "Returned:"), todo.returned, audience),
            _findings_section(todo.findings),
        ],
        "\n\n",
    )
    receipts = [one.submission.receipt for one in todo.unreadable]
    receipts += [one.filing.receipt for one in todo.returned]
    receipts += [one.submission.receipt for one in todo.findings]
    return audience.alert(
        account,
        f"{summary.run_id}:{account}",
        "returned",
        "error",
        subject,
        body,
        About(
            receipts=tuple(dict.fromkeys(receipts)),
            filings=tuple(one.filing.id for one in todo.returned),
            run_id=summary.run_id,
        ),
    )


def _unworded(summary: DecisionSummary, audience: Audience, error: Exception) -> NewAlert:
    subject = Words(
        "系统故障：本次处理的提醒未能写出", "Failure on our side: a run's alerts were not worded"
    )
    body = Words(
        f"批次 {summary.run_id} 已正常写入，但提醒未能写出：{error!r}。请查看日志和各回执。",
        f"Run {summary.run_id} was written, but its alerts could not be worded: {error!r}."
        " See the log and the receipts.",
    )
    return audience.alert(
        None,
        f"{summary.run_id}:steward",
        "run_digest",
        "error",
        subject,
        body,
        About(
            receipts=tuple(one.submission.receipt for one in summary.submissions),
            run_id=summary.run_id,
        ),
    )


def _subject(counted: Iterable[tuple[int, Words]]) -> Words:
    some = [(count, words) for count, words in counted if count]
    return Words(
        "，".join(f"{words.zh} {count}" for count, words in some),
        ", ".join(f"{words.en}: {count}" for count, words in some),
    )


def _run_line(summary: DecisionSummary) -> Words:
    filings = summary.filings()
    accepted = sum(
        one.filing.state in (FilingState.ACCEPTED, FilingState.SUPERSEDED) for one in filings
    )
    returned = len(summary.filings(FilingState.RETURNED))
    waiting = len(summary.filings(FilingState.AWAITING_REVIEW))
    files = len(summary.submissions)
    return Words(
        f"批次 {summary.run_id}：文件 {files} 个，申报 {len(filings)} 份，"
        f"其中接受 {accepted}、退回 {returned}、待审核 {waiting}。",
        f"Run {summary.run_id}: files: {files}; filings: {len(filings)} (accepted: {accepted},"
        f" returned: {returned}, awaiting review: {waiting}).",
    )


def _failed_section(failed: Iterable[DecidedSubmission]) -> Words:
    return wording.section(
        Words(
            "系统故障（我方原因，报送单位无须重报，将自动重试）：",
            "Failed on our side (not the sender's to mend; tried again by itself):",
        ),
        [one.submission for one in failed],
        wording.failed_line,
        ITEMS_SHOWN,
    )


def _unreadable_section(unreadable: Iterable[DecidedSubmission]) -> Words:
    return wording.section(
        Words("无法读取的文件：", "Unreadable files:"),
        [one.submission for one in unreadable],
        wording.refused_line,
        ITEMS_SHOWN,
    )


def _filings_section(heading: Words, filings: Iterable[DecidedFiling], audience: Audience) -> Words:
    return wording.section(
        heading,
        [one.filing for one in filings],
        lambda filing: wording.filing_line(filing, audience.contracts, audience.names),
        ITEMS_SHOWN,
    )


def _findings_section(findings: list[_Located]) -> Words:
    errors, warnings = (_count(findings, severity) for severity in _SHOWN_SEVERITIES)
    ordered = sorted(findings, key=lambda one: _SHOWN_SEVERITIES.index(one.finding.severity))
    return wording.section(
        Words(
            f"检查结果（错误 {errors}，警告 {warnings}）：",
            f"Findings (errors: {errors}, warnings: {warnings}):",
        ),
        ordered,
        lambda one: wording.finding_lines(
            one.finding, one.submission.receipt, one.submission.file_name
        ),
        FINDINGS_SHOWN,
    )


def _findings(submissions: Iterable[DecidedSubmission]) -> list[_Located]:
    return [each for one in submissions for each in _located(one.submission, one.findings)]


def _located(submission: Submission, findings: Iterable[Finding]) -> list[_Located]:
    return [_Located(f, submission) for f in findings if f.severity in _SHOWN_SEVERITIES]


def _count(findings: Iterable[_Located], severity: Severity) -> int:
    return sum(one.finding.severity == severity for one in findings)
