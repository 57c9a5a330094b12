"""The decomposition by itself: published indices, sums without residual, the rule for the rest."""

from __future__ import annotations

import csv
import math
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenmfg.indicators.lmdi import (
    EFFECTS,
    Activity,
    Decomposition,
    NotDecomposable,
    chained_index,
    decompose,
    log_mean,
)

PUBLISHED = Path(__file__).parent / "us_industry_lmdi.csv"
SECTORS = ("manufacturing", "nonmanufacturing")
NINTH_DIGIT = 1e-9


def activity(energy: str | int, value_added: str | int) -> Activity:
    return Activity(Decimal(energy), Decimal(value_added))


def parts(decomposition: Decomposition) -> dict[tuple[str, str], float]:
    return {(c.member, c.effect): c.contribution for c in decomposition.contributions}


@pytest.mark.parametrize("energy_type", ["elec", "fuels"])
def test_the_chained_index_is_the_published_one_of_united_states_industry(
    energy_type: str,
) -> None:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["energy_type"] == energy_type]
    assert len(rows) == 48
    chain = chained_index(
        [
            {
                sector: activity(row[f"{sector}_tbtu"], row[f"{sector}_value_added_musd"])
                for sector in SECTORS
            }
            for row in rows
        ]
    )
    base = chain[[row["year"] for row in rows].index("1985")]
    for row, index in zip(rows, chain, strict=True):
        aggregate, structure = index.aggregate / base.aggregate, index.structure / base.structure
        published = float(row["published_aggregate_intensity_index"])
        assert aggregate == pytest.approx(published, abs=NINTH_DIGIT), row["year"]
        published = float(row["published_structure_index"])
        assert structure == pytest.approx(published, abs=NINTH_DIGIT), row["year"]
        assert index.structure * index.intensity == pytest.approx(index.aggregate, rel=1e-14)
        assert index.panel == pytest.approx(1, rel=1e-14)


def test_weights_that_are_normalised_leave_intensity_as_the_mean_of_the_members_own_changes() -> (
    None
):
    base = {"a": activity(100, 1000), "b": activity(300, 1500)}
    now = {"a": activity(90, 1100), "b": activity(310, 1400)}
    weights = [log_mean(90 / 400, 100 / 400), log_mean(310 / 400, 300 / 400)]
    logs = [math.log((90 / 1100) / (100 / 1000)), math.log((310 / 1400) / (300 / 1500))]
    mean = sum(w * x for w, x in zip(weights, logs, strict=True)) / sum(weights)
    assert chained_index([base, now])[1].intensity == pytest.approx(math.exp(mean), rel=1e-13)


def test_two_firms_by_hand() -> None:
    # Shares 1/2, 1/2 → 3/5, 2/5; energy per all value added 0.05, 0.15 → 0.06, 0.1.
    found = decompose(
        {"a": activity(100, 1000), "b": activity(300, 1000)},
        {"a": activity(120, 1200), "b": activity(200, 800)},
    )
    # ln 1.2 and ln (2/3) by table.
    mean_a = 0.01 / 0.1823215567939546
    mean_b = 0.05 / 0.4054651081081644
    reference = 0.04 / math.log(0.2 / 0.16)
    assert (found.intensity_base, found.intensity) == (0.2, 0.16)
    by_hand = {
        # a's own intensity did not change
        ("a", "intensity"): 0.0,
        ("a", "structure"): mean_a * 0.1823215567939546 - reference * 0.1,
        ("b", "structure"): mean_b * math.log(0.8) + reference * 0.1,
        ("b", "intensity"): mean_b * math.log(0.25 / 0.3),
    }
    assert parts(found) == pytest.approx(by_hand, abs=1e-15)
    # A firm less intensive than the rest gained share: that lowers the intensity.
    assert parts(found)["a", "structure"] < 0
    assert parts(found)["b", "structure"] < 0


def test_an_entering_firm_less_intensive_than_the_panel_lowers_and_its_leaving_raises() -> None:
    old = {"a": activity(100, 1000)}
    new = {"a": activity(100, 1000), "b": activity(50, 1000)}
    assert parts(decompose(old, new))["b", "entry"] == pytest.approx(-0.025)
    assert parts(decompose(new, old))["b", "exit"] == pytest.approx(0.025)


