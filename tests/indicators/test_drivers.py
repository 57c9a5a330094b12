"""Drivers and same-panel growth, from checked rows to the published marts."""

from __future__ import annotations

import math
from datetime import date
from itertools import groupby

import duckdb
import pytest
from tests.indicators.changed_district import (
    CHANGXING,
    CHONGMING,
    FEB_25,
    FUSHENG,
    JAN_24,
    JAN_25,
    A,
    C,
    D,
    E,
    F,
    G,
    H,
    I,
    release_of,
)

from greenmfg.queries.drivers import drivers
from greenmfg.queries.explain import Subject


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return release_of(tmp_path_factory.mktemp("changed"))


def growth(
    district: duckdb.DuckDBPyConnection, group: str, month: date, window: str
) -> tuple[object, ...]:
    [row] = district.execute(
        "select energy_growth, value_added_growth, intensity_change, panel_firms,"
        " panel_firm_months, reason from marts.group_growth"
        " where group_key = ? and month = ? and window_name = ?",
        [group, month, window],
    ).fetchall()
    return tuple(row)


def effects(
    district: duckdb.DuckDBPyConnection, grouping: str, group: str, month: date
) -> dict[tuple[str, str], float]:
    return {
        (member, effect): contribution
        for member, effect, contribution in district.execute(
            "select member_key, effect, contribution_tce_per_10k_cny from marts.intensity_drivers"
            " where grouping = ? and group_key = ? and month = ? and member_kind = 'enterprise'",
            [grouping, group, month],
        ).fetchall()
    }


def test_energy_up_3_percent_and_value_added_up_8_is_a_decline_of_4_63_percent(
    district: duckdb.DuckDBPyConnection,
) -> None:
    energy, value_added, change, firms, firm_months, reason = growth(
        district, CHONGMING, JAN_25, "month"
    )
    # The new firm C is in the ratio of the park and not in its growth.
    assert (energy, value_added, firms, firm_months, reason) == (0.03, 0.08, 2, 2, None)
    assert isinstance(change, float)
    assert round(change * 100, 2) == -4.63
    assert change == pytest.approx(1.03 / 1.08 - 1, rel=1e-14)


def test_a_combined_february_is_set_against_both_months_of_last_year_or_not_at_all(
    district: duckdb.DuckDBPyConnection,
) -> None:
    assert growth(district, D, FEB_25, "ytd")[:5] == (
        -11 / 150, 60 / 950, (-11 / 150 - 60 / 950) / (1 + 60 / 950), 1, 2,
    )  # fmt: skip
    for month, window in ((FEB_25, "month"), (JAN_25, "month"), (JAN_25, "ytd")):
        assert growth(district, D, month, window) == (None, None, None, 0, 0, "no_panel")


def test_a_month_that_is_missing_this_year_is_left_out_of_last_years_too(
    district: duckdb.DuckDBPyConnection,
) -> None:
    # February against February: 270 ÷ 280, never 270 ÷ 580.
    energy, value_added, _, firms, firm_months, _ = growth(district, CHANGXING, FEB_25, "ytd")
    assert (energy, value_added, firms, firm_months) == (-10 / 280, 300 / 3600, 1, 1)


def test_growth_from_nothing_and_from_losses_is_not_measurable(
    district: duckdb.DuckDBPyConnection,
) -> None:
    assert growth(district, G, JAN_25, "month")[5] == "energy_not_positive"
    assert growth(district, E, JAN_25, "month")[5] == "value_added_not_positive"


def test_each_member_changes_the_district_in_the_way_that_it_changed(
    district: duckdb.DuckDBPyConnection,
) -> None:
    january = effects(district, "district", "310151", JAN_25)
    by_member = {
        member: {effect for _, effect in keys}
        for member, keys in groupby(sorted(january), key=lambda key: key[0])
    }
    panel = {"structure", "intensity"}
    assert by_member[A] == panel
    # From no energy to some: the limits, and no logarithm of 0.
    assert by_member[G] == panel
    assert by_member[C] == {"entry"}
    assert by_member[I] == {"entry"}
    assert by_member[E] == {"not_decomposable"}
    # Not filed this January, or inside the February that is not yet in the window.
    assert by_member[F] == by_member[H] == by_member[D] == {"exit"}
    february = effects(district, "district", "310151", FEB_25)
    assert (H, "structure") in february
    assert (D, "intensity") in february


def test_a_new_firm_cleaner_than_the_panel_lowers_the_intensity_of_its_park(
    district: duckdb.DuckDBPyConnection,
) -> None:
    # (10 − 200 × 103 / 1,080) ÷ 1,280
    entered = effects(district, "park", CHONGMING, JAN_25)[C, "entry"]
    assert entered == pytest.approx((10 - 200 * 103 / 1080) / 1280, rel=1e-13)


def test_structure_and_intensity_of_two_firms_come_out_as_by_hand(
    district: duckdb.DuckDBPyConnection,
) -> None:
    # Both firms of the panel grew by 3 and by 8 %: shares stand still.
    park = effects(district, "park", CHONGMING, JAN_25)
    assert park[A, "structure"] == pytest.approx(0, abs=1e-15)
    assert park[A, "intensity"] == pytest.approx(41.2 / 1080 - 40 / 1000, abs=1e-15)
    whole = math.fsum(park.values())
    assert whole == pytest.approx(113 / 1280 - 100 / 1000, abs=1e-15)


def test_the_mart_is_the_tested_core_for_every_group_and_member(
    district: duckdb.DuckDBPyConnection,
) -> None:
    rows = district.execute(
        "select grouping, group_key, month, month_last_year, member_kind, member_key, effect,"
        " contribution_tce_per_10k_cny, intensity_tce_per_10k_cny,"
        " intensity_last_year_tce_per_10k_cny, panel_members from marts.intensity_drivers"
        " order by grouping, group_key, month, member_kind"
    ).fetchall()
    groups = 0
    for (grouping, key, month, kind), found in groupby(
        rows, key=lambda row: (row[0], row[1], row[2], row[4])
    ):
        mart = list(found)
        subject = Subject("", grouping, key)
        core = drivers(district, subject, month, mart[0][3], "ytd").by_kind[kind]
        assert {(row[5], row[6]): row[7] for row in mart} == pytest.approx(
            {(part.member, part.effect): part.contribution for part in core.contributions},
            rel=1e-12, abs=1e-15,
        )  # fmt: skip
        [(now, base, panel)] = {row[8:] for row in mart}
        assert (now, base, panel) == (core.intensity, core.intensity_base, core.panel_members)
        assert math.fsum(row[7] for row in mart) == pytest.approx(now - base, abs=1e-14)
        groups += 1
    assert groups > 30


def test_the_change_is_that_of_the_published_intensity(
    district: duckdb.DuckDBPyConnection,
) -> None:
    published = district.execute(
        "select distinct drivers.grouping, drivers.group_key, drivers.month"
        " from marts.intensity_drivers as drivers inner join marts.group_months as months"
        " on drivers.grouping = months.grouping and drivers.group_key = months.group_key"
        " and drivers.month = months.month and months.window_name = 'ytd'"
        " where drivers.intensity_tce_per_10k_cny <> months.intensity_constant_tce_per_10k_cny"
    ).fetchall()
    assert published == []


def test_firms_of_no_stated_zone_are_explained_as_a_group(
    district: duckdb.DuckDBPyConnection,
) -> None:
    said = drivers(district, Subject.of("zone:unstated"), JAN_25, JAN_24)
    assert {part.member for part in said.by_kind["enterprise"].contributions} == {G, H, I}
    assert FUSHENG not in said.names
