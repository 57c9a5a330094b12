"""A firm that changes its code, from filed files to the marts: one firm before and after.

示例厨具 files three months of 2025 and one of 2026 under its old code, then two under a new one.
The steward files the change of code last; what moves is the change's doing alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from homes import POTS, Home, electricity, open_home

from greenmfg.pipeline import releasing
from greenmfg.warehouse import open_release, release_path

# Two builds; a busy machine is no fault of theirs.
pytestmark = pytest.mark.timeout(1800)

NEW = "91310151MA0000047R"
BEFORE_THE_CHANGE = ("202508", "202509", "202510", "202608")
SINCE = ("202609", "202610")


@dataclass(frozen=True)
class Told:
    home: Home
    before: Path
    after: Path

    def ask(self, release: Path, sql: str) -> list[tuple[object, ...]]:
        with open_release(self.home.settings, release) as opened:
            return opened.execute(sql).fetchall()


@pytest.fixture(scope="module")
def told(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("successors") / "home"
    shutil.copytree(founded, folder)
    with open_home(folder) as home:
        home.file_sample("register.csv")
        firm = {
            "name": "示例厨具制造有限公司", "industry_code": "33", "park": "崇明工业园区",
            "town_code": "310151101", "above_scale": "是", "land_area_ha": 3,
        }  # fmt: skip
        home.file_rows(
            "enterprise_register",
            {**firm, "uscc": POTS, "valid_from": "202001", "valid_to": "202608"},
            {**firm, "uscc": NEW, "valid_from": "202609"},
        )
        home.run()
        filed = [(POTS, month) for month in BEFORE_THE_CHANGE] + [(NEW, month) for month in SINCE]
        for uscc, month in filed:
            # A tenth more energy and a quarter more value added than last year.
            used, value_added = (100, 2000) if month < "2026" else (110, 2500)
            home.file_rows("energy_monthly", electricity(month, used, uscc, note="示例"))
            home.file_rows("output_monthly", {
                "uscc": uscc, "period": month, "note": "示例", "gross_output_10k_cny": 9000,
                "value_added_10k_cny": value_added, "tax_10k_cny": 30,
            })  # fmt: skip
        outcome = home.run()
        assert (outcome.returned, outcome.awaiting_review, outcome.unreadable) == (0, 0, 0)
        before = release_path(home.settings, releasing.build_and_publish(home.shop).release)
        home.file_rows(
            "enterprise_successors",
            {"uscc": POTS, "successor_uscc": NEW, "valid_from": "2026-09-01", "source": "示例"},
        )
        assert home.run().returned == 0
        after = release_path(home.settings, releasing.build_and_publish(home.shop).release)
        yield Told(home, before, after)


GROWTH = (
    "select panel_firms, panel_firm_months, panel_energy_share, round(energy_growth, 9),"
    " round(value_added_growth, 9), round(intensity_change, 9), reason"
    " from marts.group_growth where grouping = '{grouping}' and group_key = '{key}'"
    " and month = date '2026-10-01' and window_name = 'ytd'"
)
GROWN = (1, 3, 1.0, 0.1, 0.25, -0.12, None)


def test_a_new_code_without_its_map_has_no_past(told: Told) -> None:
    [new] = told.ask(told.before, GROWTH.format(grouping="enterprise", key=NEW))
    assert (new[0], new[1], new[-1]) == (0, 0, "no_panel")
    # Of the industry only August is like for like: the old code alone filed it in both years.
    [industry] = told.ask(told.before, GROWTH.format(grouping="industry", key="33"))
    assert industry[:2] == (1, 1)


@pytest.mark.parametrize(
    ("grouping", "key"), [("enterprise", NEW), ("enterprise", POTS), ("industry", "33")]
)
def test_a_firm_grows_across_the_change_of_its_code(told: Told, grouping: str, key: str) -> None:
    assert told.ask(told.after, GROWTH.format(grouping=grouping, key=key)) == [GROWN]


def test_a_firm_is_benchmarked_over_both_codes(told: Told) -> None:
    question = (
        "select uscc, energy_tce, value_added_constant_10k_cny from marts.enterprise_benchmarks"
        " where month = date '2026-10-01' and window_name = 'ytd' and industry_code = '33'"
    )
    electric = Decimal("1.229")
    assert told.ask(told.before, question) == [(NEW, 220 * electric, 5000)]
    assert told.ask(told.after, question) == [(NEW, 330 * electric, 7500)]


def test_a_firm_is_scored_by_the_months_of_both_codes(told: Told) -> None:
    question = (
        "select months, numerator from marts.resource_efficiency_indicators"
        f" where uscc = '{NEW}' and month = date '2026-10-01' and indicator = 'tax_per_land'"
    )
    assert told.ask(told.before, question) == [(2, 60.0)]
    # Twelve months to October: the last one under the old code is August.
    assert told.ask(told.after, question) == [(3, 90.0)]


def test_a_firm_of_two_codes_is_counted_once(told: Told) -> None:
    question = (
        "select firms_due, firms_matched from marts.group_months where grouping = 'industry'"
        " and group_key = '33' and month = date '2026-10-01' and window_name = 'ytd'"
    )
    assert told.ask(told.before, question) == [(2, 2)]
    assert told.ask(told.after, question) == [(1, 1)]


def test_what_was_filed_keeps_the_code_it_was_filed_under(told: Told) -> None:
    question = (
        "select uscc, month, energy_tce, value_added_10k_cny from marts.enterprise_months"
        " where energy_filed order by uscc, month"
    )
    filed = told.ask(told.before, question)
    assert {uscc for uscc, *_ in filed} == {POTS, NEW}
    assert told.ask(told.after, question) == filed
