"""The whole way: from files to the bureau's number, to the last digit, and back to the row."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from homes import FOOD, POTS, SAMPLES, SHIPS, Home, electricity, open_home

from greenmfg import warehouse
from greenmfg.pipeline import doctoring, preserving, rebuilding, releasing
from greenmfg.queries.explain import Explanation, Subject, UnknownSubject, explain

# GB/T 2589 examples: DOMAIN, section 2.
EXAMPLE = [
    {"energy_item": "电力", "unit": "万千瓦时", "production_use": 1000},
    {"energy_item": "天然气", "unit": "万立方米", "production_use": 50},
    {"energy_item": "柴油", "unit": "吨", "purchased": 200, "production_use": 200},
    {"energy_item": "饱和蒸汽 ≥8 kg/cm2（≥170℃）", "unit": "吨", "production_use": 5000},
]


@pytest.fixture(scope="module")
def published(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Three firms: one files the worked example, two the aggregate; September has no output."""
    folder = tmp_path_factory.mktemp("published") / "home"
    shutil.copytree(founded, folder)
    with open_home(folder) as home:
        home.file_sample("register.csv")
        home.file_rows("energy_monthly", *(
            {"uscc": SHIPS, "period": "202609", **row} for row in EXAMPLE
        ))  # fmt: skip
        # 100 and 300 tce of other fuels, which are filed in tce; 2,000 and 2,500 万元.
        for subject, tce, value_added in ((POTS, 100, 2000), (FOOD, 300, 2500)):
            home.file_rows("energy_monthly", electricity(
                "202610", tce, subject, energy_item="其他燃料", unit="吨标准煤", purchased=tce,
            ))  # fmt: skip
            home.file_rows("output_monthly", {
                "uscc": subject, "period": "202610", "gross_output_10k_cny": 9000,
                "value_added_10k_cny": value_added,
            })  # fmt: skip
        home.file_sample("output_vat.csv")
        outcome = home.run()
        assert (outcome.returned, outcome.awaiting_review) == (0, 0)
        releasing.build_and_publish(home.shop)
        yield home


def figure(home: Home, subject: str, month: date, **more: str) -> Explanation:
    reader = warehouse.reader(home.settings)
    return explain(reader, Subject.of(subject), month, **more)  # type: ignore[arg-type]


def test_the_worked_example_comes_out_to_the_last_digit(published: Home) -> None:
    said = figure(published, SHIPS, date(2026, 9, 1)).as_json()
    assert said["energy_tce"] == "2584.7015712"
    assert [row["tce"] for row in said["filed_rows"]] == ["1229", "607.15", "291.42", "457.1315712"]
    assert (said["status"], said["reason"]) == ("not_measurable", "no_matched_months")


def test_the_aggregate_is_the_ratio_of_sums(published: Home) -> None:
    said = figure(published, "district", date(2026, 10, 1)).as_json()
    assert (said["energy_tce"], said["value_added_10k_cny"]) == ("400", "4500")
    assert said["intensity_tce_per_10k_cny"] == "0.0888888889"
    assert said["coverage"]["firms_due"] == 3
    assert said["coverage"]["firms_filed"] == 3
    assert said["coverage"]["firms_matched"] == 2
    assert said["price_status"] == "undeflated"


def test_a_group_holds_its_own_firms_only(published: Home) -> None:
    said = figure(published, "park:崇明工业园区", date(2026, 10, 1)).as_json()
    assert said["intensity_tce_per_10k_cny"] == "0.0500000000"
    assert {row["enterprise"] for row in said["filed_rows"]} == {POTS}


def test_derived_value_added_adds_the_vat(published: Home) -> None:
    said = figure(published, SHIPS, date(2026, 10, 1)).as_json()
    row = next(r for r in said["filed_rows"] if r["form"] == "output_monthly")
    assert (row["value_added_10k_cny"], row["value_added_basis"]) == ("578", "derived")


def test_every_figure_is_walked_back_to_file_and_line(published: Home) -> None:
    rows = figure(published, POTS, date(2026, 10, 1)).filed_rows
    receipts = {r.receipt for r in rows}
    assert all(published.shop.registry.submission(receipt) for receipt in receipts)
    assert {(row.file, row.line) for row in rows} == {
        ("energy_monthly.csv", 2), ("output_monthly.csv", 2),
    }  # fmt: skip


def test_an_unknown_subject_is_said(published: Home) -> None:
    with pytest.raises(UnknownSubject, match="expected district"):
        Subject.of("somewhere")
    with pytest.raises(UnknownSubject, match="not in the current release"):
        figure(published, "park:没有这个园区", date(2026, 10, 1))


def test_nothing_new_is_published_when_nothing_changed(published: Home) -> None:
    before = warehouse.current(published.settings)
    release = releasing.build_and_publish(published.shop)
    assert not release.built
    assert warehouse.current(published.settings) == before


def test_rows_warehouse_and_release_are_made_anew_from_raw_files(published: Home) -> None:
    for folder in (published.settings.rows, published.settings.warehouse.parent):
        shutil.rmtree(folder)
    done = rebuilding.rebuild(published.shop)
    assert done.release.built
    assert done.differences == {}
    assert doctoring.examine(published.settings) == []


