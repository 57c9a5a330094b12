"""The firm's own rows with the findings on them: red and amber cells, the remedy under the row."""

from __future__ import annotations

from collections.abc import Sequence

from front.filing.checked import ROWS_SHOWN, CheckedFile, ShownRow
from front.language import Language
from front.markup import esc
from front.visitor import Visitor
from greenmfg.contract import Contract
from greenmfg.records import Finding, Refusal

# Beside those with findings and the key: what fits a screen beside the calendar.
_COLUMNS = 8
_MARKS = {"error": "▲", "warning": "●", "info": "ⓘ"}
_TONES = {"error": "bad", "warning": "warn", "info": "plain"}


def row_anchor(file: CheckedFile, line: int) -> str:
    """The row's id in the page, on which several files may stand."""
    return f"row-{file.sha256[:8]}-{line}"


def rows_table(visitor: Visitor, contract: Contract, file: CheckedFile) -> str:
    """The table, as markup; empty for a refused file."""
    if isinstance(file.outcome, Refusal) or not file.rows:
        return ""
    say = visitor.say
    findings: dict[int | None, list[Finding]] = {}
    for finding in file.outcome.findings:
        findings.setdefault(finding.line, []).append(finding)
    columns = _columns(contract, file.rows, file.outcome.findings)
    label = _label(visitor.language, contract)
    head = "".join(f'<th scope="col">{esc(label[name])}</th>' for name in columns)
    body = "".join(
        _row(visitor, file, columns, row, findings.get(row.line, [])) for row in file.rows
    )
    more = ""
    if file.outcome.rows > len(file.rows):
        words = say("check.more_rows", shown=ROWS_SHOWN, rows=file.outcome.rows)
        more = f'<p class="quiet">{esc(words)}</p>'
    return (
        f'<div class="scroll filed" tabindex="0" role="region" aria-label="{esc(say("check.rows"))}">'
        f'<table class="filed"><thead><tr><th scope="col">{esc(say("column.line"))}</th>{head}'
        f"</tr></thead><tbody>{body}</tbody></table></div>{more}"
    )


def column_label(visitor: Visitor, contract: Contract | None, finding: Finding) -> str:
    """The column of a finding as the form names it; the whole row or file where it has none."""
    if contract is not None and finding.column in contract.by_name:
        return _label(visitor.language, contract)[finding.column]
    whole = "check.whole_row" if finding.line is not None else "check.whole_file"
    return finding.header or visitor.say(whole)


def said(visitor: Visitor, finding: Finding) -> str:
    """Message and remedy in the reader's language, as markup."""
    of = visitor.language.of
    return f"{esc(of(finding.message))} <em>{esc(of(finding.remedy))}</em>"


def _label(language: Language, contract: Contract) -> dict[str, str]:
    zh = language is Language.ZH
    return {c.name: c.header if zh else c.label.en for c in contract.columns}


def _columns(
    contract: Contract, rows: Sequence[ShownRow], findings: Sequence[Finding]
) -> list[str]:
    filled = {name for row in rows for name in row.cells}
    blamed = {finding.column for finding in findings}
    wanted = {n for n in contract.names if n in blamed or (n in contract.key and n != "uscc")}
    for name in contract.names:
        if len(wanted) >= _COLUMNS:
            break
        if name in filled and name != "uscc":
            wanted.add(name)
    return [name for name in contract.names if name in wanted]


def _row(
    visitor: Visitor,
    file: CheckedFile,
    columns: Sequence[str],
    row: ShownRow,
    findings: Sequence[Finding],
) -> str:
    tones = {f.column: _TONES[f.severity] for f in reversed(findings) if not f.explained_by}
    tones |= {f.column: "bad" for f in findings if f.severity == "error"}
    blank = esc(visitor.say("check.blank"))
    cells = ""
    for name in columns:
        tone = tones.get(name)
        text = esc(row.cells.get(name, ""))
        if tone and not text:
            text = f"<i>{blank}</i>"
        cells += f'<td class="{tone}">{text}</td>' if tone else f"<td>{text}</td>"
    mark = " blamed" if findings else ""
    line = f'<tr id="{row_anchor(file, row.line)}" class="own{mark}"><th scope="row">{row.line}</th>{cells}</tr>'
    if not findings:
        return line
    notes = "".join(_note(visitor, finding) for finding in findings)
    return f'{line}<tr class="notes"><td></td><td colspan="{len(columns)}">{notes}</td></tr>'


def _note(visitor: Visitor, finding: Finding) -> str:
    tone, mark = _TONES[finding.severity], _MARKS[finding.severity]
    explained = ""
    if finding.explained_by:
        words = visitor.say("check.explained", reason=finding.explained_by)
        tone, explained = "plain", f' <span class="chip good">{esc(words)}</span>'
    word = esc(visitor.say(f"severity.{finding.severity}"))
    return (
        f'<p class="{tone}"><b>{mark} {word} {esc(finding.id)}</b> '
        f"{said(visitor, finding)}{explained}</p>"
    )
