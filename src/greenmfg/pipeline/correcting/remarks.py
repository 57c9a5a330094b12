"""What a corrected copy says, by line and by cell, in the words of the findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from greenmfg.contract import Words
from greenmfg.intake import notes
from greenmfg.records import Finding, ParsedFile

Language = Literal["zh", "en"]

_SIGNS = {"error": "▲", "warning": "●", "info": "ⓘ"}
_SEVERITIES = {
    "error": Words("错误", "Error"),
    "warning": Words("提醒", "Warning"),
    "info": Words("提示", "Note"),
}
_EXPECTED = Words("应为：{value}。", "Expected: {value}.")
_REMEDY = Words("处理：", "Remedy: ")


@dataclass(frozen=True)
class CellRemark:
    """One cell that is marked. `position`: 1-based column of the table without our notes."""

    line: int
    position: int
    severity: str
    text: str


@dataclass(frozen=True)
class Remarks:
    """`heading`: what stands over the notes, with what is said of the whole file; `by_line`: one
    text per line; `cells`: the cells to mark."""

    heading: str
    by_line: Mapping[int, str]
    cells: tuple[CellRemark, ...] = field(default=())


def remarks_of(findings: Iterable[Finding], parsed: ParsedFile, language: Language) -> Remarks:
    """Everything but what is explained already."""
    positions = {cell.name: cell.position for cell in reversed(parsed.header) if cell.name}
    whole: list[str] = []
    by_line: dict[int, list[str]] = {}
    by_cell: dict[tuple[int, int], list[Finding]] = {}
    for finding in findings:
        if finding.explained_by:
            continue
        if finding.line is None or finding.line == parsed.header_line:
            whole.append(_said(finding, language))
            continue
        by_line.setdefault(finding.line, []).append(_said(finding, language))
        position = positions.get(finding.column or "")
        if position is not None:
            by_cell.setdefault((finding.line, position), []).append(finding)
    return Remarks(
        heading=" ".join([notes.HEADING, *whole]),
        by_line={line: " ".join(texts) for line, texts in by_line.items()},
        cells=tuple(
            CellRemark(
                line,
                position,
                min((f.severity for f in own), key=list(_SIGNS).index),
                "\n".join(_said(f, language) for f in own),
            )
            for (line, position), own in by_cell.items()
        ),
    )


def _said(finding: Finding, language: Language) -> str:
    """▲ 错误 C007 第 4 行 工业生产消费量：“约8吨”不是数字。应为：… 处理：…, in one line."""
    in_english = language == "en"

    def of(words: Words) -> str:
        return " ".join((words.en if in_english else words.zh).split())

    parts = [
        f"{_SIGNS[finding.severity]} {of(_SEVERITIES[finding.severity])} {finding.id}",
        of(finding.message),
    ]
    if finding.expected:
        parts.append(of(_EXPECTED).format(value=of(finding.expected)))
    parts.append(f"{of(_REMEDY)}{'' if not in_english else ' '}{of(finding.remedy)}")
    return " ".join(parts)
