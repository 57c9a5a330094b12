"""Rounds that failed or were repeated, and audits that cover several firms of a park."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from front import figures
from front.frame import head, panel
from front.markup import Cell, esc, firm_link, pill, table
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.audit_rounds import ParkAudit, RepeatedRound


def repeated_panel(visitor: Visitor, rounds: Sequence[RepeatedRound]) -> None:
    say = visitor.say
    failed = sum(entry.failed_on is not None for entry in rounds)
    firms = len({entry.current_uscc for entry in rounds if entry.rounds > 1})
    with panel("audit_repeated"):
        head(
            say,
            say("program.repeated"),
            say("program.repeated_sub", failed=failed, firms=firms),
            [say("method.audits"), say("method.repeated")],
            ("cleaner_production_audits", {}),
        )
        if not rounds:
            st.html(f'<p class="quiet">{esc(say("program.none_repeated"))}</p>')
            return
        headers = [
            (say("column.firm"), False),
            (say("program.column_round"), False),
            (say("program.column_failed"), True),
            (say("program.column_accepted"), True),
            (say("program.column_counts"), False),
        ]
        counted = {entry.current_uscc for entry in rounds if entry.counts_toward_target}
        rows = [_round(visitor, entry, entry.current_uscc in counted) for entry in rounds]
        st.html(table(headers, rows, say("program.repeated"), "tall"))


def _round(visitor: Visitor, entry: RepeatedRound, firm_counts: bool) -> list[Cell]:
    say = visitor.say
    place = say("program.place", place=entry.place, rounds=entry.rounds)
    stage = visitor.language.pick(entry.last_stage_zh, entry.last_stage_en) or figures.NOTHING
    failed = f'<b class="bad">{entry.failed_on}</b>' if entry.failed_on else figures.NOTHING
    counts = (
        pill(say("rounds.counts"), Tone.GOOD)
        if entry.counts_toward_target
        else f'<span class="under">{esc(_why_not(visitor, entry, firm_counts))}</span>'
    )
    return [
        Cell(
            f"{firm_link(entry.uscc, entry.name)}"
            f'<span class="under">{esc(entry.park or figures.NOTHING)}</span>'
        ),
        Cell(
            f"{esc(say('rounds.round', round=entry.audit_round))}"
            f'<span class="under">{esc(f"{place} · {stage}")}</span>'
        ),
        Cell(failed, numeric=True),
        Cell.figure(entry.accepted_on.isoformat() if entry.accepted_on else figures.NOTHING),
        Cell(counts),
    ]


def _why_not(visitor: Visitor, entry: RepeatedRound, firm_counts: bool) -> str:
    if entry.accepted_on is None:
        return visitor.say("program.not_accepted")
    return visitor.say("program.counted_by_another" if firm_counts else "program.outside_plan")


def park_panel(visitor: Visitor, audits: Sequence[ParkAudit]) -> None:
    say = visitor.say
    with panel("park_audits"):
        head(
            say,
            say("program.park_audits"),
            say("program.park_sub"),
            [say("method.park_audits")],
            ("cleaner_production_audits", {}),
        )
        if not audits:
            st.html(f'<p class="quiet">{esc(say("program.no_park_audits"))}</p>')
            return
        headers = [
            (say("program.column_audit"), False),
            (say("program.column_accepted"), True),
            (say("program.column_firms"), True),
        ]
        rows = [
            [
                Cell(
                    f"<b>{esc(audit.park or figures.NOTHING)}</b>"
                    f'<span class="under">{esc(audit.document_no or say("program.no_document"))}</span>'
                    f'<span class="under">{esc("、".join(audit.names))}</span>'
                ),
                Cell.figure(audit.accepted_on.isoformat() if audit.accepted_on else "—"),
                Cell(
                    f'<b>{audit.enterprises}</b><span class="under">'
                    f"{esc(say('program.counted_of', counted=audit.counted))}</span>",
                    numeric=True,
                ),
            ]
            for audit in audits
        ]
        st.html(table(headers, rows, say("program.park_audits"), "tall"))
