"""Two releases held against each other, also those of two versions of the software."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from greenmfg.pipeline.rebuilding import compare
from greenmfg.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"GREENMFG_HOME": str(tmp_path / "home")})


def release(path: Path, **marts: str) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        for name, query in marts.items():
            connection.execute(f"create table marts.{name} as {query}")
    return path


def test_a_mart_of_one_release_alone_differs_in_all_its_rows_and_stops_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    months = "select * from (values (1, 2.5), (2, 3.5)) as month(month, tce)"
    before = release(tmp_path / "before.duckdb", months=months, gone="select 1 as only_then")
    after = release(
        tmp_path / "after.duckdb",
        months=months.replace("3.5", "4.5"),
        added="select * from range(3)",
        added_empty="select 1 as nothing limit 0",
    )
    # The changed month is one row before and one after.
    assert compare(settings, before, after) == {
        "added": 3, "added_empty": 0, "gone": 1, "months": 2,
    }  # fmt: skip
    assert compare(settings, before, before) == {}


@pytest.mark.parametrize("others", ["select 1 as month, 2 as tce", "select 2.5 as tce, 1 as month"])
def test_a_mart_whose_columns_changed_differs_in_all_its_rows(
    settings: Settings, tmp_path: Path, others: str
) -> None:
    before = release(tmp_path / "before.duckdb", months="select 1 as month, 2.5 as tce")
    after = release(tmp_path / "after.duckdb", months=others)
    assert compare(settings, before, after) == {"months": 2}