def test_a_firm_of_negative_value_added_is_not_decomposed_and_still_counted() -> None:
    found = decompose(
        {"a": activity(100, 1000), "loses": activity(20, 100)},
        {"a": activity(100, 1000), "loses": activity(20, -50)},
    )
    assert found.panel_members == 1
    # 20 − (−50 × 0.1) = 25 over 950; before 20 − 100 × 0.1 = 10 over 1,100.
    assert parts(found)["loses", "not_decomposable"] == pytest.approx(25 / 950 - 10 / 1100)
    assert math.fsum(parts(found).values()) == pytest.approx(found.change, abs=1e-15)


def test_a_firm_that_stood_still_a_whole_period_enters_and_leaves() -> None:
    found = decompose(
        {"a": activity(100, 1000), "b": activity(0, 0), "c": activity(10, 100)},
        {"a": activity(100, 1000), "b": activity(10, 100), "c": activity(0, 0)},
    )
    assert {effect for _, effect in parts(found)} == {"structure", "intensity", "entry", "exit"}


def test_energy_that_fell_to_zero_is_intensity_alone() -> None:
    found = decompose(
        {"a": activity(100, 1000), "b": activity(50, 1000)},
        {"a": activity(100, 1000), "b": activity(0, 1000)},
    )
    assert parts(found)["b", "intensity"] == pytest.approx(-0.025)
    assert parts(found)["b", "structure"] == pytest.approx(0)


def test_where_nobody_can_be_decomposed_each_brings_its_energy() -> None:
    found = decompose({"a": activity(100, 1000)}, {"b": activity(60, 1000)})
    assert parts(found) == {("a", "exit"): -0.1, ("b", "entry"): 0.06}
    assert found.panel_intensity is None


@pytest.mark.parametrize("value_added", [0, -5])
def test_an_intensity_that_cannot_be_measured_has_no_drivers(value_added: int) -> None:
    unmeasured = {"a": activity(10, value_added)}
    measured = {"a": activity(10, 10)}
    for pair in ((unmeasured, measured), (measured, unmeasured)):
        with pytest.raises(NotDecomposable, match="value_added_not_positive"):
            decompose(*pair)
        with pytest.raises(NotDecomposable):
            chained_index(pair)


@given(
    st.floats(1e-9, 1e9),
    st.floats(-1e-2, 1e-2),
)
def test_the_log_mean_lies_between_the_geometric_and_the_arithmetic_mean(
    a: float, relative: float
) -> None:
    b = a * (1 + relative)
    slack = 1e-12 * a
    assert math.sqrt(a) * math.sqrt(b) - slack <= log_mean(a, b) <= (a + b) / 2 + slack


amounts = st.decimals(min_value=-2_000, max_value=1_000_000, places=6)
activities = st.dictionaries(
    st.sampled_from("abcdefgh"), st.builds(Activity, amounts, amounts), min_size=1
)


def ordinary(period: dict[str, Activity]) -> bool:
    """A total that nearly vanishes makes any ratio of it enormous."""
    return sum(a.value_added for a in period.values()) > 1_000


def magnitude(found: Decomposition) -> float:
    """What the parts were measured against bounds the digits that they keep."""
    ratios = (found.panel_intensity, found.panel_intensity_base, *parts(found).values())
    return 1 + max(abs(ratio or 0) for ratio in ratios)


@given(activities.filter(ordinary), activities.filter(ordinary))
def test_the_parts_sum_to_the_change_whoever_enters_leaves_or_loses(
    base: dict[str, Activity], now: dict[str, Activity]
) -> None:
    found = decompose(base, now)
    whole = math.fsum(found.effect(effect) for effect in EFFECTS)
    assert whole == pytest.approx(found.change, abs=1e-12 * magnitude(found))


@given(activities.filter(ordinary), activities.filter(ordinary))
def test_going_back_is_the_opposite_of_going_forth(
    base: dict[str, Activity], now: dict[str, Activity]
) -> None:
    turned = {"entry": "exit", "exit": "entry"}
    found = decompose(base, now)
    forth, back = parts(found), parts(decompose(now, base))
    opposite = {
        (member, turned.get(effect, effect)): -part for (member, effect), part in back.items()
    }
    assert forth == pytest.approx(opposite, abs=1e-10 * magnitude(found))
