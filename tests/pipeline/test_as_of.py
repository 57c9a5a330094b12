"""As known then: every past release comes out again, to the last digit, and touches nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from homes import POTS, SHIPS, Home, electricity, open_home

from greenmfg import warehouse
from greenmfg.pipeline import rebuilding, releasing
from greenmfg.pipeline.remembering import MomentUnknown, build_as_of, end_of, moment_of
from greenmfg.registry.nouns import ReviewAction
from greenmfg.settings import Settings

STEPS = ("filed", "corrected", "withdrawn and returned", "newer reference row")


@dataclass
class Chronicle:
    """A home's story; `releases` holds the release published after each step."""

    folder: Path
    releases: dict[str, str] = field(default_factory=dict)

    def path(self, step: str) -> Path:
        return self.folder / "releases" / f"release_{self.releases[step]}.duckdb"


def output(value_added: int, subject: str = SHIPS) -> dict[str, object]:
    return {"uscc": subject, "period": "202609", "gross_output_10k_cny": 9000,
            "value_added_10k_cny": value_added}  # fmt: skip


@pytest.fixture(scope="module")
def chronicle(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Chronicle:
    """Filed on one day; corrected, withdrawn and deflated on the days after."""
    told = Chronicle(tmp_path_factory.mktemp("chronicle") / "home")
    shutil.copytree(founded, told.folder)
    days = ("2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26")
    for step, day in zip(STEPS, days, strict=True):
        with open_home(told.folder, day) as home:
            _TOLD[step](home)
            told.releases[step] = releasing.build_and_publish(home.shop).release
    return told


def _filed(home: Home) -> None:
    home.file_sample("register.csv")
    home.file_rows("energy_monthly", electricity("202609", 100))
    home.file_rows("output_monthly", output(2000))
    home.file_rows("energy_monthly", electricity("202609", 40, POTS))
    home.file_rows("output_monthly", output(900, POTS))
    # A price beyond all bounds waits for a reviewer.
    home.file_rows("energy_monthly", electricity("202608", 10, purchased=10,
                                                 purchase_cost_1k_cny=9000))  # fmt: skip
    home.run()
    assert {state for *_, state in home.states()} == {"accepted", "awaiting_review"}


def _corrected(home: Home) -> None:
    home.file_rows("energy_monthly", electricity("202609", 110))
    home.file_rows("energy_monthly", electricity("202610", "约8", POTS))
    home.run()


def _withdrawn(home: Home) -> None:
    [filing] = home.shop.registry.filings(form="output_monthly", subject=POTS)
    _review(home, filing.id, "withdraw")
    [waiting] = home.shop.registry.waiting_reviews()
    _review(home, waiting.id, "return")


def _review(home: Home, filing: int, action: ReviewAction) -> None:
    home.shop.registry.review(
        filing, action, "请核对", "steward", home.settings.now, replaces=home.shop.replaces
    )


def _deflated(home: Home) -> None:
    home.file_rows("deflators", {"industry_code": "37", "month": "202609",
                                 "index_2020_100": "98", "source": "示例"})  # fmt: skip
    home.run()


_TOLD = dict(zip(STEPS, (_filed, _corrected, _withdrawn, _deflated), strict=True))


@pytest.fixture
def home(chronicle: Chronicle) -> Iterator[Home]:
    with open_home(chronicle.folder, "2026-11-30") as later:
        yield later


def intensity(path: Path) -> tuple[object, ...]:
    [said] = ask(
        path,
        "select energy_tce, value_added_constant_10k_cny, price_status from marts.group_months"
        " where grouping = 'district' and month = date '2026-09-01' and window_name = 'month'",
    )
    return said


def ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    """Asked beside the file that this very process may have open as its current release."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as release (read_only)")
        return connection.execute(sql.replace("marts.", "release.marts.")).fetchall()


@pytest.mark.parametrize("step", STEPS)
def test_a_past_release_is_reproduced_exactly(home: Home, chronicle: Chronicle, step: str) -> None:
    published = chronicle.path(step)
    known_then = build_as_of(home.shop, moment_of(home.shop, chronicle.releases[step]))
    assert rebuilding.compare(home.settings, published, known_then) == {}
    facts = "from marts.release_facts"
    assert ask(known_then, facts) == ask(published, facts)


def test_the_releases_of_the_story_differ(chronicle: Chronicle) -> None:
    said = [intensity(chronicle.path(step)) for step in STEPS]
    assert len(set(said)) == 4
    assert [row[2] for row in said] == ["undeflated"] * 3 + ["deflated"]


def test_a_date_means_the_end_of_that_day_in_the_district(home: Home, chronicle: Chronicle) -> None:
    path = build_as_of(home.shop, moment_of(home.shop, "2026-11-24"))
    assert intensity(path) == intensity(chronicle.path("corrected"))
    facts = ask(path, "select built_today, as_of from marts.release_facts")
    assert facts == [(date(2026, 11, 24), datetime(2026, 11, 24, 15, 59, 59, 999999))]


def test_what_was_returned_or_received_later_was_not_known(chronicle: Chronicle) -> None:
    filed, now = (states(chronicle.path(step)) for step in ("filed", "newer reference row"))
    assert (filed[SHIPS, "2026-08"], now[SHIPS, "2026-08"]) == ("awaiting_review", "returned")
    assert (filed[POTS, "2026-10"], now[POTS, "2026-10"]) == ("missing", "returned")


def states(path: Path) -> dict[tuple[object, object], object]:
    rows = ask(
        path,
        "select uscc, strftime(month, '%Y-%m'), state from marts.filing_coverage"
        " where form = 'energy_monthly'",
    )
    return {(uscc, month): state for uscc, month, state in rows}


def test_a_workbench_of_older_contracts_is_made_anew_and_the_present_left_alone(
    home: Home,
) -> None:
    before = warehouse.current(home.settings)
    written = home.settings.warehouse.stat().st_mtime_ns
    past = home.settings.home / "as_of" / "warehouse" / "workbench.duckdb"
    with duckdb.connect(str(past)) as connection:
        connection.execute("drop table filed.towns cascade")
        connection.execute("create table filed.towns (code varchar)")
    assert intensity(build_as_of(home.shop, end_of(date(2026, 11, 23))))
    assert warehouse.current(home.settings) == before
    assert home.settings.warehouse.stat().st_mtime_ns == written


def test_the_same_moment_is_built_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build_as_of(home.shop, end_of(date(2026, 11, 23)))
    with monkeypatch.context() as patch:
        patch.setattr("greenmfg.pipeline.remembering.warehouse.build", None)
        assert build_as_of(home.shop, end_of(date(2026, 11, 23))) == first


def test_a_moment_of_which_nothing_can_be_said_is_refused(home: Home) -> None:
    with pytest.raises(MomentUnknown, match="still to come"):
        build_as_of(home.shop, home.settings.now() + timedelta(days=2))
    with pytest.raises(MomentUnknown, match="nothing was in force"):
        build_as_of(home.shop, datetime(2019, 1, 1, tzinfo=UTC))
    with pytest.raises(MomentUnknown, match="expected a date"):
        moment_of(home.shop, "last week")


def test_the_command_explains_as_of_a_date(home: Home, chronicle: Chronicle) -> None:
    settings: Settings = home.settings
    env = {**os.environ, "GREENMFG_HOME": str(settings.home), "GREENMFG_TODAY": "2026-11-30"}

    def command(*words: str) -> str:
        return subprocess.run([sys.executable, "-m", "greenmfg.cli", *words], env=env, check=True,
                              capture_output=True, text=True, timeout=300).stdout  # fmt: skip

    asked = ("explain", "district", "2026-09", "--as-of", "2026-11-23")
    said = json.loads(command(*asked, "--json"))
    assert (said["energy_tce"], said["price_status"]) == ("172.06", "undeflated")
    assert said["as_of"] == "2026-11-23T23:59:59.999999+08:00"
    assert "2026-11-23 23:59:59 当时已知 · as known then" in command(*asked)
    assert "as_of" not in json.loads(command("explain", "district", "2026-09", "--json"))
    then = command("export", "release_facts", "--as-of", chronicle.releases["corrected"])
    assert "2026-11-24" in then
