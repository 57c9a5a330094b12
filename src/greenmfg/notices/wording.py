"""How findings, filings and files read in an alert, in both languages at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from greenmfg.contract.forms import Contract, Words
from greenmfg.records import Finding, Severity
from greenmfg.registry.nouns import Filing, Submission

T = TypeVar("T")

NOTHING = Words("", "")
SEVERITY_WORDS: Mapping[Severity, Words] = {
    "error": Words("错误", "error"),
    "warning": Words("警告", "warning"),
    "info": Words("提示", "info"),
}


def joined(parts: Iterable[Words], separator: str = "\n") -> Words:
    """The parts in each language, empty ones left out."""
    every = list(parts)
    return Words(
        separator.join(one.zh for one in every if one.zh),
        separator.join(one.en for one in every if one.en),
    )


def month(period: date | None) -> str:
    return "" if period is None else f"{period:%Y-%m}"


def title(form: str, contracts: Mapping[str, Contract]) -> Words:
    """A form's title; its name where no contract is known."""
    contract = contracts.get(form)
    return contract.title if contract else Words(form, form)


def named(subject: str, names: Mapping[str, str]) -> str:
    shown = names.get(subject)
    return f"{shown} {subject}" if shown else subject


def filing_line(
    filing: Filing, contracts: Mapping[str, Contract], names: Mapping[str, str]
) -> Words:
    """`- 申报 12：甲厂 9131…，能源…月报，2026-10，第 2 版（S00000001，a.csv）`"""
    form, who, when = (
        title(filing.form, contracts),
        named(filing.subject, names),
        month(filing.period),
    )
    zh = "，".join(filter(None, (who, form.zh, when, f"第 {filing.version} 版")))
    en = ", ".join(filter(None, (who, form.en, when, f"version {filing.version}")))
    return Words(
        f"- 申报 {filing.id}：{zh}（{filing.receipt}，{filing.file_name}）",
        f"- Filing {filing.id}: {en} ({filing.receipt}, {filing.file_name})",
    )


def refused_line(submission: Submission) -> Words:
    refusal = submission.refusal
    if refusal is None:
        raise ValueError(f"{submission.receipt} is not unreadable")
    head = f"- {submission.receipt} {submission.file_name}"
    return Words(
        f"{head}（账户 {submission.account}）：{refusal.message.zh} [{refusal.id}]\n"
        f"  处理：{refusal.remedy.zh}",
        f"{head} (account {submission.account}): {refusal.message.en} [{refusal.id}]\n"
        f"  Remedy: {refusal.remedy.en}",
    )


def failed_line(submission: Submission) -> Words:
    head = f"- {submission.receipt} {submission.file_name}"
    return Words(
        f"{head}（账户 {submission.account}）：{submission.failure}",
        f"{head} (account {submission.account}): {submission.failure}",
    )


def finding_lines(finding: Finding, receipt: str, file_name: str) -> Words:
    """A finding: where, what was given and expected, what is wrong, what to do."""
    severity = SEVERITY_WORDS[finding.severity]
    about = " ".join(filter(None, (finding.enterprise, month(finding.period))))
    column = finding.header or finding.column or ""
    zh_place = f"第 {finding.line} 行" if finding.line is not None else "整份文件"
    en_place = f"line {finding.line}" if finding.line is not None else "the whole file"
    zh = [
        f"- {receipt} {file_name} {' '.join(filter(None, (zh_place, column)))}"
        f"【{severity.zh} {finding.id}】{about}".rstrip(),
        _given(finding, "填报：", "；应为：", lambda words: words.zh),
        f"  {finding.message.zh}",
        f"  处理：{finding.remedy.zh}",
    ]
    en = [
        f"- {receipt} {file_name} {' '.join(filter(None, (en_place, column)))}"
        f" [{severity.en} {finding.id}] {about}".rstrip(),
        _given(finding, "Given: ", "; expected: ", lambda words: words.en),
        f"  {finding.message.en}",
        f"  Remedy: {finding.remedy.en}",
    ]
    if finding.explained_by:
        zh.append(f"  填报单位说明：{finding.explained_by}")
        en.append(f"  Explained by the firm: {finding.explained_by}")
    return Words("\n".join(filter(None, zh)), "\n".join(filter(None, en)))


def _given(finding: Finding, given: str, expected: str, language: Callable[[Words], str]) -> str:
    if finding.given is None and finding.expected is None:
        return ""
    shown = "∅" if finding.given is None else finding.given
    wanted = f"{expected}{language(finding.expected)}" if finding.expected else ""
    return f"  {given}{shown}{wanted}"


def section(heading: Words, items: Sequence[T], line: Callable[[T], Words], shown: int) -> Words:
    """A heading and its items, cut after `shown` with the number that is left out."""
    if not items:
        return NOTHING
    left = len(items) - shown
    rest = NOTHING
    if left > 0:
        rest = Words(f"……另有 {left} 条未列出", f"… and {left} more, not listed")
    return joined([heading, *(line(item) for item in items[:shown]), rest])
