"""Rows of the plan as a table: value, what the plan says, gap, status, and on which basis."""

from __future__ import annotations

from collections.abc import Sequence

from front import figures
from front.markup import Cell, bar, chip, esc, pill, table
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.contract.forms import Words
from greenmfg.queries.scoreboard import Score, Status

_TONES: dict[Status, Tone] = {
    "reached": Tone.GOOD,
    "not_reached": Tone.BAD,
    "on_the_way": Tone.PLAIN,
    "counted": Tone.PLAIN,
    "compared": Tone.PLAIN,
    "not_measurable": Tone.WARN,
}


def rows(visitor: Visitor, scores: Sequence[Score], label: str) -> str:
    say = visitor.say
    headers = [
        (say("scoreboard.column_indicator"), False),
        (say("scoreboard.column_value"), True),
        (say("scoreboard.column_target"), True),
        (say("scoreboard.column_gap"), True),
        (say("scoreboard.column_status"), False),
        (say("scoreboard.column_basis"), False),
    ]
    return table(headers, [_row(visitor, score) for score in scores], label, "board")


def _row(visitor: Visitor, score: Score) -> list[Cell]:
    return [
        Cell(_indicator(visitor, score)),
        Cell(_value(score), numeric=True),
        Cell.figure(_planned(visitor, score)),
        Cell(_gap(score), numeric=True),
        Cell(pill(visitor.say(f"scoreboard.{score.status}"), _TONES[score.status])),
        Cell(_basis(visitor, score)),
    ]


def _indicator(visitor: Visitor, score: Score) -> str:
    name = visitor.language.pick(score.indicator_zh, score.indicator_en) or score.target_id
    under = " · ".join(part for part in (score.target_id, score.entity_scope) if part)
    return f'<b>{esc(name)}</b><span class="under">{esc(under)}</span>'


def _value(score: Score) -> str:
    if score.measured_value is None:
        return esc(figures.NOTHING)
    text = f"<b>{esc(figures.number(score.measured_value, score.decimals))}</b> "
    text += f'<span class="unit">{esc(score.unit or "")}</span>'
    if score.direction == "at_least" and score.target_low:
        share = float(score.measured_value / score.target_low)
        text += bar(share, _TONES[score.status])
    return text


def _planned(visitor: Visitor, score: Score) -> str:
    if score.target_low is not None and score.target_high is not None:
        target = figures.plain(score.target_low)
        if score.target_high != score.target_low:
            target = f"{target}–{figures.plain(score.target_high)}"
        return visitor.say("scoreboard.due_year", target=target, year=score.target_year)
    if score.baseline_value is not None:
        return visitor.say(
            "scoreboard.due_year",
            target=figures.plain(score.baseline_value),
            year=score.baseline_year,
        )
    return figures.NOTHING


def _gap(score: Score) -> str:
    if score.gap is None:
        return esc(figures.NOTHING)
    share = figures.signed_percent(score.gap_share)
    return (
        f'{esc(figures.signed(score.gap, score.decimals))}<span class="under">{esc(share)}</span>'
    )


def _basis(visitor: Visitor, score: Score) -> str:
    say, pick = visitor.say, visitor.language.pick
    lines = []
    if score.measured_value is None:
        # Not `pick`: the reason stands inside a sentence and has no capital.
        reason = visitor.language.of(Words(score.reason_zh or "", score.reason_en or ""))
        lines.append(say("scoreboard.because", reason=reason))
    else:
        lines.append(_window(visitor, score))
        lines.append(pick(score.basis_zh, score.basis_en) or "")
    lines.append(say("scoreboard.quote", quote=score.quote_zh))
    mark = "" if score.is_settled else chip(say("scoreboard.to_confirm"), Tone.WARN)
    return mark + "".join(f'<span class="under">{esc(line)}</span>' for line in lines if line)


def _window(visitor: Visitor, score: Score) -> str:
    say = visitor.say
    if score.value_window is None or score.first_month is None or score.last_month is None:
        return ""
    first, last = figures.month_code(score.first_month), figures.month_code(score.last_month)
    # A month-end has no first month to name; the others do.
    places = {"last": last} if score.value_window == "month_end" else {"first": first, "last": last}
    text = say(f"scoreboard.window_{score.value_window}", **places)
    if score.firm_months_due:
        filed = say("scoreboard.filed", filed=score.firm_months_filed, due=score.firm_months_due)
        text = f"{text} · {filed}"
    return text