def test_a_backup_restores_to_equal_marts(published: Home, tmp_path: Path) -> None:
    before = warehouse.current(published.settings)
    assert before is not None
    preserving.backup(published.settings, tmp_path / "backup")
    with pytest.raises(Exception, match="registry"):
        preserving.restore(published.settings, tmp_path / "backup")
    from homes import settings_of

    preserving.restore(settings_of(tmp_path / "other"), tmp_path / "backup")
    with open_home(tmp_path / "other") as other:
        rebuilding.rebuild(other.shop)
        after = warehouse.current(other.settings)
        assert after is not None
        assert rebuilding.compare(other.settings, before.path, after.path) == {}


def test_a_release_that_fails_its_check_keeps_the_last_one(
    published: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = warehouse.current(published.settings)
    stage = warehouse.stage_release

    def spoiled(settings, release_id, wait_seconds=0.0):  # type: ignore[no-untyped-def]
        path = stage(settings, release_id, wait_seconds)
        with duckdb.connect(str(path)) as connection:
            connection.execute("update marts.group_months set energy_tce = energy_tce + 1"
                               " where grouping = 'district'")  # fmt: skip
        return path

    published.file_rows("energy_monthly", electricity("202608", 7))
    published.run()
    monkeypatch.setattr("greenmfg.pipeline.releasing.warehouse.stage_release", spoiled)
    with pytest.raises(releasing.ReleaseRefused, match="M005"):
        releasing.build_and_publish(published.shop)
    assert warehouse.current(published.settings) == before
    held = published.shop.registry.latest_publication("failed")
    assert held is not None
    assert "M005" in (held.reason or "")
    assert any(alert.kind == "release_held_back" for alert in published.shop.registry.alerts())
    assert any("held back" in ailment.what for ailment in doctoring.examine(published.settings))
    monkeypatch.undo()
    assert releasing.build_and_publish(published.shop).built


def test_a_withdrawal_leaves_the_month_unfiled(published: Home) -> None:
    filing = published.shop.registry.filings(
        form="output_monthly", subject=POTS, period=date(2026, 10, 1)
    )[0]
    published.shop.registry.review(
        filing.id, "withdraw", "报错企业", "steward", published.settings.now(),
        replaces=published.shop.replaces,
    )  # fmt: skip
    releasing.build_and_publish(published.shop)
    said = figure(published, "district", date(2026, 10, 1)).as_json()
    assert (said["energy_tce"], said["coverage"]["firms_matched"]) == ("300", 1)


MART_SPOILERS: Mapping[str, str] = {
    "M001": "update marts.enterprise_energy_months set energy_tce = null",
    "M002": "update marts.group_months set intensity_constant_tce_per_10k_cny = null",
    "M003": "update marts.group_months set reason = null",
    "M004": "update marts.group_months set intensity_constant_tce_per_10k_cny = 1"
    " where status = 'not_measurable'",
    "M005": "update marts.enterprise_months set energy_tce = energy_tce + 1",
    "M006": "update marts.group_months set energy_tce = energy_tce + 1 where grouping = 'park'",
    "M007": "update marts.target_progress set coverage_share = 1.5",
    "M008": "update marts.audit_progress_months set accepted_enterprises = 45 - month(month)",
    "M009": "update marts.target_progress set is_headline = true",
}


@pytest.mark.parametrize("check", MART_SPOILERS)
def test_every_mart_check_is_seen_firing(published: Home, tmp_path: Path, check: str) -> None:
    from greenmfg.checks.marts import check_release
    from greenmfg.pipeline.workshop import checker_of

    current = warehouse.current(published.settings)
    assert current is not None
    spoiled = tmp_path / "spoiled.duckdb"
    # A copy without its constraints: some of what is checked here they would refuse already.
    with duckdb.connect(str(spoiled)) as connection:
        connection.execute(f"attach '{current.path}' as good (read_only)")
        connection.execute("create schema marts")
        for (mart,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'good'"
        ).fetchall():
            connection.execute(f"create table marts.{mart} as from good.marts.{mart}")
        connection.execute(MART_SPOILERS[check])
    faults = check_release(checker_of(published.settings), published.settings, spoiled)
    assert check in {fault.id for fault in faults}
    assert check_release(checker_of(published.settings), published.settings, current.path) == ()


def test_decimals_survive_the_whole_way(published: Home) -> None:
    row = warehouse.reader(published.settings).execute(
        "select coefficient_tce from marts.enterprise_energy_months"
        " where energy_item = 'steam_sat_8' limit 1"
    ).fetchone()  # fmt: skip
    assert row == (Decimal("0.091426314240"),)


def test_the_samples_shown_in_the_readme_are_the_products_own() -> None:
    for name in (
        "register.csv",
        "energy_many_errors.csv",
        "energy_corrected.csv",
        "output_good.xlsx",
    ):
        assert (SAMPLES / name).is_file()
