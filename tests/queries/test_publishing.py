"""What leaves the bureau gives no firm away."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook
from tests.indicators.changed_district import release_of

from greenmfg.queries.exports import BOM, EXPORTS
from greenmfg.queries.mart_files import public_file
from greenmfg.queries.publishing import PUBLIC_MARTS, NotPublic


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return release_of(tmp_path_factory.mktemp("public"))


@pytest.fixture(scope="module")
def published(release: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    return public_rows(release, "group_months")


def public_rows(release: duckdb.DuckDBPyConnection, mart: str) -> list[dict[str, str]]:
    text = public_file(release, mart, "csv").decode().removeprefix(BOM)
    return list(csv.DictReader(io.StringIO(text)))


def test_no_firm_is_published(published: list[dict[str, str]]) -> None:
    assert {row["grouping"] for row in published} >= {"district", "park", "industry", "zone"}
    assert "enterprise" not in {row["grouping"] for row in published}


def test_a_group_of_one_firm_is_blank_and_says_why(published: list[dict[str, str]]) -> None:
    [alone] = [
        row
        for row in published
        if row["group_key"] == "长兴海洋装备产业基地" and row["month"] == "2025-02-01"
    ]
    assert (alone["firms_matched"], alone["suppression"]) == ("1", "too_few_firms")
    assert {column for column, value in alone.items() if value} == {
        "grouping", "group_key", "group_name_zh", "group_name_en", "month", "window_name",
        "provisional", "firms_due", "firms_matched", "suppression",
    }  # fmt: skip


def test_a_group_of_enough_firms_is_published_with_its_ratio(
    published: list[dict[str, str]],
) -> None:
    [district] = [
        row for row in published if row["grouping"] == "district" and row["month"] == "2025-01-01"
    ]
    assert district["suppression"] == ""
    # Six firms filed January alone: 41.2 + 61.8 + 10 + 19 + 4 + 7 over 648 + 432 + 200 − 35 + 75 + 60
    assert float(district["energy_tce"]) == 143
    assert float(district["intensity_constant_tce_per_10k_cny"]) == pytest.approx(143 / 1380)


def test_sums_whose_difference_is_one_firm_never_stand_side_by_side(
    published: list[dict[str, str]],
) -> None:
    # Filed less matched would be the unmatched firms; one window less another a month.
    assert not [column for column in published[0] if "filed" in column]
    assert {row["window_name"] for row in published} == {"ytd"}


def test_only_what_is_guarded_leaves_the_bureau(release: duckdb.DuckDBPyConnection) -> None:
    assert set(PUBLIC_MARTS) <= EXPORTS.keys()
    for mart in EXPORTS.keys() - set(PUBLIC_MARTS):
        with pytest.raises(NotPublic, match="group_months"):
            public_file(release, mart, "csv")


@pytest.mark.parametrize("mart", PUBLIC_MARTS)
def test_a_hidden_cell_says_why_and_no_firm_is_named(
    release: duckdb.DuckDBPyConnection, mart: str
) -> None:
    rows = public_rows(release, mart)
    firms = {
        row[0] for row in release.execute("select uscc from marts.enterprise_months").fetchall()
    }
    assert rows
    # The whole little district burns one fuel; which items are hidden is the models' own test.
    assert any(row["suppression"] for row in rows) or mart == "energy_mix_public"
    for row in rows:
        columns = list(row)
        figures = columns[columns.index("suppression") + 1 :]
        if row["suppression"]:
            assert not any(row[figure] for figure in figures), row
        assert not firms & set(row.values())


def test_growth_leaves_without_the_sums_of_its_panel(release: duckdb.DuckDBPyConnection) -> None:
    rows = public_rows(release, "group_growth")
    assert {row["window_name"] for row in rows} == {"ytd"}
    assert not [column for column in rows[0] if column.endswith(("_tce", "_cny"))]
    # Of the district's nine firms one is new: what is outside the panel would be its own.
    [district] = [
        row for row in rows if row["grouping"] == "district" and row["month"] == "2025-02-01"
    ]
    assert district["suppression"] == "few_firms_outside_the_panel"


def test_the_mix_leaves_for_the_district_and_adds_up_to_its_energy(
    release: duckdb.DuckDBPyConnection, published: list[dict[str, str]]
) -> None:
    mix = public_rows(release, "energy_mix_public")
    whole = release.execute(
        "select month, sum(energy_tce) from marts.energy_mix_public group by month"
    ).fetchall()
    of_groups = {
        row["month"]: row["energy_tce"] for row in published if row["grouping"] == "district"
    }
    for month, energy in whole:
        if of_groups[f"{month}"]:
            assert energy == Decimal(of_groups[f"{month}"])
    assert {row["month"] for row in mix} == {f"{month}" for month, _ in whole}


def test_drivers_leave_by_industry_of_the_district_alone(
    release: duckdb.DuckDBPyConnection,
) -> None:
    rows = public_rows(release, "intensity_drivers")
    assert {(row["grouping"], row["member_kind"]) for row in rows} == {("district", "industry")}
    assert "panel_intensity_tce_per_10k_cny" not in rows[0]


def test_every_format_holds_the_same_rows(
    release: duckdb.DuckDBPyConnection, published: list[dict[str, str]], tmp_path: Path
) -> None:
    sheet = load_workbook(io.BytesIO(public_file(release, "group_months", "xlsx"))).active
    assert sheet is not None
    header, *rows = sheet.iter_rows(values_only=True)
    assert (list(header), len(rows)) == (list(published[0]), len(published))
    file = tmp_path / "public.parquet"
    file.write_bytes(public_file(release, "group_months", "parquet"))
    found = duckdb.sql(f"select count(*), count(energy_tce) from '{file}'").fetchall()
    assert found == [(len(published), sum(row["energy_tce"] != "" for row in published))]
