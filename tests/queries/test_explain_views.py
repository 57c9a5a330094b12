"""`explain`: what it says beside the official quantity, and never instead of it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from tests.indicators.changed_district import JAN_25, release_of

from greenmfg.queries.explain import Explanation, Subject, explain
from greenmfg.queries.explain_text import as_text
from greenmfg.queries.exports import EXPORTS

MARTS = Path(__file__).parents[2] / "dbt_project" / "models" / "marts"


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Explanation:
    release: duckdb.DuckDBPyConnection = release_of(tmp_path_factory.mktemp("views"))
    return explain(release, Subject.of("district"), JAN_25, "ytd")


def test_the_views_stand_below_the_official_figure_and_say_that_they_are_not_it(
    explained: Explanation,
) -> None:
    lines = as_text(explained).splitlines()
    [figure] = [place for place, line in enumerate(lines) if "143 tce ÷ 1380 万元" in line]
    [heading] = [place for place, line in enumerate(lines) if "never instead of it" in line]
    assert figure < heading
    assert "扣除绿电绿证 less certified green power: 143.00 tce" in lines[heading + 3]
    # No deflator is loaded, and a ratio of a view must not pass for one at constant price.
    assert "0.1036 tce/万元（未平减 undeflated）" in lines[heading + 3]
    assert "official" not in {view.view for view in explained.views.energy}


def test_a_purpose_without_a_factor_says_why_and_shows_no_figure(explained: Explanation) -> None:
    [line] = [line for line in as_text(explained).splitlines() if "上海碳市场" in line]
    assert line.endswith("无法测算 not measurable: 有品种没有排放因子 an item has no factor")
    [said] = [
        view
        for view in explained.as_json()["views"]["emissions"]
        if view["purpose"] == "ets_shanghai"
    ]
    assert (said["co2_t"], said["reason"]) == (None, "no_factor_of_item")


def test_every_mart_can_be_taken_out_by_the_bureau() -> None:
    assert {path.stem for path in MARTS.glob("*/*.sql")} == EXPORTS.keys()
