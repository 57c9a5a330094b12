"""The four cards: intensity against its target, audits, filing coverage, data quality."""

from __future__ import annotations

from front import figures
from front.data import Overview
from front.markup import Card, bar, cards, chip, esc, pill, sparkline
from front.reasons import price_chip, why_not_measured
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.overview import AuditProgress, Coverage, Headline, Quality

# A bar that carries a target ends a little beyond the larger of the two.
_HEADROOM = 1.2
_GOOD_SHARE = 0.95


def overview_cards(visitor: Visitor, shown: Overview, headline: Headline) -> str:
    return cards(
        [
            _intensity(visitor, shown, headline),
            _audits(visitor, shown.audits, sum(stage.overdue for stage in shown.stages)),
            _coverage(visitor, shown.coverage, headline),
            _quality(visitor, shown.quality),
        ]
    )


def _intensity(visitor: Visitor, shown: Overview, headline: Headline) -> Card:
    say = visitor.say
    target = float(headline.target_high)
    value = headline.intensity_ytd
    if value is None or headline.gap_share is None:
        tone, verdict = Tone.PLAIN, pill(say("status.not_measurable"))
        foot = f"<span>{esc(why_not_measured(say, headline.reason))}</span>"
    else:
        tone = Tone.GOOD if headline.reached else Tone.WARN
        verdict = pill(_verdict(visitor, headline), tone)
        end = max(value, target) * _HEADROOM
        covered = say("card.coverage", share=figures.percent(headline.coverage_share))
        foot = f"<span>{esc(_to_save(visitor, headline))}</span><span>{esc(covered)}</span>"
        foot += bar(value / end, tone, target / end)
    labels = price_chip(say, headline.price_status)
    if headline.provisional:
        labels += chip(say("month.provisional"), Tone.WARN)
    before = figures.change(value, headline.intensity_ytd_year_ago)
    return Card(
        title=say("card.intensity", window=figures.year_to_date(headline.month, visitor.language)),
        value=figures.intensity(value),
        unit=say("unit.intensity"),
        tone=tone,
        pills=verdict + labels,
        sub=say(
            "card.intensity_sub",
            target=figures.plain(headline.target_high),
            year=headline.target_year,
            rolling=figures.intensity(headline.intensity_rolling_12),
            change=figures.signed_percent(before),
        ),
        picture=sparkline([p.rolling_12 for p in shown.series][-24:], tone, target, 150, 46),
        foot=foot,
    )


def _verdict(visitor: Visitor, headline: Headline) -> str:
    if headline.reached:
        return visitor.say("status.reached")
    if headline.standing == "close":
        share = figures.percent(headline.gap_share)
        return visitor.say("card.close_to_target", share=share)
    return visitor.say("card.above_target", share=figures.percent(headline.gap_share))


def _to_save(visitor: Visitor, headline: Headline) -> str:
    if headline.reached:
        return visitor.say("card.nothing_to_save")
    return visitor.say("card.to_save", tce=figures.tce(headline.tce_to_save))


def _audits(visitor: Visitor, progress: AuditProgress | None, overdue: int) -> Card:
    say = visitor.say
    if progress is None:
        return _without(say("card.audits"), say("empty.no_audits"))
    tone = Tone.BAD if overdue else Tone.GOOD
    verdict = say("card.overdue", count=overdue) if overdue else say("card.none_overdue")
    sub = say(
        "card.audits_sub",
        mandatory=progress.accepted_mandatory,
        energy=progress.accepted_energy_over,
        voluntary=progress.accepted_voluntary,
    )
    target = figures.plain(progress.target)
    after = progress.accepted_after_window
    note = say("card.audits_after", count=after) if after else say("card.audits_window")
    return Card(
        title=say("card.audits"),
        value=str(progress.accepted_enterprises),
        unit=f"/ {target} {say('unit.firms')}",
        tone=tone,
        pills=pill(verdict, tone),
        sub=sub,
        foot=f"<span>{esc(note)}</span><span>{esc(figures.percent(progress.share, 0))}</span>"
        + bar(progress.share, Tone.GOOD),
    )


def _coverage(visitor: Visitor, series: list[Coverage], headline: Headline) -> Card:
    say = visitor.say
    now = series[-1] if series and series[-1].month == headline.month else None
    title = say("card.filing", month=figures.month_words(headline.month, visitor.language))
    if now is None or not now.firms_due:
        return _without(title, say("empty.no_coverage"))
    complete = now.firms_complete / now.firms_due
    owing = now.firms_due - now.firms_complete
    tone = Tone.GOOD if complete >= _GOOD_SHARE else Tone.WARN
    verdict = say("card.owing", count=owing) if owing else say("card.all_filed")
    course = [entry.firms_complete / entry.firms_due for entry in series if entry.firms_due]
    return Card(
        title=title,
        value=figures.number(complete * 100, 1),
        unit="%",
        tone=tone,
        pills=pill(verdict, tone),
        sub=say("card.filing_sub", late=now.firms_late, review=now.firms_in_review),
        picture=sparkline(course, tone),
        foot=f"<span>{esc(say('card.filing_foot', complete=now.firms_complete, due=now.firms_due))}"
        f"</span><span>{esc(say('card.due_on', day=f'{now.due_on:%m-%d}'))}</span>"
        + bar(complete, tone),
    )


def _quality(visitor: Visitor, series: list[Quality]) -> Card:
    say = visitor.say
    if not series:
        return _without(say("card.quality"), say("empty.no_quality"))
    now = series[-1]
    share = None if now.score is None else now.score / 100
    tone = Tone.PLAIN if share is None else Tone.GOOD if share >= _GOOD_SHARE else Tone.WARN
    returned = now.filings_returned
    found = say("card.quality_foot", errors=now.findings_error, warnings=now.findings_warning)
    verdict = say("card.returned", count=returned) if returned else say("card.none_returned")
    return Card(
        title=say("card.quality_of", month=figures.month_words(now.month, visitor.language)),
        value=figures.number(now.score, 1),
        unit="/ 100",
        tone=tone,
        pills=pill(verdict, Tone.WARN if returned else Tone.GOOD),
        sub=say(
            "card.quality_sub",
            complete=figures.percent(now.completeness_share),
            punctual=figures.percent(now.punctuality_share),
            passed=figures.percent(now.pass_share),
        ),
        picture=sparkline([entry.score for entry in series], tone),
        foot=f"<span>{esc(found)}</span>{bar(share, tone)}",
    )


def _without(title: str, note: str) -> Card:
    return Card(title, figures.NOTHING, "", Tone.PLAIN, "", note)
