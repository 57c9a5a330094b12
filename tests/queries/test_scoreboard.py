"""The plan's scoreboard: every row of the plan, in every month, with a value or the reason why not."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from tests.indicators.cabinet import REPOSITORY
from tests.indicators.changed_district import FEB_25, JAN_25, release_of

from greenmfg.contract.reference import read_reference
from greenmfg.queries.scoreboard import Scoreboard, UnknownMonth, scoreboard
from greenmfg.queries.scoreboard_text import as_text

REFERENCE = read_reference(REPOSITORY / "reference")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return release_of(tmp_path_factory.mktemp("scoreboard"))


@pytest.fixture(scope="module")
def board(release: duckdb.DuckDBPyConnection) -> Scoreboard:
    return scoreboard(release, FEB_25)


def test_every_row_of_the_plan_has_one_row_in_every_month(
    release: duckdb.DuckDBPyConnection,
) -> None:
    rows = release.execute(
        "select month, list(target_id order by target_id) from marts.plan_scoreboard group by month"
    ).fetchall()
    ids = sorted(str(row["id"]) for row in REFERENCE["plan_targets"])
    assert date(2020, 1, 1) in {month for month, _ in rows}
    assert all(found == ids for _, found in rows)


def test_every_row_of_the_plan_has_a_measure_and_every_measure_its_scope() -> None:
    ids = {row["id"] for row in REFERENCE["plan_targets"]}
    measures = {row["target_id"]: row["measure"] for row in REFERENCE["plan_measures"]}
    scoped = {row["target_id"] for row in REFERENCE["plan_measure_scopes"]}
    assert set(measures) == ids
    assert scoped == {target for target, measure in measures.items() if measure != "not_in_forms"}


def test_the_words_of_the_plan_are_its_own() -> None:
    plan = "".join((REPOSITORY / "reference" / "plan_14fyp_zh.txt").read_text("utf-8").split())
    # Table 1 is quoted by its cells: the place, then the number.
    cells = {"T07", "T08", "T09", "T10", "T11"}
    for row in REFERENCE["plan_targets"]:
        quote = "".join(str(row["quote_zh"]).split())
        pieces = re.split(r"…", quote)
        if row["id"] in cells:
            pieces = [piece for piece in re.split(r"(\d+亿元)$", quote) if piece]
        assert all(piece in plan for piece in pieces), row["id"]


def test_a_row_without_a_value_says_why_in_both_languages_and_one_with_it_does_not(
    board: Scoreboard,
) -> None:
    for score in board.scores:
        without = score.measured_value is None
        assert (score.status == "not_measurable") is without, score.target_id
        assert (score.reason is not None) is without, score.target_id
        assert (bool(score.reason_zh) and bool(score.reason_en)) is without, score.target_id


def test_the_intensity_and_the_audits_are_read_and_not_computed_again(
    release: duckdb.DuckDBPyConnection,
) -> None:
    differing = release.execute(
        """
        select count(*) filter (where intensity.measured_value is distinct from
                cast(progress.intensity_ytd as decimal(28, 10))
            or (intensity.status = 'reached') is distinct from coalesce(progress.reached, false)
            or intensity.basis_zh <> progress.basis_zh
            or audits.measured_value <> audited.accepted_enterprises),
            count(progress.intensity_ytd)
        from marts.plan_scoreboard as intensity
        inner join marts.target_progress as progress
            on progress.month = intensity.month and progress.target_id = intensity.target_id
        inner join marts.plan_scoreboard as audits
            on audits.month = intensity.month and audits.target_id = 'T02'
        inner join marts.audit_progress_months as audited on audited.month = audits.month
        where intensity.target_id = 'T01'
        """
    ).fetchone()
    assert differing is not None
    assert differing[0] == 0
    assert differing[1] > 0


def test_a_part_of_a_year_is_called_one(board: Scoreboard) -> None:
    output = next(score for score in board.scores if score.target_id == "T11")
    assert output.measured_value is None or output.value_window == "year_to_date"
    assert (output.first_month, output.last_month) == (JAN_25, FEB_25)


def test_targets_stand_before_baselines_and_t2_before_t10(board: Scoreboard) -> None:
    ids = [score.target_id for score in board.scores]
    assert ids.index("T02") < ids.index("T10") < ids.index("T11") < ids.index("T11b")
    assert ids.index("T20") < ids.index("B01") < ids.index("D06") < ids.index("R01")


def test_the_json_holds_plain_numbers_as_text_and_months(board: Scoreboard) -> None:
    said = json.loads(json.dumps(board.as_json()))
    row = next(row for row in said["rows"] if row["target_id"] == "T01")
    assert (said["month"], said["final_evaluation"]) == ("2025-02", False)
    assert row["target_high"] == "0.08"
    assert Decimal(row["measured_value"]) > 0
    assert (row["first_month"], row["last_month"]) == ("2025-01", "2025-02")


def test_a_person_reads_value_target_status_and_reason(board: Scoreboard) -> None:
    text = as_text(board)
    assert "规划记分板 Plan scoreboard  2025-02" in text
    assert "无法测算，因为范围内 5 个园区中，5 个没有登记土地面积（park_land）" in text
    assert "not measurable, because no form asks for technology centres" in text
    assert "目标 target 0.08 吨标准煤/万元（2025）" in text
    assert "None" not in text


def test_a_month_that_is_not_there_is_said_with_those_that_are(
    release: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(UnknownMonth, match="2020-01 至 · to 20"):
        scoreboard(release, date(2031, 12, 1))
