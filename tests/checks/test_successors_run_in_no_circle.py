"""A firm's codes lead from one to the next; a circle of them is refused, and both its rows are named."""

from __future__ import annotations

from datetime import date

import pytest
from bench_of_checks import CHANGE, FOOD, POTS, SHIPS, Bench, Row, places

FORM = "enterprise_successors"
IN_FORCE: Row = {**CHANGE, "valid_from": date(2024, 7, 1)}
BACK: Row = {**CHANGE, "uscc": POTS, "successor_uscc": SHIPS, "valid_from": "2025-03-01"}


def test_a_row_that_leads_back_is_told_which_row_it_meets(bench: Bench) -> None:
    [found] = bench.with_past(FORM, [IN_FORCE]).judge(FORM, [BACK]).findings
    assert (found.id, found.severity, found.line) == ("U120", "error", 2)
    assert found.given == SHIPS
    assert f"“{SHIPS}”承继 {POTS}，" in found.message.zh
    assert f"已生效的 {SHIPS}（2024-07-01 起）又由 {POTS} 承继" in found.message.zh
    assert f"“{SHIPS}” succeeds {POTS}," in found.message.en
    assert f"the row in force, {SHIPS} from 2024-07-01 on, is succeeded by {POTS}" in (
        found.message.en
    )


def test_a_circle_within_one_file_is_one_finding_that_names_the_other_line(bench: Bench) -> None:
    onward: Row = {**CHANGE, "uscc": POTS, "successor_uscc": FOOD}
    home: Row = {**CHANGE, "uscc": FOOD, "successor_uscc": SHIPS}
    [found] = bench.judge(FORM, [CHANGE, onward, home]).findings
    assert (found.id, found.line, found.column) == ("U120", 4, "successor_uscc")
    assert "本文件第 3 行" in found.message.zh
    assert "line 3 of this file" in found.message.en
    assert "a circle of 3 codes" in found.message.en


@pytest.mark.parametrize("first", [0, 1])
def test_files_that_make_a_circle_together_are_told_apart_by_their_order(
    bench: Bench, first: int
) -> None:
    rows = [CHANGE, BACK]
    sound = bench.judge(FORM, [rows[first]])
    assert places(sound.findings) == []
    past = {**rows[first], "valid_from": date.fromisoformat(str(rows[first]["valid_from"]))}
    later = bench.with_past(FORM, [past]).judge(FORM, [rows[1 - first]])
    assert places(later.findings) == [("U120", 2, "successor_uscc")]


def test_a_chain_of_codes_is_sound(bench: Bench) -> None:
    onward: Row = {**CHANGE, "uscc": POTS, "successor_uscc": FOOD, "valid_from": "2025-03-01"}
    assert bench.with_past(FORM, [IN_FORCE]).judge(FORM, [onward]).findings == ()


def test_a_row_that_was_the_wrong_way_round_is_corrected_in_the_same_file(bench: Bench) -> None:
    corrected: Row = {**CHANGE, "successor_uscc": FOOD}
    assert bench.with_past(FORM, [IN_FORCE]).judge(FORM, [BACK, corrected]).findings == ()


def test_an_older_circle_elsewhere_does_not_hold_up_a_sound_row(bench: Bench) -> None:
    past = [IN_FORCE, {**BACK, "valid_from": date(2025, 3, 1)}]
    sound: Row = {**CHANGE, "uscc": FOOD}
    assert bench.with_past(FORM, past).judge(FORM, [sound]).findings == ()
