"""Where one month's number comes from: the arithmetic, then the rows as they stand in the files."""

from __future__ import annotations

from datetime import date

import streamlit as st

from front import data, figures
from front.frame import head, nothing, panel
from front.markup import Cell, chip, esc, table
from front.reasons import price_chip, why_not_measured
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.queries.filed import Arithmetic, FiledRow


def behind_panel(visitor: Visitor, release: str, uscc: str, months: list[date], key: str) -> None:
    say = visitor.say
    with panel("behind"):
        heading = st.empty()
        # The same choice as a click on a bar, for the keyboard and the phone.
        month = st.selectbox(
            say("behind.month"),
            months[::-1],
            format_func=lambda month: figures.month_words(month, visitor.language),
            label_visibility="collapsed",
            key=key,
            width=220,
        )
        with heading.container():
            head(
                say,
                say("behind.title", month=figures.month_words(month, visitor.language)),
                say("behind.sub"),
                [
                    say("method.arithmetic"),
                    say("method.value_added"),
                    say("method.coefficients"),
                    say("method.receipt"),
                ],
                ("lineage", {"uscc": uscc, "month": figures.month_code(month)}),
            )
        behind = data.month_behind(release, uscc, month)
        if behind.arithmetic is None:
            nothing(say("empty.no_rows_title"), say("empty.no_rows"))
            return
        st.html(_equation(visitor, behind.arithmetic))
        if behind.rows:
            st.html(_rows(visitor, behind.rows))
        else:
            why = "covered_by_february" if behind.arithmetic.covered_by_february else "no_rows"
            st.html(f'<p class="quiet">{esc(say(f"behind.{why}"))}</p>')


def _equation(visitor: Visitor, sum_of: Arithmetic) -> str:
    say = visitor.say
    energy = _term(
        say("behind.energy"),
        figures.number(sum_of.energy_tce, 2),
        "tce",
        _energy_note(visitor, sum_of),
    )
    # In the unit the ratio divides by, however large: the sum must come out on paper.
    value = figures.number(sum_of.value_added_constant_10k_cny, 2)
    unit = say("unit.value_added")
    added = _term(say("behind.value_added"), value, unit, _value_added_note(visitor, sum_of))
    if sum_of.intensity is not None:
        note = price_chip(say, sum_of.price_status)
        result = _term(
            say("behind.intensity"),
            figures.intensity(sum_of.intensity),
            say("unit.intensity"),
            note,
            "is",
        )
    else:
        result = _term(
            say("status.not_measurable"), figures.NOTHING, "", esc(_why(visitor, sum_of)), "is not"
        )
    return (
        f'<div class="equation">{energy}<span class="sign">÷</span>{added}'
        f'<span class="sign">=</span>{result}</div>'
    )


def _term(name: str, value: str, unit: str, note: str, kind: str = "") -> str:
    return (
        f'<div class="term {kind}"><span>{esc(name)}</span><p><b>{esc(value)}</b> {esc(unit)}</p>'
        f'<div class="note">{note}</div></div>'
    )


def _energy_note(visitor: Visitor, sum_of: Arithmetic) -> str:
    say = visitor.say
    if sum_of.nil_return:
        beside = sum_of.energy_tce and sum_of.energy_tce > 0
        note = chip(say("fact.nil_return_with_energy"), Tone.WARN) if beside else ""
        return chip(say("reason.nil_return")) + note
    if sum_of.energy_months_covered == 2:
        return chip(say("behind.two_months"), Tone.WARN)
    return esc(say("behind.energy_note"))


def _value_added_note(visitor: Visitor, sum_of: Arithmetic) -> str:
    say = visitor.say
    current = f"{figures.number(sum_of.value_added_10k_cny, 2)} {say('unit.value_added')}"
    words = []
    if sum_of.value_added_basis:
        words.append(say(f"basis.{sum_of.value_added_basis}"))
    words.append(say("behind.current_price", value=current))
    index = sum_of.deflator_index_2020_100
    words.append(
        say("behind.no_deflator")
        if index is None or sum_of.price_status == "undeflated"
        else say("behind.deflator", index=figures.plain(index))
    )
    return esc(" · ".join(words))


def _why(visitor: Visitor, sum_of: Arithmetic) -> str:
    if sum_of.covered_by_february:
        return visitor.say("reason.covered_by_february")
    if sum_of.nil_return:
        return visitor.say("reason.nil_return")
    return why_not_measured(visitor.say, sum_of.unmatched_reason or sum_of.reason)


def _rows(visitor: Visitor, rows: list[FiledRow]) -> str:
    say = visitor.say
    total = sum(float(row.energy_tce or 0) for row in rows if row.counted is not False)
    headers = [
        (say("column.line"), True),
        (say("column.form"), False),
        (say("column.item"), False),
        (say("column.quantity"), True),
        (say("column.unit"), False),
        (say("column.coefficient"), True),
        (say("column.result"), True),
        (say("column.share"), True),
        (say("column.receipt"), False),
        (say("column.file"), False),
    ]
    return table(headers, [_row(visitor, row, total) for row in rows], say("behind.rows"), "wide")


def _row(visitor: Visitor, row: FiledRow, total: float) -> list[Cell]:
    say = visitor.say
    version = "" if row.version == 1 else chip(say("behind.version", version=row.version))
    start = [Cell.figure(str(row.line)), Cell.text(say(f"form.{row.form}_short"))]
    end = [
        Cell(f"<code>{esc(row.receipt)}</code>{version}"),
        Cell(f'<span class="file" title="{esc(row.file_name)}">{esc(row.file_name)}</span>'),
    ]
    if row.energy_item is None:
        basis = say(f"basis.{row.value_added_basis}") if row.value_added_basis else figures.NOTHING
        middle = [
            Cell.text(say("behind.value_added_row")),
            Cell.figure(figures.number(row.value_added_10k_cny, 2)),
            Cell.text(say("unit.value_added")),
            Cell(esc(basis), numeric=True),
            Cell.figure(figures.NOTHING),
            Cell.figure(figures.NOTHING),
        ]
        return [*start, *middle, *end]
    name = visitor.language.pick(row.item_name_zh, row.item_name_en) or row.energy_item
    part = chip(say("behind.part_of")) if row.counted is False else ""
    # A kind of coal (其中) is inside its whole: shown, never a share of the total.
    counted = row.energy_tce is not None and row.counted is not False and total
    share = figures.percent(float(row.energy_tce or 0) / total) if counted else figures.NOTHING
    middle = [
        Cell(esc(name) + part),
        Cell.figure(figures.plain(row.quantity)),
        Cell.text(row.unit or figures.NOTHING),
        Cell(_coefficient(visitor, row), numeric=True),
        Cell.figure(f"{figures.number(row.energy_tce, 4)} tce"),
        Cell.figure(share),
    ]
    return [*start, *middle, *end]


def _coefficient(visitor: Visitor, row: FiledRow) -> str:
    say = visitor.say
    edition = esc(row.coefficient_edition or "")
    value = f'<span title="{edition}">{esc(figures.plain(row.coefficient_tce))}</span>'
    if row.coefficient_basis == "own":
        flagged = Tone.WARN if row.coefficient_flagged else Tone.PLAIN
        return chip(say("behind.own_coefficient"), flagged) + value
    if row.coefficient_flagged:
        return chip(say("behind.fallback_coefficient"), Tone.WARN) + value
    return value
