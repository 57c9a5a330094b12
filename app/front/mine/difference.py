"""Two versions of one report beside each other: each changed cell, and the month's indicators."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from front import figures
from front.filing.cells import column_name, shown
from front.frame import head, panel
from front.markup import Cell, chip, esc, pill, table
from front.reasons import price_chip, why_not_measured
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.contract import Contract
from greenmfg.portal import Effect, MonthFigures, Office, OwnVersion, RowChange
from greenmfg.records import FilingState

_TONES = {"changed": Tone.WARN, "added": Tone.GOOD, "removed": Tone.BAD}
# What a person can look through; more rows than this changed means another report altogether.
_CELLS = 400


def difference_panel(
    who: Visitor, office: Office, uscc: str, versions: Sequence[OwnVersion]
) -> None:
    say = who.say
    numbers = [one.filing.version for one in versions]
    with panel("difference"):
        head(say, say("difference.title"), say("difference.sub"), [say("difference.method")], None)
        left, right = st.columns(2)
        key = versions[0].filing.key
        with left:
            before = _chosen(who, "difference.before", numbers, len(numbers) - 2, key)
        with right:
            after = _chosen(who, "difference.after", numbers, len(numbers) - 1, key)
        by_number = {one.filing.version: one.filing for one in versions}
        was, now = by_number[before], by_number[after]
        if was.id == now.id:
            st.html(f'<p class="quiet">{esc(say("difference.same_version"))}</p>')
            return
        contract = office.every_contract[now.form]
        if FilingState.RETURNED in (was.state, now.state):
            st.html(f'<p class="quiet">{esc(say("difference.returned"))}</p>')
        st.html(_changes(who, office, contract, office.compared(uscc, was.id, now.id)))
        effect = office.effect(uscc, was.id, now.id)
        if effect is not None:
            st.html(_effect(who, effect))


def _chosen(who: Visitor, word: str, numbers: list[int], index: int, key: object) -> int:
    chosen: int = st.selectbox(
        who.say(word),
        numbers,
        index=index,
        format_func=lambda number: who.say("behind.version", version=number),
        # Of another report, other versions: its choice is its own.
        key=f"{word} {key}",
    )
    return chosen


def _changes(who: Visitor, office: Office, contract: Contract, changes: Sequence[RowChange]) -> str:
    say = who.say
    if not changes:
        return f'<p class="quiet">{esc(say("difference.none"))}</p>'
    rows = []
    for change in changes:
        kind = pill(say(f"row.{change.kind}"), _TONES[change.kind])
        name = esc(_row_name(who, office, contract, change.key))
        for cell in change.cells:
            column = contract.by_name[cell.column]
            before, after = (shown(who, office, column, v) for v in (cell.before, cell.after))
            rows.append(
                [
                    Cell(f"{kind} {name}"),
                    Cell.text(column_name(who, column)),
                    Cell(f"<del>{esc(before)}</del>" if before else figures.NOTHING),
                    Cell(f"<ins>{esc(after)}</ins>" if after else figures.NOTHING),
                ]
            )
        if not change.cells:
            rows.append([Cell(f"{kind} {name}"), *[Cell.text(figures.NOTHING)] * 3])
    more = ""
    if len(rows) > _CELLS:
        more = f'<p class="quiet">{esc(say("check.more_findings", count=len(rows) - _CELLS))}</p>'
    headers = [
        (say("difference.row"), False),
        (say("difference.column"), False),
        (say("difference.before"), False),
        (say("difference.after"), False),
    ]
    return table(headers, rows[:_CELLS], say("difference.title"), "difference") + more


def _row_name(who: Visitor, office: Office, contract: Contract, key: Mapping[str, Any]) -> str:
    parts = [
        shown(who, office, contract.by_name[name], value)
        for name, value in key.items()
        if name not in ("uscc", contract.period)
    ]
    return " · ".join(part for part in parts if part) or who.say("difference.whole")


def _effect(who: Visitor, effect: Effect) -> str:
    say = who.say
    title = f'<h3 class="ask">{esc(say("effect.title"))}</h3>'
    if not effect.trusted:
        return f'{title}<p class="quiet">{esc(say("effect.disagrees"))}</p>'
    before, after = effect.before, effect.after
    rows = [
        _line(say("behind.energy"), "tce", before.energy_tce, after.energy_tce, figures.plain),
        _line(
            f"{say('behind.value_added')} · {say('effect.current')}",
            say("unit.value_added"),
            before.value_added_10k_cny,
            after.value_added_10k_cny,
            figures.plain,
        ),
        _line(
            say("behind.intensity"),
            say("unit.intensity"),
            before.intensity,
            after.intensity,
            figures.intensity,
        ),
    ]
    headers = [
        (say("effect.indicator"), False),
        (say("difference.before"), True),
        (say("difference.after"), True),
        (say("effect.change"), True),
    ]
    word, tone = ("agrees", Tone.GOOD) if effect.agrees else ("not_released", Tone.PLAIN)
    stands = chip(say(f"effect.{word}"), tone)
    measured = before.intensity is not None or after.intensity is not None
    price = price_chip(say, after.price_status) if measured else ""
    return (
        f"{title}{table(headers, rows, say('effect.title'))}"
        f'<p class="quiet">{price} {stands} '
        f"{esc(say('effect.note'))}</p>{_why(who, before, after)}"
    )


def _line(
    name: str,
    unit: str,
    before: Any,
    after: Any,
    words: Callable[[Any], str],
) -> list[Cell]:
    change = figures.signed_percent(figures.change(after, before), 2)
    return [
        Cell(f"{esc(name)} <small>{esc(unit)}</small>"),
        Cell.figure(words(before)),
        Cell.figure(words(after)),
        Cell.figure(change),
    ]


def _why(who: Visitor, before: MonthFigures, after: MonthFigures) -> str:
    """Why there is no intensity, once where both have the same reason."""
    reasons = {"before": before.reason, "after": after.reason}
    if before.reason == after.reason:
        reasons = {"both": after.reason}
    say = who.say
    return "".join(
        '<p class="quiet">'
        + esc(
            say(
                "effect.why",
                version=say(f"effect.why_{side}"),
                reason=why_not_measured(say, reason),
            )
        )
        + "</p>"
        for side, reason in reasons.items()
        if reason is not None
    )
