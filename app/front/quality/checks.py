"""Every check by month: filings touched, failed, pass rate. Checks that found nothing are listed too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import streamlit as st

from front import data, figures
from front.frame import head, panel
from front.markup import Cell, chip, esc, table
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.checks.rules import load_rules
from greenmfg.contract.forms import Words
from greenmfg.queries.quality import CheckMonth

_MANY = 3
_TONES = {"error": Tone.BAD, "warning": Tone.WARN, "info": Tone.PLAIN}
_PLACE = re.compile(r"\{([a-z_0-9]+)\}")
# What a message says only of some rows: kept where it names a fact, or else dropped.
_OPTIONAL = re.compile(r"\[\[[a-z_0-9]+\]\](.*?)\[\[/\]\]")
_NAMED_PLACES = ("header", "item_name")


@cache
def _messages() -> dict[str, Words]:
    """The rule book of this installation: rules change with the software, not with a release."""
    return load_rules(data.settings().checks_dir).messages()


@dataclass(frozen=True)
class _Course:
    """One check over the months shown. `checked` is None where no month was counted."""

    check_id: str
    severity: str | None
    months: dict[date, CheckMonth]

    @property
    def failed(self) -> int:
        """Filings, and files that became none."""
        return sum(month.failed + month.files_failed for month in self.months.values())

    @property
    def findings(self) -> int:
        return sum(month.findings for month in self.months.values())

    @property
    def checked(self) -> int | None:
        counted = [m.checked for m in self.months.values() if m.checked is not None]
        return sum(counted) if counted else None

    @property
    def pass_share(self) -> float | None:
        """As in the mart: a file that became no filing is in both parts of the share."""
        if self.checked is None:
            return None
        touched = self.checked + sum(month.files_failed for month in self.months.values())
        return 1 - self.failed / touched if touched else None


def checks_panel(visitor: Visitor, found: Sequence[CheckMonth], month: date) -> None:
    say = visitor.say
    courses = _courses(found)
    fired = sorted((c for c in courses if c.findings), key=lambda c: (-c.failed, c.check_id))
    silent = [course for course in courses if not course.findings]
    with panel("quality_checks"):
        head(
            say,
            say("quality.checks"),
            say("quality.checks_sub", fired=len(fired), all=len(courses)),
            [say("method.check_months"), say("method.check_touched")],
            ("check_months", {}),
        )
        if fired:
            st.html(_matrix(visitor, fired, month))
        else:
            st.html(f'<p class="quiet">{esc(say("quality.none_fired"))}</p>')
        st.html(_silent(visitor, silent))


def _courses(found: Sequence[CheckMonth]) -> list[_Course]:
    """All checks there are, and any of an older rule book that found something."""
    ids = sorted({*_messages(), *(entry.check_id for entry in found)})
    of_check: dict[str, dict[date, CheckMonth]] = {check: {} for check in ids}
    severities: dict[str, str] = {}
    for entry in found:
        of_check[entry.check_id][entry.month] = entry
        severities[entry.check_id] = entry.severity
    return [_Course(check, severities.get(check), of_check[check]) for check in ids]


def _matrix(visitor: Visitor, courses: Sequence[_Course], month: date) -> str:
    say = visitor.say
    months = _months(month)
    month_heads = "".join(
        f'<th scope="col" class="cell" title="{figures.month_code(m)}">{m.month}</th>'
        for m in months
    )
    totals = "".join(
        f'<th scope="col" class="number">{esc(say(f"quality.column_{name}"))}</th>'
        for name in ("touched", "failed", "passed")
    )
    body = "".join(
        f'<tr><th scope="row">{_name(visitor, course)}</th>'
        + "".join(_cell(visitor, course.months.get(m), m) for m in months)
        + _totals(visitor, course)
        + "</tr>"
        for course in courses
    )
    label = esc(say("quality.checks"))
    return (
        f'<div class="scroll tall" tabindex="0" role="region" aria-label="{label}">'
        f'<table class="heat checks"><thead><tr><th scope="col">{esc(say("quality.column_check"))}</th>'
        f"{month_heads}{totals}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _months(last: date) -> list[date]:
    """The twelve months up to `last`."""
    months = [last]
    while len(months) < 12:
        first = months[0]
        months.insert(0, date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1))
    return months


def _name(visitor: Visitor, course: _Course) -> str:
    say = visitor.say
    mark = (
        chip(say(f"severity.{course.severity}"), _TONES[course.severity]) if course.severity else ""
    )
    return (
        f"<code>{esc(course.check_id)}</code> {mark}"
        f'<span class="under">{esc(_text(visitor, course.check_id))}</span>'
    )


def _text(visitor: Visitor, check_id: str) -> str:
    """The check's own message with its places blank: of no row in particular."""
    words = _messages().get(check_id)
    if words is None:
        return visitor.say("quality.unknown_check")
    text = visitor.language.of(words).replace("{at}", "")
    text = _OPTIONAL.sub(lambda part: part[1] if _PLACE.search(part[1]) else "", text)

    def blank(place: re.Match[str]) -> str:
        named = place[1] in _NAMED_PLACES
        return visitor.say(f"quality.place_{place[1]}") if named else "…"

    text = _PLACE.sub(blank, text)
    return text[:1].upper() + text[1:]


def _cell(visitor: Visitor, entry: CheckMonth | None, month: date) -> str:
    """Colour and number are the filings that failed; the words say all three figures."""
    say = visitor.say
    code = figures.month_code(month)
    if entry is None:
        words = say("quality.cell_none", month=code)
        return f'<td class="waiting" title="{esc(words)}"><span class="unseen">{esc(words)}</span></td>'
    failed = entry.failed + entry.files_failed
    kind = "all" if not failed else "few" if failed < _MANY else "many"
    words = (
        say("quality.cell_uncounted", month=code, failed=failed)
        if entry.checked is None
        else say(
            "quality.cell",
            month=code,
            checked=entry.checked,
            failed=failed,
            share=figures.percent(entry.pass_share),
        )
    )
    shown = str(failed) if failed else ""
    return (
        f'<td class="{kind}" title="{esc(words)}"><span aria-hidden="true">{shown}</span>'
        f'<span class="unseen">{esc(words)}</span></td>'
    )


def _totals(visitor: Visitor, course: _Course) -> str:
    cells = (
        _touched(visitor, course),
        figures.number(course.failed),
        figures.percent(course.pass_share, 2),
    )
    return "".join(f'<td class="number">{esc(cell)}</td>' for cell in cells)


def _touched(visitor: Visitor, course: _Course) -> str:
    """How many filings the check looked at: none where no such form came in."""
    if not course.months:
        return visitor.say("quality.no_form")
    if course.checked is None:
        return visitor.say("quality.not_counted")
    return figures.number(course.checked)


def _silent(visitor: Visitor, silent: Sequence[_Course]) -> str:
    """Checks without a finding: how many filings they passed, or that nobody counted."""
    if not silent:
        return ""
    say = visitor.say
    rows = [
        [
            Cell(f"<code>{esc(course.check_id)}</code>"),
            Cell.text(_text(visitor, course.check_id)),
            Cell.figure(_touched(visitor, course)),
        ]
        for course in silent
    ]
    headers = [
        (say("quality.column_id"), False),
        (say("quality.column_check"), False),
        (say("quality.column_touched"), True),
    ]
    title = say("quality.silent", count=len(silent))
    return (
        f'<details class="tidied"><summary>{esc(title)}</summary>'
        f"{table(headers, rows, title)}</details>"
    )
