"""What the check found, in the order a clerk needs it: summary, rows, what was tidied."""

from __future__ import annotations

from collections import Counter

from front import figures, paths
from front.filing.checked import CheckedFile
from front.filing.rows import column_label, row_anchor, said
from front.markup import esc
from front.visitor import Visitor
from greenmfg.contract import Contract
from greenmfg.records import Refusal, Tidied, TidiedKind, Verdict

_LISTED = 12
_TIDIED_LISTED = 100
_VALUES = frozenset(
    {
        TidiedKind.FULL_WIDTH,
        TidiedKind.THOUSANDS_SEPARATOR,
        TidiedKind.PERIOD_SPELLING,
        TidiedKind.UNIT_SPELLING,
        TidiedKind.ITEM_ALIAS,
        TidiedKind.EXCEL_NUMBER,
        TidiedKind.ROUNDED,
    }
)


def box(tone: str, title: str, body: str, focus: str = "") -> str:
    """A framed answer. `focus`: the page's script moves the focus here once per such word."""
    moves = f' tabindex="-1" data-focus="{esc(focus)}"' if focus else ""
    return (
        f'<section class="verdict {tone}" role="group"{moves}><h2>{esc(title)}</h2>{body}</section>'
    )


def broke(visitor: Visitor) -> str:
    """Our own fault, in words."""
    say = visitor.say
    return box("warn", say("check.broke_title"), f"<p>{esc(say('check.broke'))}</p>")


def refused(visitor: Visitor, file: CheckedFile, refusal: Refusal) -> str:
    """A file that is no form at all: what it is, and what to do instead."""
    of = visitor.language.of
    body = (
        f'<p>{esc(of(refusal.message))}</p><p class="remedy">{esc(of(refusal.remedy))}</p>'
        f'<p class="code">{esc(refusal.id)} · {esc(file.name)}</p>'
    )
    return box("bad", visitor.say("check.refused"), body, f"refused {file.sha256}")


def summary(visitor: Visitor, contract: Contract, file: CheckedFile, verdict: Verdict) -> str:
    """Errors first; else warnings to explain; else that all is well."""
    say = visitor.say
    focus = f"checked {file.sha256}"
    if file.errors:
        title = say("check.errors_title", count=len(file.errors))
        lead = f"<p>{esc(say('check.errors_lead'))}</p>"
        return box("bad", title, lead + _listed(visitor, contract, file), focus)
    if not verdict.filings:
        return box("bad", say("check.no_filing"), _loose(visitor, verdict), focus)
    facts = _facts(visitor, contract, verdict)
    if file.to_explain:
        title = say("check.warnings_title", count=len(file.to_explain))
        return box("warn", title, f"<p>{esc(say('check.warnings_lead'))}</p>{facts}", focus)
    return box(
        "good", say("check.good_title"), f"<p>{esc(say('check.good_lead'))}</p>{facts}", focus
    )


def take_back(visitor: Visitor, file: CheckedFile) -> str:
    """The link to the firm's own file, marked; nothing where there is nothing to mark."""
    if file.ticket is None:
        return ""
    say = visitor.say
    return (
        f'<p class="take"><a class="button" href="{esc(visitor.address(paths.CORRECTED + file.ticket))}" '
        f'target="_self" download>{esc(say("check.take_back"))}</a>'
        f"<small>{esc(say('check.take_back_note'))}</small></p>"
    )


def tidied(visitor: Visitor, contract: Contract, verdict: Verdict) -> str:
    """What was put right without asking, before → after."""
    if not verdict.tidied:
        return ""
    say = visitor.say
    kinds = Counter(one.kind for one in verdict.tidied)
    names = "、" if visitor.language.value == "zh" else ", "
    which = names.join(say(f"tidied.{kind}") for kind, _ in kinds.most_common(4))
    title = say("check.tidied_title", count=len(verdict.tidied), which=which)
    body = "".join(_tidied_row(visitor, contract, one) for one in verdict.tidied[:_TIDIED_LISTED])
    heads = ("column.line", "check.column", "check.tidied_what", "check.before", "check.after")
    head = "".join(f'<th scope="col">{esc(say(key))}</th>' for key in heads)
    return (
        f'<details class="tidied"><summary>{esc(title)}</summary><div class="scroll" tabindex="0" '
        f'role="region" aria-label="{esc(title)}"><table class="rows"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div></details>"
    )


def values_tidied(file: CheckedFile) -> int:
    """How many values were changed: titles, blank rows and the like are no values."""
    if isinstance(file.outcome, Refusal):
        return 0
    return sum(
        1 if one.line is not None else int(one.after or 0)
        for one in file.outcome.tidied
        if one.kind in _VALUES
    )


def _tidied_row(visitor: Visitor, contract: Contract, one: Tidied) -> str:
    say = visitor.say
    column = contract.by_name.get(one.column or "")
    zh = visitor.language.value == "zh"
    name = (column.header if zh else column.label.en) if column else figures.NOTHING
    cells = (
        str(one.line or figures.NOTHING),
        name,
        say(f"tidied.{one.kind}"),
        one.before or figures.NOTHING,
        one.after or figures.NOTHING,
    )
    return "<tr>" + "".join(f"<td>{esc(cell)}</td>" for cell in cells) + "</tr>"


def _listed(visitor: Visitor, contract: Contract, file: CheckedFile) -> str:
    """Each error as a link to its row, in the words that stand at the row."""
    items, findings = "", file.errors
    for finding in findings[:_LISTED]:
        text = f"<b>{esc(column_label(visitor, contract, finding))}</b> {said(visitor, finding)}"
        if finding.line is not None:
            text = f'<a href="#{row_anchor(file, finding.line)}" target="_self">{text}</a>'
        items += f"<li>{text}</li>"
    left = len(findings) - _LISTED
    more = f"<li>{esc(visitor.say('check.more_findings', count=left))}</li>" if left > 0 else ""
    return f"<ol>{items}{more}</ol>"


def _loose(visitor: Visitor, verdict: Verdict) -> str:
    items = "".join(f"<li>{said(visitor, finding)}</li>" for finding in verdict.findings[:_LISTED])
    return f"<ol>{items}</ol>" if items else ""


def _facts(visitor: Visitor, contract: Contract, verdict: Verdict) -> str:
    say = visitor.say
    periods = [f.key.period for f in verdict.filings if f.key.period is not None]
    months = ", ".join(figures.month_code(period) for period in periods) or figures.NOTHING
    facts = (
        (say("column.form"), visitor.language.of(contract.title)),
        (say("column.month"), months),
        (say("check.rows_read"), str(verdict.rows)),
        (say("check.encoding"), verdict.encoding),
    )
    items = "".join(
        f"<div><dt>{esc(word)}</dt><dd>{esc(value)}</dd></div>" for word, value in facts
    )
    return f'<dl class="facts">{items}</dl>'
