"""The four cards of the audits page: count, forecast, clocks, savings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from front import figures
from front.data import AuditProgram
from front.markup import Card, bar, cards, esc, pill
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.audit_program import OpenClock

_SOON_DAYS = 30


def program_cards(visitor: Visitor, shown: AuditProgram, month: date) -> str:
    return cards(
        [
            _count(visitor, shown),
            _forecast(visitor, shown, month),
            _clocks(visitor, shown),
            _savings(visitor, shown),
        ]
    )


def _count(visitor: Visitor, shown: AuditProgram) -> Card:
    say = visitor.say
    if not shown.months:
        return Card(
            say("card.audits"), figures.NOTHING, "", Tone.PLAIN, "", say("program.before_plan")
        )
    now = shown.months[-1]
    reached = now.accepted_enterprises >= now.target
    left = figures.plain(now.target - now.accepted_enterprises)
    verdict = say("status.reached") if reached else say("program.to_go", count=left)
    after = now.accepted_after_window
    note = say("card.audits_after", count=after) if after else say("card.audits_window")
    return Card(
        title=say("card.audits"),
        value=str(now.accepted_enterprises),
        unit=f"/ {figures.plain(now.target)} {say('unit.firms')}",
        tone=Tone.GOOD if reached else Tone.WARN,
        pills=pill(verdict, Tone.GOOD if reached else Tone.WARN),
        sub=say(
            "card.audits_sub",
            mandatory=now.accepted_mandatory,
            energy=now.accepted_energy_over,
            voluntary=now.accepted_voluntary,
        ),
        foot=f"<span>{esc(note)}</span>"
        f"<span>{esc(say('program.by_audits', count=now.accepted_audits))}</span>"
        + bar(now.share, Tone.GOOD),
    )


def _forecast(visitor: Visitor, shown: AuditProgram, month: date) -> Card:
    say, forecast = visitor.say, shown.forecast
    title = say("program.forecast_card", year=month.year)
    if forecast is None:
        return Card(title, figures.NOTHING, "", Tone.PLAIN, "", say("program.no_forecast"))
    if forecast.became is not None:
        return Card(
            title=say("program.became_card", year=month.year),
            value=str(forecast.became),
            unit=say("unit.firms"),
            tone=Tone.PLAIN,
            pills=pill(say("program.year_over")),
            sub=say("program.was_forecast", expected=figures.number(forecast.expected, 1)),
            foot=f"<span>{esc(say('program.band', low=forecast.low, high=forecast.high))}</span>",
        )
    if forecast.expected is None:
        return Card(
            title, figures.NOTHING, "", Tone.PLAIN, pill(say("status.not_measurable")),
            say("program.too_few", open=forecast.rounds_open),
        )  # fmt: skip
    scope = "program.after_plan" if forecast.is_after_target_years else "program.toward_target"
    return Card(
        title=title,
        value=figures.number(forecast.expected, 1),
        unit=say("unit.firms"),
        tone=Tone.PLAIN,
        pills=pill(say("program.band", low=forecast.low, high=forecast.high)),
        sub=say(scope, so_far=forecast.accepted_so_far),
        foot="<span>"
        + esc(say("program.rounds", measured=forecast.rounds_forecast, open=forecast.rounds_open))
        + "</span>",
    )


def _clocks(visitor: Visitor, shown: AuditProgram) -> Card:
    say = visitor.say
    overdue = [clock for clock in shown.clocks if clock.days_left < 0]
    soon = [clock for clock in shown.clocks if 0 <= clock.days_left <= _SOON_DAYS]
    tone = Tone.BAD if overdue else Tone.GOOD
    worst = -overdue[0].days_left if overdue else 0
    verdict = say("program.worst", days=worst) if overdue else say("card.none_overdue")
    return Card(
        title=say("program.clocks_card"),
        value=str(len(overdue)),
        unit=f"/ {len(shown.clocks)} {say('program.unit_clocks')}",
        tone=tone,
        pills=pill(verdict, tone),
        sub=say("program.soon", count=len(soon), days=_SOON_DAYS),
        foot=f"<span>{esc(say('program.rounds_late', count=_rounds(overdue)))}</span>"
        + bar(len(overdue) / len(shown.clocks) if shown.clocks else None, tone),
    )


def _rounds(clocks: Sequence[OpenClock]) -> int:
    return len({(clock.uscc, clock.audit_round) for clock in clocks})


def _savings(visitor: Visitor, shown: AuditProgram) -> Card:
    """All accepted up to the month: what was measured, against the claims of the same rounds."""
    say = visitor.say
    title = say("program.savings_card")
    found = [window for window in shown.savings_windows if window.window_name == "so_far"]
    if not found or found[0].realised_tce is None:
        rounds = found[0].rounds_accepted if found else 0
        return Card(
            title,
            figures.NOTHING,
            "",
            Tone.PLAIN,
            pill(say("status.not_measurable")),
            say("program.none_measured", rounds=rounds),
        )
    so_far, realised = found[0], found[0].realised_tce
    claimed = so_far.claimed_where_realised_tce
    tone = Tone.GOOD if claimed is None or realised >= claimed else Tone.WARN
    measured = say(
        "program.measured_of", measured=so_far.rounds_realised, rounds=so_far.rounds_accepted
    )
    return Card(
        title=title,
        value=figures.tce(realised),
        unit=say("unit.tce_a_year"),
        tone=tone,
        pills=pill(say("program.claimed_same", tce=figures.tce(claimed)), tone),
        sub=say("program.savings_sub"),
        foot=f"<span>{esc(measured)}</span>",
    )
