"""Reference tables, live: a steward files newer rows as CSV and the marts move with them.

Every table goes the one way of all files. What is not yet valid moves nothing, and an earlier day
does not know the rows.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from homes import POTS, SHIPS, Home, electricity, open_home, settings_of
from tests.indicators.cabinet import REPOSITORY

from greenmfg.pipeline import releasing
from greenmfg.pipeline.remembering import build_as_of, end_of
from greenmfg.queries.scoreboard import Score, scoreboard
from greenmfg.warehouse import open_release, release_path

# Three builds; a busy machine is no fault of theirs.
pytestmark = pytest.mark.timeout(1800)

NEW_CODE = "91310151MA0000047R"
AUGUST, SEPTEMBER, OCTOBER = (date(2026, month, 1) for month in (8, 9, 10))
Row = dict[str, object]


@dataclass(frozen=True)
class Told:
    """Releases before and after the steward filed, and as of the day before."""

    before: Path
    after: Path
    as_of: Path


def delivered(table: str, **key: str) -> Row:
    """The delivered row of a table with this key, to be filed again with changes."""
    with (REPOSITORY / "reference" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if key.items() <= row.items()]
    assert len(found) == 1, (table, key)
    return dict(found[0])


def newer_rows() -> Mapping[str, list[Row]]:
    """One newer row, or a few, of each table that a steward keeps."""
    intensity = delivered("plan_targets", id="T01")
    electric = delivered("energy_coefficients", item_code="electricity")
    due = delivered("check_parameters", parameter="filing_due_day")
    return {
        # A later plan: T01 anew, and a target of its own that a measure answers.
        "plan_targets": [
            {**intensity, "target_low": "0.05", "target_high": "0.05", "target_year": "2030",
             "quote_zh": "示例：2030 年目标", "valid_from": "2026-10-01", "valid_to": "2030-12-31"},
            {**intensity, "id": "P01", "indicator_zh": "示例园区产值", "indicator_en": "park output",
             "target_low": "0.5", "target_high": "0.5", "unit": "亿元", "target_year": "2030",
             "quote_zh": "示例：园区产值", "valid_from": "2026-10-01", "valid_to": "2030-12-31"},
        ],
        "plan_measures": [
            {**delivered("plan_measures", target_id="T12"), "target_id": "P01",
             "basis_zh": "示例", "basis_en": "an example", "valid_from": "2026-10-01"}
        ],
        "plan_measure_scopes": [
            {"target_id": "P01", "scope_kind": "园区", "scope_key": "长兴海洋装备产业基地",
             "valid_from": "2026-10-01"}
        ],
        "deflators": [
            {"industry_code": "37", "month": "202610", "index_2020_100": "80", "source": "示例"}
        ],
        "energy_coefficients": [
            {**electric, "tce_per_report_unit_default": "1.3", "edition": "示例 2026 版",
             "valid_from": "2026-10-01"}
        ],
        "park_land": [
            {"park": park, "land_area_km2": "0.5", "land_basis": "已供地", "source": "示例",
             "valid_from": "2026-10-01"}
            for park in ("长兴海洋装备产业基地", "崇明工业园区", "智慧岛数据产业园",
                         "富盛经济开发区", "崇明现代农业园区")
        ],
        "check_parameters": [{**due, "value": "20", "valid_from": "2026-10-01"}],
        "filing_calendar": [
            {"period": "202609", "form": "能源月报", "due_on": "2026-10-25", "source": "示例"}
        ],
        "enterprise_successors": [
            {"uscc": POTS, "successor_uscc": NEW_CODE, "valid_from": "2026-10-01", "source": "示例"}
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def told(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("reference") / "home"
    shutil.copytree(founded, folder)
    with open_home(folder, "2026-11-23") as home:
        home.file_sample("register.csv")
        home.run()
        for month in ("202609", "202610"):
            home.file_rows("energy_monthly", electricity(month, 100))
            home.file_rows("output_monthly", {"uscc": SHIPS, "period": month, "note": "示例",
                           "gross_output_10k_cny": 9000, "value_added_10k_cny": 2000})  # fmt: skip
        home.run()
        before = release_path(home.settings, releasing.build_and_publish(home.shop).release)
    with open_home(folder, "2026-11-26") as home:
        receipts = [home.file_rows(table, *rows).number for table, rows in newer_rows().items()]
        outcome = home.run()
        assert (outcome.returned, outcome.awaiting_review, outcome.unreadable) == (0, 0, 0)
        assert len(set(receipts)) == len(newer_rows())
        after = release_path(home.settings, releasing.build_and_publish(home.shop).release)
        as_of = build_as_of(home.shop, end_of(date(2026, 11, 25)))
        return Told(before, after, as_of)


def ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    with open_release(settings_of(path.parent), path) as release:
        return release.execute(sql).fetchall()


def scores(path: Path, month: date) -> dict[str, Score]:
    with open_release(settings_of(path.parent), path) as release:
        return {score.target_id: score for score in scoreboard(release, month).scores}


# What is asked of both releases: table → (question, before or as of an earlier day, after).
# Of every pair the first row is a month before the newer rows' validity: it never moves.
QUESTIONS = {
    "plan_targets": (
        "select target_high from marts.target_progress where month >= date '2026-09-01'"
        " and month <= date '2026-10-01' order by month",
        [(Decimal("0.08"),), (Decimal("0.08"),)],
        [(Decimal("0.08"),), (Decimal("0.05"),)],
    ),
    "deflators": (
        "select price_status, value_added_constant_10k_cny from marts.enterprise_months"
        f" where uscc = '{SHIPS}' and value_added_10k_cny is not null order by month",
        [("undeflated", Decimal(2000)), ("undeflated", Decimal(2000))],
        [("undeflated", Decimal(2000)), ("deflated", Decimal(2500))],
    ),
    "energy_coefficients": (
        "select coefficient_edition, energy_tce from marts.enterprise_energy_months order by month",
        [("GB/T 2589-2020", Decimal("122.9")), ("GB/T 2589-2020", Decimal("122.9"))],
        [("GB/T 2589-2020", Decimal("122.9")), ("示例 2026 版", Decimal(130))],
    ),
    "check_parameters and filing_calendar": (
        "select distinct month, form, due_on from marts.filing_coverage"
        " where month >= date '2026-08-01' and month <= date '2026-10-01' and form <> 'output_monthly'"
        " order by month",
        [(AUGUST, "energy_monthly", date(2026, 9, 15)),
         (SEPTEMBER, "energy_monthly", date(2026, 10, 15)),
         (OCTOBER, "energy_monthly", date(2026, 11, 15))],
        [(AUGUST, "energy_monthly", date(2026, 9, 15)),
         (SEPTEMBER, "energy_monthly", date(2026, 10, 25)),
         (OCTOBER, "energy_monthly", date(2026, 11, 20))],
    ),
    "park_land": (
        "select month, reason, measured_value from marts.plan_scoreboard where target_id = 'T06'"
        " and month in (date '2026-09-01', date '2026-10-01') order by month",
        [(SEPTEMBER, "park_land_missing", None), (OCTOBER, "park_land_missing", None)],
        # 18,000 万元 of two months are 1.8 亿元 on 2.5 km²
        [(SEPTEMBER, "park_land_missing", None), (OCTOBER, None, Decimal("0.72"))],
    ),
}  # fmt: skip


@pytest.mark.parametrize("table", QUESTIONS)
def test_a_newer_row_moves_the_marts_from_its_validity_on(told: Told, table: str) -> None:
    sql, before, after = QUESTIONS[table]
    assert ask(told.before, sql) == before
    assert ask(told.after, sql) == after


@pytest.mark.parametrize("table", QUESTIONS)
def test_an_earlier_day_does_not_know_the_newer_rows(told: Told, table: str) -> None:
    sql, before, _ = QUESTIONS[table]
    assert ask(told.as_of, sql) == before


def test_a_later_plans_target_is_scored_without_a_line_of_code(told: Told) -> None:
    assert "P01" not in scores(told.before, OCTOBER)
    target = scores(told.after, OCTOBER)["P01"]
    assert (target.measured_value, target.target_high) == (Decimal("0.9"), Decimal("0.5"))
    assert (target.status, target.value_window) == ("reached", "year_to_date")


def test_a_firm_that_files_a_reference_table_is_refused_in_plain_words(home: Home) -> None:
    receipt = home.file_rows("deflators", *newer_rows()["deflators"], account=SHIPS).number
    home.run()
    [finding] = home.shop.registry.findings(receipt=receipt)
    assert finding.id == "S004"
    assert "不能报送“工业品价格指数”" in finding.message.zh
    assert home.shop.registry.filings(form="deflators") == ()


def test_recomputing_history_is_a_stewards_deed_on_record(founded: Path, tmp_path: Path) -> None:
    folder = tmp_path / "home"
    shutil.copytree(founded, folder)
    question = "select coefficient_edition, energy_tce from marts.enterprise_energy_months"
    with open_home(folder, "2026-11-23") as home:
        home.file_sample("register.csv")
        home.run()
        home.file_rows("energy_monthly", electricity("202601", 100))
        edition = {**delivered("energy_coefficients", item_code="electricity"),
                   "tce_per_report_unit_default": "1.3", "edition": "示例 2026 版",
                   "valid_from": "2026-01-01"}  # fmt: skip
        home.file_rows("energy_coefficients", edition)
        # A note on the row explains nothing here: the delivered tables have notes of their own.
        assert edition["note"]
        assert home.run().awaiting_review == 1
        before = releasing.build_and_publish(home.shop).release
        assert ask(release_path(home.settings, before), question) == [
            ("GB/T 2589-2020", Decimal("122.9"))
        ]
        (waiting,) = home.shop.registry.waiting_reviews()
        home.shop.registry.review(
            waiting.id, "accept", "按上级通知重算本年", "steward", home.settings.now(),
            replaces=home.shop.replaces,
        )  # fmt: skip
        after = releasing.build_and_publish(home.shop).release
        assert ask(release_path(home.settings, after), question) == [("示例 2026 版", Decimal(130))]
        (review,) = home.shop.registry.reviews(waiting.id)
        assert (review.account, review.reason) == ("steward", "按上级通知重算本年")


def test_a_table_filed_again_with_one_newer_row_recomputes_nothing(
    founded: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "home"
    shutil.copytree(founded, folder)
    with open_home(folder, "2026-11-23") as home:
        path = REPOSITORY / "reference" / "energy_coefficients.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        electric = delivered("energy_coefficients", item_code="electricity")
        newer = {**electric, "tce_per_report_unit_default": "1.3", "edition": "示例 2026 版",
                 "valid_from": "2026-11-01"}  # fmt: skip
        home.file_rows("energy_coefficients", *rows, newer)
        outcome = home.run()
        assert (outcome.awaiting_review, outcome.returned) == (0, 0)
