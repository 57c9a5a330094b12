"""The four cards: the month's score and the three shares it weighs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from front import figures
from front.data import DataQuality
from front.markup import Card, bar, cards, esc, pill, sparkline
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.overview import Quality

_GOOD_SHARE = 0.95


def quality_cards(visitor: Visitor, shown: DataQuality, month: date) -> str:
    say = visitor.say
    now = shown.months[-1] if shown.months and shown.months[-1].month == month else None
    return cards(
        [
            _score(visitor, shown, now, month),
            _share(visitor, shown, now, "completeness", lambda q: q.completeness_share),
            _share(visitor, shown, now, "punctuality", lambda q: q.punctuality_share),
            _share(
                visitor,
                shown,
                now,
                "pass",
                lambda q: q.pass_share,
                ""
                if now is None
                else say(
                    "quality.found",
                    filings=now.filings,
                    errors=now.findings_error,
                    warnings=now.findings_warning,
                ),
            ),
        ]
    )


def _score(visitor: Visitor, shown: DataQuality, now: Quality | None, month: date) -> Card:
    say = visitor.say
    title = say("card.quality_of", month=figures.month_words(month, visitor.language))
    if now is None:
        return Card(title, figures.NOTHING, "", Tone.PLAIN, "", say("empty.no_quality"))
    share = None if now.score is None else now.score / 100
    tone = _tone(share)
    returned = now.filings_returned
    verdict = say("card.returned", count=returned) if returned else say("card.none_returned")
    return Card(
        title=title,
        value=figures.number(now.score, 1),
        unit="/ 100",
        tone=tone,
        pills=pill(verdict, Tone.WARN if returned else Tone.GOOD),
        sub=say("quality.score_sub"),
        picture=sparkline([entry.score for entry in shown.months], tone),
        foot=bar(share, tone),
    )


def _share(
    visitor: Visitor,
    shown: DataQuality,
    now: Quality | None,
    name: str,
    of: Callable[[Quality], float | None],
    note: str = "",
) -> Card:
    say = visitor.say
    share = None if now is None else of(now)
    tone = _tone(share)
    return Card(
        title=say(f"quality.{name}_card"),
        value=figures.percent(share) if share is not None else figures.NOTHING,
        unit="",
        tone=tone,
        pills="",
        sub=say(f"quality.{name}_sub"),
        picture=sparkline([of(entry) for entry in shown.months], tone),
        foot=f"<span>{esc(note)}</span>{bar(share, tone)}",
    )


def _tone(share: float | None) -> Tone:
    return Tone.PLAIN if share is None else Tone.GOOD if share >= _GOOD_SHARE else Tone.WARN
