"""Firms by their quality score: which reports came, in time, and without an error."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from front import figures
from front.frame import head, panel
from front.markup import Cell, bar, esc, firm_link, table
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.quality import FirmQuality, QualityWindow

_PAGE = 100
_GOOD, _FAIR = 95, 80


def firms_panel(
    visitor: Visitor, firms: Sequence[FirmQuality], month: date, window: QualityWindow
) -> None:
    say = visitor.say
    with panel("quality_firms"):
        perfect = sum(firm.score is not None and round(firm.score, 1) >= 100 for firm in firms)
        head(
            say,
            say("quality.firms"),
            say(
                "quality.firms_sub",
                window=say(f"window.{window}"),
                perfect=perfect,
                count=len(firms),
            ),
            [say("method.quality_score"), say("method.quality_shares")],
            (
                "enterprise_quality_months",
                {"month": figures.month_code(month), "window_name": window},
            ),
        )
        if not firms:
            st.html(f'<p class="quiet">{esc(say("quality.no_firms"))}</p>')
            return
        headers = [
            (say("column.firm"), False),
            (say("quality.column_score"), True),
            (say("quality.column_complete"), True),
            (say("quality.column_in_time"), True),
            (say("quality.column_days_late"), True),
            (say("quality.column_without_error"), True),
            (say("quality.column_corrections"), True),
        ]
        rows = [_row(firm) for firm in firms[:_PAGE]]
        st.html(table(headers, rows, say("quality.firms"), "wide tall"))
        if len(firms) > _PAGE:
            note = say("benchmarks.more", shown=_PAGE, count=len(firms))
            st.html(f'<p class="quiet">{esc(note)}</p>')


def score_tone(score: float | None) -> Tone:
    """Ours: what is called good and fair."""
    if score is None:
        return Tone.PLAIN
    return Tone.GOOD if score >= _GOOD else Tone.WARN if score >= _FAIR else Tone.BAD


def _row(firm: FirmQuality) -> list[Cell]:
    tone = score_tone(firm.score)
    return [
        Cell(
            f"{firm_link(firm.uscc, firm.name)}"
            f'<span class="under">{esc(firm.park or figures.NOTHING)}</span>'
        ),
        Cell(
            f"<b>{esc(figures.number(firm.score, 1))}</b>"
            + bar(None if firm.score is None else firm.score / 100, tone),
            numeric=True,
        ),
        _share(firm.completeness_share, firm.forms_filed, firm.forms_due),
        _share(firm.punctuality_share, firm.forms_in_time, firm.forms_due),
        Cell.figure(figures.number(firm.days_late)),
        _share(firm.pass_share, firm.filings_passed, firm.filings),
        Cell.figure(figures.number(firm.corrections)),
    ]


def _share(share: float | None, part: int, whole: int) -> Cell:
    return Cell(
        f'{esc(figures.percent(share, 0))}<span class="under">{part}/{whole}</span>', numeric=True
    )
