"""The forecast of the year: exact where the past repeats, silent where nothing is known."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.indicators.forecast_bench import Bench, District, FirmMonth, months, ratio

SEASON = (14, 6, 10, 11, 9, 8, 12, 13, 10, 9, 11, 15)
FIRMS = {"A": (40, 400, 1.25, 1.5), "B": (7, 100, 0.8, 1.1), "C": (90, 800, 1.02, 0.9)}
OCTOBER, DECEMBER = date(2025, 10, 1), date(2025, 12, 1)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("forecasts"))


def repeating(first_year: int, last_year: int) -> dict[tuple[str, date], FirmMonth]:
    """Each firm repeats its year, times factors of its own for energy and value added."""
    return {
        (firm, month): FirmMonth(
            round(tce * SEASON[month.month - 1] * energy_factor ** (month.year - first_year), 6),
            round(
                value_added * SEASON[(month.month + 4) % 12] * factor ** (month.year - first_year),
                6,
            ),
        )
        for firm, (tce, value_added, energy_factor, factor) in FIRMS.items()
        for month in months(first_year, last_year)
    }


def noisy(seed: int) -> dict[tuple[str, date], FirmMonth]:
    chance = random.Random(seed)
    return {
        key: FirmMonth(
            round(filed.tce * chance.uniform(0.8, 1.2), 3),
            round(filed.value_added * chance.uniform(0.8, 1.2), 3),
            # Every December is settled, so that every year can be held against its forecasts.
            matched=key[1].month == 12 or chance.random() > 0.05,
        )
        for key, filed in repeating(2021, 2025).items()
    }


def test_a_district_whose_firms_repeat_last_year_times_a_factor_is_forecast_exactly(
    bench: Bench,
) -> None:
    district = repeating(2024, 2025)
    forecasts = bench.forecasts(district)
    by_hand = ratio(district, 2025)
    for month in months(2025, 2025):
        assert forecasts[month]["intensity"] == pytest.approx(by_hand, rel=1e-11)
        assert forecasts[month]["intensity_came_out"] == pytest.approx(by_hand, rel=1e-14)
    # No mean of ratios and no mere year to date would do.
    assert ratio(district, 2025, 10) != pytest.approx(by_hand, rel=1e-3)


def test_a_first_year_has_too_little_history_to_be_forecast(bench: Bench) -> None:
    forecasts = bench.forecasts(repeating(2024, 2025))
    for month in months(2024, 2024)[:-1]:
        assert forecasts[month]["reason"] == "too_little_history"
        assert forecasts[month]["intensity"] is None


def test_decembers_forecast_is_the_year_as_it_came_out_also_with_months_missing(
    bench: Bench,
) -> None:
    district = repeating(2024, 2025)
    del district["A", date(2025, 6, 1)]
    # A firm that left in spring keeps the months it had.
    district = {k: v for k, v in district.items() if k[0] != "B" or k[1] < date(2025, 5, 1)}
    december = bench.forecasts(district)[DECEMBER]
    assert december["intensity"] == pytest.approx(ratio(district, 2025), rel=1e-14)
    assert december["intensity_low"] == december["intensity"] == december["intensity_high"]
    assert december["inside_band"] is None


def test_a_january_without_filings_is_not_measurable_and_says_so(bench: Bench) -> None:
    district = {k: v for k, v in repeating(2023, 2025).items() if k[1] < date(2025, 1, 1)}
    january = bench.forecasts(district)[date(2025, 1, 1)]
    assert (january["intensity"], january["reason"]) == (None, "nothing_filed")


def test_a_month_that_too_few_have_filed_is_not_forecast_from(bench: Bench) -> None:
    # C alone has most of last year's energy.
    district = {k: v for k, v in repeating(2023, 2025).items() if k != ("C", OCTOBER)}
    october = bench.forecasts(district)[OCTOBER]
    assert (october["intensity"], october["reason"]) == (None, "month_not_settled")


def test_a_new_firm_goes_on_at_the_mean_of_its_months(bench: Bench) -> None:
    district = repeating(2024, 2025)
    for month in months(2025, 2025)[8:]:
        district["NEW", month] = FirmMonth(3.0, 60.0)
    october = bench.forecasts(district)[OCTOBER]
    assert october["firms_by_mean"] == 1
    # It goes on as it began, so that the forecast is exact here too.
    assert october["intensity"] == pytest.approx(ratio(district, 2025), rel=1e-11)


def test_nil_months_stay_in_the_sums_and_losses_are_carried_on_as_losses(bench: Bench) -> None:
    district = repeating(2024, 2025)
    for month in months(2025, 2025):
        district["A", month] = FirmMonth(0.0, 0.0)
        district["B", month] = FirmMonth(5.0, -20.0)
    october = bench.forecasts(district)[OCTOBER]
    assert october["firms_by_mean"] == 2
    assert october["intensity"] == pytest.approx(ratio(district, 2025), rel=1e-11)


def test_the_band_of_years_that_repeat_exactly_is_empty_and_holds_them(bench: Bench) -> None:
    forecasts = bench.forecasts(repeating(2021, 2025))
    october = forecasts[OCTOBER]
    assert october["earlier_years"] == 3
    assert october["intensity_high"] - october["intensity_low"] < 1e-9
    assert october["inside_band"] is True
    # 2022 and 2023 have too few earlier years; 2024 has eleven back-tests.
    assert (october["back_tests"], october["band_coverage"]) == (11, 1)


@pytest.mark.parametrize("seed", range(3))
def test_a_band_stands_around_its_forecast_and_its_coverage_counts_what_came_out_inside(
    bench: Bench, seed: int
) -> None:
    forecasts = bench.forecasts(noisy(seed))
    tested = [row for row in forecasts.values() if row["inside_band"] is not None]
    assert tested
    for row in tested:
        assert row["intensity_low"] < row["intensity"] < row["intensity_high"]
        inside = row["intensity_low"] <= row["intensity_came_out"] <= row["intensity_high"]
        assert row["inside_band"] is inside
    counted = [row["inside_band"] for row in tested if row["month"].year < 2026]
    assert forecasts[date(2026, 1, 1)]["back_tests"] == len(counted)
    assert forecasts[date(2026, 1, 1)]["band_coverage"] == pytest.approx(
        sum(counted) / len(counted)
    )


def _known_up_to(district: District, origin: date) -> dict[tuple[str, date], FirmMonth]:
    return {key: filed for key, filed in district.items() if key[1] <= origin}


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.integers(0, 9),
    at=st.integers(0, 58),
    later=st.sampled_from(["gone", "tripled", "losses", "unmatched"]),
)
def test_months_after_the_origin_never_change_a_forecast_its_band_or_its_coverage(
    bench: Bench, seed: int, at: int, later: str
) -> None:
    district = noisy(seed)
    origin = months(2021, 2025)[at]
    changed = {
        "gone": lambda filed: None,
        "tripled": lambda filed: FirmMonth(filed.tce * 3, filed.value_added, filed.matched),
        "losses": lambda filed: FirmMonth(filed.tce, -filed.value_added, filed.matched),
        "unmatched": lambda filed: FirmMonth(filed.tce, filed.value_added, matched=False),
    }[later]
    other = _known_up_to(district, origin)
    for key, filed in district.items():
        replaced = changed(filed)  # type: ignore[no-untyped-call]
        if key[1] > origin and replaced is not None:
            other[key] = replaced
    before, after = bench.forecasts(district), bench.forecasts(other)
    # How the year came out is told beside the forecast; it is no part of it.
    told_later = {"intensity_came_out", "inside_band"}
    for month in months(2021, 2025)[: at + 1]:
        assert {k: v for k, v in before[month].items() if k not in told_later} == {
            k: v for k, v in after[month].items() if k not in told_later
        }
