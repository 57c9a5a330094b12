"""One batch, one by one and rebuild end in the same state; what waits or was returned is no past."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from homes import SAMPLES, SHIPS, Home, electricity, samples_in

NAMES = sorted(p.name for p in SAMPLES.iterdir() if p.suffix in (".csv", ".xlsx"))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_samples_in_any_order_end_the_same_in_one_batch_and_one_by_one(
    new_home: Callable[..., Home], seed: int
) -> None:
    order = samples_in(random.Random(seed).sample(NAMES, len(NAMES)))
    batch, single = new_home("batch"), new_home("single")
    for name in order:
        batch.file_sample(name)
    batch.run()
    for name in order:
        single.file_sample(name)
        single.run()
    assert batch.facts() == single.facts()


def test_a_year_file_and_twelve_files_say_the_same(new_home: Callable[..., Home]) -> None:
    used = [100, 101, 99, 103, 98, 100, 102, 101, 100, 100_000, 99]
    rows = [electricity(f"2025{m:02d}", quantity) for m, quantity in enumerate(used, start=1)]
    year, months = new_home("year"), new_home("months")
    for made in (year, months):
        made.file_sample("register.csv")
    year.file_rows("energy_monthly", *rows)
    year.run()
    for row in rows:
        months.file_rows("energy_monthly", row)
        months.run()
    assert year.states() == months.states()
    waiting = [month for _, month, _, state in year.states() if state == "awaiting_review"]
    assert waiting == ["2025-10"]


def test_a_waiting_month_is_no_past_for_the_next(home: Home) -> None:
    # September's slip waits for review, so October's opening stock is not held against it.
    diesel = {"uscc": SHIPS, "energy_item": "柴油", "unit": "吨"}
    home.file_rows(
        "energy_monthly",
        {**diesel, "period": "202609", "purchased": 10, "production_use": 8, "closing_stock": 2,
         "own_coefficient_tce": 9},
        {**diesel, "period": "202610", "opening_stock": 5, "purchased": 5, "production_use": 8,
         "closing_stock": 2},
    )  # fmt: skip
    home.run()
    assert [state for *_, state in home.states()] == ["awaiting_review", "accepted"]


def test_a_returned_correction_never_unseats_the_version_in_force(home: Home) -> None:
    home.file_rows("energy_monthly", electricity("202610", 100))
    home.run()
    home.file_rows("energy_monthly", electricity("202610", "约100"))
    home.run()
    assert [(v, state) for _, _, v, state in home.states()] == [(1, "accepted"), (2, "returned")]


def test_a_correction_replaces_the_whole_month(home: Home) -> None:
    home.file_rows("energy_monthly", electricity("202610", 100))
    home.file_rows("energy_monthly", electricity("202610", 101))
    home.run()
    assert [state for *_, state in home.states()] == ["superseded", "accepted"]


@pytest.mark.parametrize("first", ["january", "february"])
def test_january_beside_a_combined_february_is_returned_in_either_order(
    home: Home, first: str
) -> None:
    january = electricity("202601", 100)
    february = electricity("202602", 200, months_covered=2)
    for row in (january, february) if first == "january" else (february, january):
        home.file_rows("energy_monthly", row)
    home.run()
    assert [state for *_, state in home.states()] == ["accepted", "returned"]


def test_one_firms_mistake_never_holds_back_another(home: Home) -> None:
    home.file_sample("energy_park_agent.csv")
    home.run()
    assert [state for *_, state in home.states()] == ["accepted", "accepted", "returned"]
