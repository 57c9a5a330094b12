"""What `audits`, `benchmark`, `quality` and `explain` say of a district with every kind of change."""

from __future__ import annotations

import json
from datetime import date

import duckdb
import pytest
from tests.indicators.changed_district import FEB_25, JAN_25, A, E, release_of

from greenmfg.queries.audits_text import as_text as audits_text
from greenmfg.queries.audits_text import audit_program
from greenmfg.queries.benchmarks_text import as_text as benchmarks_text
from greenmfg.queries.benchmarks_text import standings
from greenmfg.queries.explain import Subject, UnknownSubject, explain
from greenmfg.queries.explain_text import as_text as explain_text
from greenmfg.queries.quality_text import as_text as quality_text
from greenmfg.queries.quality_text import data_quality
from greenmfg.queries.scoreboard import UnknownMonth

NOWHERE = date(2031, 1, 1)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return release_of(tmp_path_factory.mktemp("texts"))


def test_without_an_audit_on_record_the_count_is_nought_and_nothing_is_open(
    release: duckdb.DuckDBPyConnection,
) -> None:
    program = audit_program(release)
    assert program.month == date(2025, 3, 1)
    text = audits_text(program)
    assert "验收 accepted 0/45 家 firms" in text
    assert "逾期时限 clocks overdue 0，时限内 running 0" in text
    assert "None" not in text


def test_the_largest_excess_stands_first_and_a_loss_has_no_ratio_but_a_reason(
    release: duckdb.DuckDBPyConnection,
) -> None:
    found = standings(release, JAN_25)
    excess = [firm.over_tce for firm in found.firms if firm.over_tce is not None]
    assert excess == sorted(excess, reverse=True)
    text = benchmarks_text(found)
    [loser] = [line for line in text.splitlines() if f" {E} " in line]
    assert "无法测算 not measurable: 增加值不为正 value added is not positive" in loser
    assert "None" not in text


def test_one_firm_is_said_with_its_industry_and_the_four_parts_of_its_score(
    release: duckdb.DuckDBPyConnection,
) -> None:
    found = standings(release, FEB_25, "rolling_12", A)
    assert {firm.uscc for firm in found.firms} == {A}
    assert {industry.industry_code for industry in found.industries} == {"33"}
    assert len(found.parts) == 4
    # nobody has filed land or staff
    assert "没有土地面积 no land area" in benchmarks_text(found)
    said = json.loads(json.dumps(found.as_json()))
    assert said["month"] == "2025-02"
    assert said["rules"][0]["weight"] == "0.3"


def test_a_firm_that_is_not_in_the_population_is_refused_by_name(
    release: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(UnknownSubject, match="not in the population"):
        standings(release, FEB_25, "ytd", "91310151MA00000013")


def test_every_check_of_the_monthly_forms_is_said_with_what_it_touched(
    release: duckdb.DuckDBPyConnection,
) -> None:
    found = data_quality(release, FEB_25)
    text = quality_text(found)
    assert "E101 error  查过 touched" in text
    # H filed nothing for January of this year
    assert found.firms[0].score is not None
    assert found.firms[0].forms_filed < found.firms[0].forms_due
    assert "None" not in text


def test_the_headline_is_explained_with_its_pace(release: duckdb.DuckDBPyConnection) -> None:
    explained = explain(release, Subject.of("district"), JAN_25, "ytd")
    assert explained.as_json()["pace"]["target_year"] == 2025
    text = explain_text(explained)
    assert "进度 pace: 比去年同期 on the same months last year" in text
    assert "到 2025 年须 called for" in text
    # what is not about the target has no pace
    assert explain(release, Subject.of("district"), JAN_25, "month").pace is None


@pytest.mark.parametrize("ask", [audit_program, standings, data_quality])
def test_a_month_that_is_not_there_is_refused_with_the_months_that_are(
    release: duckdb.DuckDBPyConnection, ask: object
) -> None:
    assert callable(ask)
    with pytest.raises(UnknownMonth, match=r"2031-01 不在数据期内 .* 20\d\d-\d\d"):
        ask(release, NOWHERE)
