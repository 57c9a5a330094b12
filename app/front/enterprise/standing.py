"""The four cards of an enterprise: its ratio, energy, value added and punctuality."""

from __future__ import annotations

from datetime import date

from front import figures
from front.data import Enterprise
from front.markup import Card, bar, cards, chip, esc, pill, sparkline
from front.reasons import price_chip, why_not_measured
from front.tones import Tone, against_target
from front.visitor import Visitor
from greenmfg.queries.enterprise import FilingMonth, Peers, Standing
from greenmfg.queries.quality import FirmQuality

_HEADROOM = 1.2
_MONTHS_DRAWN = 24


def standing_cards(visitor: Visitor, shown: Enterprise, month: date) -> str:
    ytd = shown.standings.get("ytd")
    bars = shown.bars[-_MONTHS_DRAWN:]
    energy = [None if b.energy_tce is None else float(b.energy_tce) for b in bars]
    added = [
        None if b.value_added_constant_10k_cny is None else float(b.value_added_constant_10k_cny)
        for b in bars
    ]
    return cards(
        [
            _intensity(visitor, shown, ytd, month),
            _energy(visitor, ytd, energy, month),
            _value_added(visitor, ytd, added, month),
            _punctuality(visitor, shown.filings, shown.quality),
        ]
    )


def _intensity(visitor: Visitor, shown: Enterprise, ytd: Standing | None, month: date) -> Card:
    say = visitor.say
    title = say("card.intensity", window=figures.year_to_date(month, visitor.language))
    if ytd is None or ytd.intensity is None:
        reason = "nothing_filed" if ytd is None else ytd.reason
        return Card(
            title,
            figures.NOTHING,
            say("unit.intensity"),
            Tone.PLAIN,
            pill(say("status.not_measurable")),
            why_not_measured(say, reason),
        )
    tone = against_target(ytd.intensity, ytd.target)
    over = ytd.intensity / ytd.target - 1
    verdict = (
        say("card.within_target")
        if tone is Tone.GOOD
        else say("card.above_district_target", share=figures.percent(over))
    )
    labels = price_chip(say, ytd.price_status)
    if ytd.provisional:
        labels += chip(say("month.provisional"), Tone.WARN)
    rolling = shown.standings.get("rolling_12")
    end = max(ytd.intensity, ytd.target) * _HEADROOM
    return Card(
        title=title,
        value=figures.intensity(ytd.intensity),
        unit=say("unit.intensity"),
        tone=tone,
        pills=pill(verdict, tone) + labels,
        sub=say(
            "card.enterprise_sub",
            target=figures.number(ytd.target, 4),
            rolling=figures.intensity(rolling.intensity if rolling else None),
            change=figures.signed_percent(figures.change(ytd.intensity, ytd.intensity_year_ago)),
        ),
        picture=sparkline(
            [b.intensity for b in shown.bars][-_MONTHS_DRAWN:], tone, ytd.target, 150, 46
        ),
        foot=f"<span>{esc(_industry(visitor, shown.peers))}</span>"
        f"<span>{esc(say('card.excess', tce=figures.signed(ytd.excess_tce)))}</span>"
        + bar(ytd.intensity / end, tone, ytd.target / end),
    )


def _industry(visitor: Visitor, peers: Peers | None) -> str:
    """The industry's ratio. A firm sees it only where the cell gives no other firm away."""
    say = visitor.say
    if peers is None or peers.ratio is None:
        return say("card.industry_none")
    if visitor.tenant is not None and peers.ratio_withheld is not None:
        return say(f"card.industry_{peers.ratio_withheld}")
    return say("card.industry", value=figures.intensity(peers.ratio), firms=peers.firms)


def _energy(
    visitor: Visitor, ytd: Standing | None, course: list[float | None], month: date
) -> Card:
    say = visitor.say
    now = None if ytd is None else ytd.energy_tce
    change = figures.change(now, None if ytd is None else ytd.energy_year_ago)
    return Card(
        title=say("card.energy", window=figures.year_to_date(month, visitor.language)),
        value=figures.tce(now),
        unit="tce",
        tone=Tone.GOOD,
        pills=pill(say("card.change", change=figures.signed_percent(change))),
        sub=say("card.energy_basis"),
        picture=sparkline(course, Tone.GOOD, width=110),
        foot=_matched(visitor, ytd),
    )


def _value_added(
    visitor: Visitor, ytd: Standing | None, course: list[float | None], month: date
) -> Card:
    say = visitor.say
    now = None if ytd is None else ytd.value_added_constant_10k_cny
    change = figures.change(now, None if ytd is None else ytd.value_added_year_ago)
    value, unit = figures.money(now, visitor.language)
    current, current_unit = figures.money(
        None if ytd is None else ytd.value_added_current_10k_cny, visitor.language
    )
    return Card(
        title=say("card.value_added", window=figures.year_to_date(month, visitor.language)),
        value=value,
        unit=unit,
        tone=Tone.GOOD,
        pills=pill(say("card.change", change=figures.signed_percent(change)))
        + price_chip(say, None if ytd is None else ytd.price_status),
        sub=say("card.value_added_current", value=f"{current} {current_unit}"),
        picture=sparkline(course, Tone.GOOD, width=110),
        foot=_matched(visitor, ytd),
    )


def _matched(visitor: Visitor, ytd: Standing | None) -> str:
    if ytd is None:
        return ""
    words = visitor.say("card.matched", matched=ytd.firm_months_matched, due=ytd.firm_months_due)
    share = ytd.firm_months_matched / ytd.firm_months_due if ytd.firm_months_due else None
    return f"<span>{esc(words)}</span>{bar(share, Tone.GOOD if share == 1 else Tone.WARN)}"


def _punctuality(visitor: Visitor, filings: list[FilingMonth], quality: FirmQuality | None) -> Card:
    say = visitor.say
    due = [filing for filing in filings if filing.state != "not_due_yet"]
    if not due:
        return Card(
            say("card.punctuality"), figures.NOTHING, "", Tone.PLAIN, "", say("empty.no_coverage")
        )
    punctual = sum(filing.state == "filed" for filing in due)
    late = sum(filing.state == "late" for filing in due)
    owing = len(due) - punctual - late
    tone = Tone.GOOD if not owing and not late else Tone.WARN if not owing else Tone.BAD
    verdict = (
        say("card.forms_owing", count=owing)
        if owing
        else say("card.forms_late", count=late)
        if late
        else say("card.all_punctual")
    )
    return Card(
        title=say("card.punctuality"),
        value=str(punctual),
        unit=f"/ {len(due)} {say('unit.reports')}",
        tone=tone,
        pills=pill(verdict, tone),
        sub=_quality(visitor, quality) or say("card.punctuality_sub"),
        foot=bar(punctual / len(due), tone),
    )


def _quality(visitor: Visitor, quality: FirmQuality | None) -> str:
    """The firm's own score and what it weighs; both say nothing of any other firm."""
    say = visitor.say
    if quality is None or quality.score is None:
        return ""
    score = say("quality.own", score=figures.number(quality.score, 1))
    shares = say(
        "quality.own_sub",
        complete=figures.percent(quality.completeness_share, 0),
        punctual=figures.percent(quality.punctuality_share, 0),
        passed=figures.percent(quality.pass_share, 0),
        days=quality.days_late,
    )
    return f"{score} · {shares}"
