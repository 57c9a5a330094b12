"""The scoreboard page, in reading order: how many are reached, the targets, baselines, rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from front import data, figures
from front.frame import head, nothing, page_head, panel, release_parts
from front.markup import Card, cards
from front.scoreboard.rows import rows
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.scoreboard import Score, Scoreboard, Status

_CARDS: tuple[tuple[Status, Tone], ...] = (
    ("reached", Tone.GOOD),
    ("not_reached", Tone.BAD),
    ("on_the_way", Tone.PLAIN),
    ("not_measurable", Tone.WARN),
)
_NAMES_SHOWN = 3
_KINDS = ("target", "baseline", "rule")


def scoreboard_page(visitor: Visitor) -> None:
    """For the bureau only: no firm's navigation leads here."""
    say = visitor.say
    published = data.current_release()
    if published is None:
        raise data.ReleaseMoved
    release = published.release
    facts = data.facts(release)
    months = data.scored_months(release)
    if not months:
        page_head(say("scoreboard.title"), release_parts(say, published, facts))
        nothing(say("scoreboard.none_title"), say("scoreboard.none"))
        return
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    with right:
        month = _month(visitor, months, facts.data_through)
    board = data.scoreboard_of(release, month)
    with left:
        parts = release_parts(say, published, facts)
        parts.insert(0, (say("scoreboard.as_of"), figures.month_code(month)))
        if board.is_final:
            parts.insert(1, ("", say("scoreboard.final")))
        page_head(say("scoreboard.title"), parts)
    st.html(_cards(visitor, board))
    for kind in _KINDS:
        _panel(visitor, board, kind)


def _month(visitor: Visitor, months: dict[date, bool], headline: date | None) -> date:
    """The chosen month; the headline month until another is chosen. Final evaluations are marked."""
    newest_first = list(months)

    def words(month: date) -> str:
        text = figures.month_words(month, visitor.language)
        return visitor.say("scoreboard.month_final", month=text) if months[month] else text

    chosen: date = st.selectbox(
        visitor.say("month.label"),
        newest_first,
        index=newest_first.index(headline) if headline in months else 0,
        format_func=words,
        key="scoreboard_month",
    )
    return chosen


def _cards(visitor: Visitor, board: Scoreboard) -> str:
    say = visitor.say
    targets = board.of("target")
    return cards(
        [
            Card(
                title=say(f"scoreboard.{status}"),
                value=str(board.count(status)),
                unit=f"/ {len(targets)}",
                tone=tone,
                pills="",
                sub=_named(visitor, [score for score in targets if score.status == status]),
            )
            for status, tone in _CARDS
        ]
    )


def _named(visitor: Visitor, scores: Sequence[Score]) -> str:
    """The targets by name, or by number where the names would crowd the card."""
    names = [visitor.language.pick(s.indicator_zh, s.indicator_en) or s.target_id for s in scores]
    if len(names) > _NAMES_SHOWN:
        names = [score.target_id for score in scores]
    return " · ".join(names) or figures.NOTHING


def _panel(visitor: Visitor, board: Scoreboard, kind: str) -> None:
    say = visitor.say
    scores = board.of(kind)
    if not scores:
        return
    method = [say("scoreboard.method_data"), say("scoreboard.method_low")]
    if kind == "target":
        method = [say("scoreboard.method_year"), say("scoreboard.method_land"), *method]
    sub = (
        say("scoreboard.target_sub", count=len(scores))
        if kind == "target"
        else say(f"scoreboard.{kind}_sub")
    )
    with panel(f"scoreboard_{kind}"):
        head(
            say,
            say(f"scoreboard.{kind}"),
            sub,
            method,
            ("plan_scoreboard", {"month": figures.month_code(board.month)}),
        )
        st.html(rows(visitor, scores, say(f"scoreboard.{kind}")))
