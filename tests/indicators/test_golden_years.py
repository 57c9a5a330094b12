"""Six firms × fourteen months worked out by hand, cell by cell against the marts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from tests.indicators import golden_years_by_hand as by_hand
from tests.indicators import golden_years_views as viewed
from tests.indicators.comparing import assert_equal, by_key, records
from tests.indicators.golden_years import FEB_25, JAN_25, MONTHS

from greenmfg.queries.explain import Subject, explain
from greenmfg.queries.explain_text import as_text

WINDOWS = ("month", "ytd", "rolling_12")
GROUPINGS = "('district', 'park', 'industry', 'enterprise')"
Key = tuple[by_hand.Cell, date, str]


def windows() -> Iterator[tuple[tuple[str, str], date, str]]:
    for group, cells in by_hand.members().items():
        since = min(month for _, month in cells) if group[0] != "district" else MONTHS[0]
        for month in MONTHS:
            if month >= since:
                yield from ((group, month, window) for window in WINDOWS)


def of_groups(years: duckdb.DuckDBPyConnection, mart: str) -> list[dict[str, object]]:
    return records(
        years,
        f"select * from marts.{mart} where grouping in {GROUPINGS}"
        f" and month between '{MONTHS[0]}' and '{MONTHS[-1]}'",
    )


def test_every_energy_row(years: duckdb.DuckDBPyConnection) -> None:
    found = by_key(
        records(years, "select * from marts.enterprise_energy_months"),
        ("uscc", "month", "energy_item"),
    )
    assert found.keys() == by_hand.items().keys()
    for key, row in by_hand.items().items():
        for column, expected in (
            ("quantity", row.quantity),
            ("coefficient_tce", row.coefficient),
            ("coefficient_basis", "own" if row.own else "standard"),
            ("coefficient_flag", row.flag),
            ("coefficient_flagged", row.flag is not None),
            ("energy_tce", row.tce),
            ("counted", row.counted),
        ):
            assert_equal(found[key][column], expected, f"{key} {column}")


def test_every_enterprise_month(years: duckdb.DuckDBPyConnection) -> None:
    found = by_key(
        records(
            years,
            "select * from marts.enterprise_months"
            f" where month between '{MONTHS[0]}' and '{MONTHS[-1]}'",
        ),
        ("uscc", "month"),
    )
    assert found.keys() == set(by_hand.CELLS)
    for cell in by_hand.CELLS:
        row = by_hand.register_of(cell)
        assert row is not None
        value, basis = by_hand.value_added(cell)
        for column, expected in (
            ("firm_uscc", by_hand.firm_of(cell)),
            ("park", row["park"]),
            ("in_population", by_hand.in_population(cell)),
            ("unmatched_reason", by_hand.unmatched(cell)),
            ("matched", by_hand.unmatched(cell) is None),
            ("energy_tce", by_hand.energy(cell)),
            ("energy_flagged_tce", by_hand.flagged(cell)),
            ("value_added_10k_cny", value),
            ("value_added_basis", basis),
            ("value_added_constant_10k_cny", by_hand.constant(cell)),
            ("price_status", "undeflated" if by_hand.index_of(cell) is None else "deflated"),
        ):
            assert_equal(found[cell][column], expected, f"{cell} {column}")


def test_every_group_and_window(years: duckdb.DuckDBPyConnection) -> None:
    key = ("grouping", "group_key", "month", "window_name")
    found = by_key(of_groups(years, "group_months"), key)
    expected = {
        (*group, month, window): (group, month, window) for group, month, window in windows()
    }
    assert found.keys() == expected.keys()
    for identity, asked in expected.items():
        for column, value in by_hand.measures(*asked).items():
            given = found[identity][column]
            if column == "suppression" and value is None and asked[0][0] in ("park", "industry"):
                # Whether it guards a neighbour is tested on its own.
                assert given in (None, "protects_a_neighbour"), identity
                continue
            assert_equal(given, value, f"{identity} {column}")


def test_every_item_of_the_mix(years: duckdb.DuckDBPyConnection) -> None:
    key = ("grouping", "group_key", "month", "window_name", "energy_item")
    found = by_key(of_groups(years, "energy_mix_months"), key)
    expected = {
        (*group, month, window, item): cells
        for group, month, window in windows()
        for item, cells in viewed.mix(group, month, window).items()
    }
    assert found.keys() == expected.keys()
    for identity, cells in expected.items():
        for column, value in zip(("quantity", "energy_tce", "share"), cells, strict=True):
            assert_equal(found[identity][column], value, f"{identity} {column}")


def test_every_view_beside_the_official_quantity(years: duckdb.DuckDBPyConnection) -> None:
    key = ("grouping", "group_key", "month", "window_name", "view")
    found = by_key(of_groups(years, "energy_views"), key)
    for group, month, window in windows():
        for view, cells in viewed.views(group, month, window).items():
            identity = (*group, month, window, view)
            for column, value in zip(
                ("status", "energy_tce", "energy_filed_tce"), cells, strict=True
            ):
                assert_equal(found[identity][column], value, f"{identity} {column}")
    assert {row["view"] for row in found.values() if row["is_official"]} == {"official"}


def test_the_carbon_of_every_group_on_the_national_grids_factor(
    years: duckdb.DuckDBPyConnection,
) -> None:
    key = ("grouping", "group_key", "month", "window_name", "purpose")
    found = by_key(of_groups(years, "emission_views"), key)
    measured = 0
    for group, month, window in windows():
        identity = (*group, month, window, "inventory_national_grid")
        value = viewed.co2(group, month, window)
        measured += value is not None
        assert_equal(found[identity]["co2_t"], value, f"{identity}")
        assert (found[identity]["status"] == "measured") == (value is not None)
    assert measured > 200


def test_explain_says_each_view_and_the_carbon_beside_the_figure(
    years: duckdb.DuckDBPyConnection,
) -> None:
    asked = [
        (group, month)
        for group, month, window in windows()
        if window == "ytd" and group[0] in ("district", "enterprise")
    ]
    different = carbons = 0
    for group, month in asked:
        said = explain(years, Subject(group[1], *group), month, "ytd")
        text = as_text(said)
        by_view = viewed.views(group, month, "ytd")
        assert {view.view for view in said.views.energy} == by_view.keys() - {"official"}
        for view in said.views.energy:
            assert_equal(view.energy_tce, by_view[view.view][1], f"{group} {month} {view.view}")
        green = by_view["less_certified_green_power"][1]
        if green is not None:
            assert f"less certified green power: {green:,.2f} tce" in text
            different += green != said.figure.energy_tce
        carbon = viewed.co2(group, month, "ytd")
        if carbon is not None:
            assert f"inventory, national grid: {carbon:,.2f} t（" in text
            carbons += 1
    assert different > 0
    assert carbons > 0


def test_growth_is_of_the_same_firms_and_months(years: duckdb.DuckDBPyConnection) -> None:
    key = ("grouping", "group_key", "month", "window_name")
    found = by_key(of_groups(years, "group_growth"), key)
    panels = set()
    for group, month, window in windows():
        if month not in (JAN_25, FEB_25):
            continue
        grown = viewed.growth(group, month, window)
        panels.add(grown["panel_firms"])
        identity = (*group, month, window)
        for column, value in grown.items():
            given = found[identity][column]
            if column.endswith(("growth", "change")) and value is not None:
                # Differences of nearly equal sums lose digits of the difference.
                assert float(str(given)) == pytest.approx(float(str(value)), abs=1e-12), identity
            else:
                assert_equal(given, value, f"{identity} {column}")
    assert panels == {0, 1, 2, 3, 4}


@pytest.mark.parametrize("month", [JAN_25, FEB_25], ids=str)
def test_every_part_of_the_change_of_the_district(
    years: duckdb.DuckDBPyConnection, month: date
) -> None:
    found = {
        (row["member_key"], row["effect"]): row["contribution_tce_per_10k_cny"]
        for row in records(
            years,
            "select * from marts.intensity_drivers where grouping = 'district'"
            f" and member_kind = 'enterprise' and month = '{month}'",
        )
    }
    expected = viewed.drivers(month)
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-14)
    change = viewed.intensity(month) - viewed.intensity(month.replace(year=2024))
    assert math.fsum(expected.values()) == pytest.approx(float(change), abs=1e-14)
