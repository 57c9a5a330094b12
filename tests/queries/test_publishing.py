"""What leaves the bureau gives no firm away."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook
from tests.indicators.changed_district import release_of

from greenmfg.queries.exports import BOM, EXPORTS
from greenmfg.queries.mart_files import public_file
from greenmfg.queries.publishing import NotPublic


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return release_of(tmp_path_factory.mktemp("public"))


@pytest.fixture(scope="module")
def published(release: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    text = public_file(release, "group_months", "csv").decode().removeprefix(BOM)
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


def test_only_the_groups_leave_the_bureau(release: duckdb.DuckDBPyConnection) -> None:
    for mart in EXPORTS.keys() - {"group_months"}:
        with pytest.raises(NotPublic):
            public_file(release, mart, "csv")


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
