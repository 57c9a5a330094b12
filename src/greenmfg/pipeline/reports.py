"""What a program reads of a verdict, and what a person reads: `check --json` and the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from greenmfg.contract import Contract, Words
from greenmfg.records import Finding, Refusal, Tidied, Verdict

_STATE_WORDS = {
    "accepted": Words("已接受", "accepted"),
    "returned": Words("已退回", "returned"),
    "awaiting_review": Words("待审核", "awaiting review"),
    "superseded": Words("已被新版本替代", "superseded"),
    "withdrawn": Words("已撤回", "withdrawn"),
}
_SEVERITY_WORDS = {
    "error": Words("错误", "error"),
    "warning": Words("提醒", "warning"),
    "info": Words("提示", "information"),
}


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """The object that `greenmfg check --json` prints."""
    return {
        "form": verdict.form,
        "rows": verdict.rows,
        "encoding": verdict.encoding,
        "tidied": [tidied_json(one) for one in verdict.tidied],
        "findings": [finding_json(finding) for finding in verdict.findings],
        "filings": [
            {
                "enterprise": filing.key.subject,
                "period": month_text(filing.key.period),
                "verdict": str(filing.state),
            }
            for filing in verdict.filings
        ],
    }


def refusal_json(refusal: Refusal) -> dict[str, Any]:
    """The object for a file that is no form at all."""
    return {
        "form": None,
        "refused": {
            "id": refusal.id,
            "message": refusal.message.zh,
            "message_en": refusal.message.en,
            "remedy": refusal.remedy.zh,
            "remedy_en": refusal.remedy.en,
        },
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    expected = finding.expected
    return {
        "id": finding.id,
        "severity": finding.severity,
        "line": finding.line,
        "column": finding.column,
        "header": finding.header,
        "enterprise": finding.enterprise,
        "period": month_text(finding.period),
        "given": finding.given,
        "expected": expected.zh if expected else None,
        "expected_en": expected.en if expected else None,
        "message": finding.message.zh,
        "message_en": finding.message.en,
        "remedy": finding.remedy.zh,
        "remedy_en": finding.remedy.en,
        "explained_by": finding.explained_by,
    }


def month_text(period: date | None) -> str | None:
    return None if period is None else period.strftime("%Y-%m")


def tidied_json(one: Tidied) -> dict[str, Any]:
    return {
        "kind": str(one.kind),
        "line": one.line,
        "column": one.column,
        "before": one.before,
        "after": one.after,
    }


def verdict_text(
    verdict: Mapping[str, Any], contracts: Mapping[str, Contract], file_name: str
) -> str:
    """The verdict (as `verdict_json` or `refusal_json` gave it) in plain words, Chinese first."""
    if verdict["form"] is None:
        refused = verdict["refused"]
        return "\n".join(
            (
                f"{file_name}：无法读取 · unreadable  [{refused['id']}]",
                f"  {refused['message']}\n  {refused['remedy']}",
                f"  {refused['message_en']}\n  {refused['remedy_en']}",
            )
        )
    title = contracts[verdict["form"]].title
    lines = [f"{file_name}：{title.zh} · {title.en}，{verdict['rows']} 行 rows"]
    for filing in verdict["filings"]:
        words = _STATE_WORDS[filing["verdict"]]
        month = f" {filing['period']}" if filing["period"] else ""
        lines.append(f"  {filing['enterprise']}{month}：{words.zh} · {words.en}")
    if not verdict["filings"]:
        lines.append("  没有形成任何填报 · no filing was made")
    lines.extend(_findings_text(verdict["findings"]))
    if verdict["tidied"]:
        lines.append(f"  自动整理 {len(verdict['tidied'])} 处 · {len(verdict['tidied'])} tidied")
    return "\n".join(lines)


def _findings_text(findings: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for finding in findings:
        words = _SEVERITY_WORDS[finding["severity"]]
        explained = "（已说明 explained）" if finding["explained_by"] else ""
        yield f"  [{finding['id']} {words.zh} {words.en}]{explained} {finding['message']}{finding['remedy']}"
        yield f"      {finding['message_en']} {finding['remedy_en']}"
