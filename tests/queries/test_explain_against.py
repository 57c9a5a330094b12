"""`explain … --against`: what it says of a change, to a person and to a program."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest
from tests.indicators.changed_district import (
    CHONGMING,
    FEB_24,
    FEB_25,
    JAN_24,
    JAN_25,
    A,
    C,
    D,
    E,
    release_of,
)

from greenmfg.queries.drivers import Drivers, drivers
from greenmfg.queries.drivers_text import as_text
from greenmfg.queries.explain import Subject, UnknownSubject


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return release_of(tmp_path_factory.mktemp("against"))


def change(
    release: duckdb.DuckDBPyConnection,
    subject: str,
    period: date = JAN_25,
    against: date = JAN_24,
    **more: str,
) -> Drivers:
    return drivers(release, Subject.of(subject), period, against, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("period", "against", "window"),
    [
        (JAN_25, JAN_24, "month"),
        (FEB_25, FEB_24, "ytd"),
        # any two periods: back in time, within a year, overlapping windows
        (JAN_24, FEB_25, "month"),
        (FEB_24, JAN_24, "month"),
        (FEB_24, JAN_24, "ytd"),
        (FEB_25, JAN_25, "rolling_12"),
    ],
)
@pytest.mark.parametrize("price", ["constant", "current"])
def test_the_printed_parts_sum_to_the_printed_change(
    release: duckdb.DuckDBPyConnection, period: date, against: date, window: str, price: str
) -> None:
    said = change(release, "district", period, against, window=window, price=price).as_json()
    whole = Decimal(said["change_tce_per_10k_cny"])
    between = Decimal(said["intensity_tce_per_10k_cny"]) - Decimal(
        said["intensity_against_tce_per_10k_cny"]
    )
    assert said["status"] == "measured"
    assert abs(whole - between) < Decimal("1e-14")
    for kind in ("enterprise", "industry"):
        parts = said["by"][kind]
        for listed in (
            parts["effects"].values(),
            [part["contribution_tce_per_10k_cny"] for part in parts["drivers"]],
        ):
            assert abs(sum(map(Decimal, listed)) - whole) < Decimal("1e-12")


def test_a_part_carries_the_energy_and_value_added_of_both_periods(
    release: duckdb.DuckDBPyConnection,
) -> None:
    parts = change(release, f"park:{CHONGMING}").as_json()["by"]["enterprise"]["drivers"]
    assert {
        part["member"]: (
            part["name"],
            part["energy_against_tce"],
            part["energy_tce"],
            part["value_added_against_10k_cny"],
            part["value_added_10k_cny"],
        )
        for part in parts
    }[A] == ("示例企业A", "40", "41.2", "600", "648")
    new = next(part for part in parts if part["member"] == C)
    assert (new["effect"], new["energy_against_tce"], new["energy_tce"]) == ("entry", None, "10")


def test_the_change_of_one_firm_is_all_its_own(release: duckdb.DuckDBPyConnection) -> None:
    said = change(release, A)
    assert set(said.by_kind) == {"enterprise"}
    found = said.by_kind["enterprise"]
    assert found.effect("intensity") == found.change
    assert found.effect("structure") == 0


def test_a_period_that_is_not_measurable_says_which_and_why(
    release: duckdb.DuckDBPyConnection,
) -> None:
    losses = change(release, E)
    said = losses.as_json()
    assert (said["status"], said["reason"]) == ("not_measurable", "value_added_not_positive")
    assert (said["reason_of"], said["by"], said["change_tce_per_10k_cny"]) == ("2025-01", {}, None)
    assert (said["index"]["status"], said["index"]["links"]) == ("not_measurable", [])
    assert "2025-01 无法测算 · not measurable: 增加值不为正" in as_text(losses)


def test_the_same_panels_growth_stands_beside_it_year_on_year_only(
    release: duckdb.DuckDBPyConnection,
) -> None:
    growth = change(release, f"park:{CHONGMING}").as_json()["growth"]
    assert growth["energy_growth"] == "0.0300000000"
    assert growth["value_added_growth"] == "0.0800000000"
    assert growth["intensity_change"] == "-0.0462962963"
    assert (growth["panel_firms"], growth["panel_firm_months"]) == (2, 2)
    assert change(release, "district", FEB_25, JAN_25).as_json()["growth"] is None


def test_the_index_is_the_product_of_its_parts(release: duckdb.DuckDBPyConnection) -> None:
    said = change(release, "district", FEB_25, FEB_24, window="ytd")
    first, last = said.index.indices
    assert (first.aggregate, said.index.periods) == (1, (FEB_24, FEB_25))
    found = said.by_kind["enterprise"]
    assert last.aggregate == pytest.approx(found.intensity / found.intensity_base)
    assert last.structure * last.intensity * last.panel == pytest.approx(last.aggregate)


def test_the_text_says_change_effects_largest_members_growth_and_index(
    release: duckdb.DuckDBPyConnection,
) -> None:
    lines = as_text(change(release, f"park:{CHONGMING}")).splitlines()
    assert lines[0].startswith(f"park:{CHONGMING}  2025-01 对比 against 2024-01  当月 month")
    assert "未平减" in lines[1]
    assert lines[3] == "  0.100000 → 0.088281 tce/万元  变化 change -0.011719（-11.72%）"
    assert "  按企业 enterprise（可分解 decomposed 2）:" in lines
    assert "    新进 entry: -0.007089" in lines
    assert f"    -0.007089  示例企业C {C}  新进 entry: — → 10.00 tce ÷ 200.00 万元" in lines
    assert (
        "  同口径 same panel: 2 家企业 firms，2 个企业月 firm-months；能耗 energy +3.00%，"
        "增加值 value added +8.00%，强度 intensity -4.63%"
    ) in lines
    assert lines[-1].startswith("    2025-01  总体 aggregate 0.882812 = 结构 structure ")


def test_an_unknown_subject_is_said_for_either_period(
    release: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(UnknownSubject, match="2019-01"):
        change(release, D, JAN_25, date(2019, 1, 1))
