"""Whatever happened since the last build: building what changed gives what building all gives."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from dbt.contracts.graph.manifest import Manifest
from tests.indicators.cabinet import Cabinet, settings_in
from tests.indicators.golden_years import (
    DEFLATORS,
    FEB_25,
    FUSHENG,
    REGISTER,
    SUCCESSORS,
    TODAY,
    P,
    Q,
    R,
    energy_rows,
    output_rows,
)

from greenmfg.pipeline.rebuilding import compare
from greenmfg.settings import Settings
from greenmfg.warehouse import BuildFailed, build, stage_release
from greenmfg.warehouse import scope as scoping
from greenmfg.warehouse.build import run_dbt
from greenmfg.warehouse.scope import EVERY_MONTH, Fingerprints, Scope

MARCH_24, JUNE_24 = date(2024, 3, 1), date(2024, 6, 1)


def _nothing(cabinet: Cabinet) -> None:
    """The clock's instant is another at every build."""


def _a_new_month(cabinet: Cabinet) -> None:
    """One of its filings speaks of January as well."""
    cabinet.submit("energy_monthly", [r for r in energy_rows() if _month(r) == FEB_25])
    cabinet.submit("output_monthly", [r for r in output_rows() if _month(r) == FEB_25])


def _an_old_month_corrected(cabinet: Cabinet) -> None:
    old = _filing(cabinet, "energy_monthly", P, MARCH_24)
    rows = [r for r in energy_rows() if (r["uscc"], _month(r)) == (P, MARCH_24)]
    cabinet.supersede(old, old.received_at)
    cabinet.submit("energy_monthly", [{**row, "production_use": "77"} for row in rows], version=2)


def _an_old_month_withdrawn(cabinet: Cabinet) -> None:
    old = _filing(cabinet, "output_monthly", R, JUNE_24)
    cabinet.withdraw(old, old.received_at)


def _the_combined_february_withdrawn(cabinet: Cabinet) -> None:
    old = _filing(cabinet, "output_monthly", P, FEB_25)
    cabinet.withdraw(old, old.received_at)


def _a_firm_moved(cabinet: Cabinet) -> None:
    [row, *_] = [r for r in REGISTER if r["uscc"] == Q]
    moved = {**row, "name": "示例食品新厂", "park": FUSHENG, "valid_from": "2024-05-01"}
    cabinet.submit("enterprise_register", [moved])


def _a_new_deflator(cabinet: Cabinet) -> None:
    row = {"industry_code": "14", "month": "2024-10-01", "index_2020_100": "97", "source": "示例"}
    cabinet.submit("deflators", [row])


def _a_new_parameter(cabinet: Cabinet) -> None:
    row = {"parameter": "filing_due_day", "value": "20", "valid_from": "2024-06-01"}
    cabinet.submit("check_parameters", [row])


def _the_next_day(cabinet: Cabinet) -> None:
    cabinet.today = date(2025, 3, 21)


def _a_week_later(cabinet: Cabinet) -> None:
    """What is missing is later than it was, in months long past."""
    cabinet.today = date(2025, 3, 28)


def _the_next_month(cabinet: Cabinet) -> None:
    cabinet.today = date(2025, 4, 1)


STORY: Mapping[str, Callable[[Cabinet], None]] = {
    "nothing": _nothing,
    "a new month": _a_new_month,
    "an old month corrected": _an_old_month_corrected,
    "an old month withdrawn": _an_old_month_withdrawn,
    "the combined February withdrawn": _the_combined_february_withdrawn,
    "a firm moved": _a_firm_moved,
    "a new deflator": _a_new_deflator,
    "a new parameter": _a_new_parameter,
    "the next day": _the_next_day,
    "a week later": _a_week_later,
    "the next month": _the_next_month,
}


def _month(row: Mapping[str, object]) -> date:
    return date.fromisoformat(str(row["period"]))


def _filing(cabinet: Cabinet, form: str, subject: str, period: date):  # type: ignore[no-untyped-def]
    [found] = [
        f
        for f in cabinet.filings
        if (f.form, f.subject, f.period, f.state) == (form, subject, period, "accepted")
    ]
    return found


@dataclass
class Told:
    """By step: marts that differ from a full build's, those that the step moved, models built."""

    differ: dict[str, dict[str, int]] = field(default_factory=dict)
    moved: dict[str, dict[str, int]] = field(default_factory=dict)
    models: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Two workbenches are told the same story; one builds what changed, the other all of it."""
    folder = tmp_path_factory.mktemp("story")
    cabinet = Cabinet(settings_in(folder / "changed"), TODAY)
    cabinet.submit_reference(but={"deflators": DEFLATORS, "enterprise_successors": SUCCESSORS})
    cabinet.submit("enterprise_register", REGISTER)
    cabinet.submit("energy_monthly", [r for r in energy_rows() if _month(r) != FEB_25])
    cabinet.submit("output_monthly", [r for r in output_rows() if _month(r) != FEB_25])
    whole = replace(cabinet, settings=settings_in(folder / "whole"))
    told, before = Told(), _built(cabinet, "base")
    for number, (step, happens) in enumerate(STORY.items()):
        happens(cabinet)
        after = _built(cabinet, f"step{number}", told, step)
        whole.today = cabinet.today
        whole.filings = cabinet.filings
        whole.load()
        build(whole.settings, full_refresh=True)
        full = stage_release(whole.settings, f"step{number}")
        told.differ[step] = compare(cabinet.settings, after, full)
        told.moved[step] = compare(cabinet.settings, before, after)
        before = after
    return told


def _built(cabinet: Cabinet, release: str, told: Told | None = None, step: str = "") -> Path:
    cabinet.load()
    summary = build(cabinet.settings)
    if told is not None:
        told.models[step] = summary.models
    return stage_release(cabinet.settings, release)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("step", STORY)
def test_what_changed_gives_what_all_gives(told: Told, step: str) -> None:
    assert told.differ[step] == {}


@pytest.mark.parametrize("step", [s for s in STORY if s not in ("nothing", "the next day")])
def test_every_step_of_the_story_moves_a_figure(told: Told, step: str) -> None:
    assert told.moved[step].keys() - {"release_facts"}


def test_the_less_happened_the_less_is_made(told: Told) -> None:
    made = told.models
    assert made["nothing"] < made["the next day"] < made["a new month"] < made["the next month"]
    assert made["nothing"] <= 3


def _broken_off(*_: object) -> None:
    raise BuildFailed([])


def test_a_build_that_broke_off_is_followed_by_a_full_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cabinet = Cabinet(settings_in(tmp_path), TODAY)
    cabinet.submit_reference()
    cabinet.load()
    all_of_it = build(cabinet.settings).models
    with monkeypatch.context() as patch:
        # The package's function of the same name hides the module.
        module = importlib.import_module("greenmfg.warehouse.build")
        patch.setattr(module, "remember", _broken_off)
        with pytest.raises(BuildFailed):
            build(cabinet.settings)
    assert build(cabinet.settings).models == all_of_it
    assert build(cabinet.settings).models < all_of_it


def test_a_key_that_comes_twice_is_found_in_the_months_that_were_made_anew(tmp_path: Path) -> None:
    cabinet = Cabinet(settings_in(tmp_path), TODAY)
    cabinet.submit_reference()
    cabinet.submit("enterprise_register", REGISTER)
    cabinet.load()
    build(cabinet.settings)
    with duckdb.connect(str(cabinet.settings.warehouse)) as connection:
        twice = "insert into marts.energy_views from marts.energy_views where month = ? limit 1"
        connection.execute(twice, [JUNE_24])

    def passes(**made_from: date) -> bool:
        told = json.dumps({"rebuild_from": {name: str(at) for name, at in made_from.items()}})
        chosen = ["--select", "energy_views,test_name:primary_key", "--vars", told]
        return run_dbt(cabinet.settings, ["test", *chosen]).success

    assert not passes()
    assert not passes(energy_views=JUNE_24)
    assert passes(energy_views=date(2024, 7, 1))


# The rule by itself --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    settings = settings_in(tmp_path_factory.mktemp("manifest"))
    Cabinet(settings, TODAY).load()
    parsed = run_dbt(settings, ["parse"]).result
    assert isinstance(parsed, Manifest)
    return parsed


def changed(manifest: Manifest, view: str, *months: date) -> Scope:
    before: Fingerprints = {(f"model.greenmfg.{view}", month): (1, "before") for month in months}
    now: Fingerprints = dict.fromkeys(before, (1, "now"))
    return scoping.scope(manifest, scoping.changes_in_views(before, now))


def test_a_month_is_followed_to_the_figures_of_that_month_and_later_ones(
    manifest: Manifest,
) -> None:
    scope = changed(manifest, "stg_energy_monthly", date(2024, 9, 1), date(2024, 11, 1))
    assert scope.from_month["energy_views"] == date(2024, 9, 1)
    assert {"energy_views", "group_months", "lineage"} <= scope.from_month.keys()
    assert not {"cleaner_production_audits", "int_calendar_months"} & set(scope.rebuild)
    # They look at all months: made anew whole.
    assert {"target_progress", "plan_scoreboard"} <= set(scope.rebuild) - scope.from_month.keys()


def test_a_model_that_is_verified_is_taken_to_change_in_the_months_that_filings_are_of(
    manifest: Manifest,
) -> None:
    scope = changed(manifest, "stg_filings", JUNE_24)
    assert scope.guessed["model.greenmfg.int_months_settled"] == JUNE_24
    # Names have no month: what rests on them keeps its months, until they are seen to change.
    assert scope.guessed["model.greenmfg.int_groups_named"] is None
    assert scope.from_month["group_months"] == JUNE_24
    # The clock may move any month, and hardly ever does.
    scope = changed(manifest, "stg_clock", EVERY_MONTH)
    assert scope.guessed["model.greenmfg.int_months_settled"] is None
    assert "filing_coverage" in scope.rebuild
    assert "group_months" not in scope.rebuild


def test_a_wrong_guess_is_followed_from_where_it_was_wrong(manifest: Manifest) -> None:
    names, settled = "model.greenmfg.int_groups_named", "model.greenmfg.int_months_settled"
    chosen = Scope((), {}, (), {names: None, settled: JUNE_24})
    before: Fingerprints = {(names, EVERY_MONTH): (1, "before"), (settled, MARCH_24): (1, "before")}
    now: Fingerprints = {**before, (settled, JUNE_24): (1, "now")}
    assert scoping.surprises(chosen, before, now) == {}
    now = {(names, EVERY_MONTH): (1, "now"), (settled, MARCH_24): (1, "now")}
    wrong = scoping.surprises(chosen, before, now)
    assert wrong == {names: EVERY_MONTH, settled: MARCH_24}
    only_settled = scoping.scope(manifest, {settled: wrong[settled]})
    assert only_settled.from_month["group_months"] == MARCH_24
    both = scoping.scope(manifest, wrong)
    assert "group_months" in set(both.rebuild) - both.from_month.keys()
    assert not {"int_groups_named", "int_months_settled", "energy_views"} & set(both.rebuild)


def test_a_month_of_filings_makes_no_model_whole_that_keeps_months(manifest: Manifest) -> None:
    # What a month's filings move: their rows, their states and findings, and the clock's instant.
    filed = dict.fromkeys(("stg_filings", "stg_energy_monthly", "stg_output_monthly"), JUNE_24)
    moved = {**filed, "stg_findings": EVERY_MONTH, "stg_instant": EVERY_MONTH}
    scope = scoping.scope(manifest, {f"model.greenmfg.{view}": at for view, at in moved.items()})
    keeping = {
        node.name for node in manifest.nodes.values() if node.config.materialized == "incremental"
    }
    assert keeping & set(scope.rebuild) == set(scope.from_month)


def test_a_february_is_followed_from_january_on(manifest: Manifest) -> None:
    scope = changed(manifest, "stg_output_monthly", date(2025, 2, 1))
    assert set(scope.from_month.values()) == {date(2025, 1, 1)}


def test_rows_of_no_month_are_followed_to_all_of_them(manifest: Manifest) -> None:
    scope = changed(manifest, "stg_enterprise_register", EVERY_MONTH)
    assert "energy_views" in scope.rebuild
    assert scope.from_month == {}


def test_a_new_or_vanished_month_is_a_change_too(manifest: Manifest) -> None:
    here = {("model.greenmfg.stg_deflators", JUNE_24): (1, "here")}
    for before, now in ((here, {}), ({}, here)):
        moved = scoping.changes_in_views(before, now)
        assert scoping.scope(manifest, moved).from_month["energy_views"] == JUNE_24
    assert scoping.scope(manifest, scoping.changes_in_views(here, here)) == Scope((), {}, (), {})


def test_every_model_that_keeps_months_says_that_it_looks_back_only(manifest: Manifest) -> None:
    models = [node for node in manifest.nodes.values() if node.resource_type == "model"]
    keeping = {n.name for n in models if n.config.materialized == "incremental"}
    looking_back = {n.name for n in models if n.config.meta.get("looks_back_only")}
    assert keeping
    assert keeping <= looking_back
    for node in models:
        if node.name in keeping:
            assert "in_build(" in node.raw_code, node.name


@pytest.fixture
def workbench() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def test_what_another_project_made_is_not_built_upon(
    workbench: duckdb.DuckDBPyConnection,
) -> None:
    content: Fingerprints = {("view", JUNE_24): (2, "123"), ("view", EVERY_MONTH): (1, "4")}
    assert scoping.remembered(workbench, "project") is None
    scoping.remember(workbench, "project", content)
    assert scoping.remembered(workbench, "project") == content
    assert scoping.remembered(workbench, "another project") is None
    scoping.forget(workbench)
    assert scoping.remembered(workbench, "project") is None


def test_a_changed_model_makes_another_project(tmp_path: Path) -> None:
    folder = tmp_path / "dbt_project"
    (folder / "models").mkdir(parents=True)
    model = folder / "models" / "model.sql"
    model.write_text("select 1")
    settings = Settings.from_environment(
        {**os.environ, "GREENMFG_HOME": str(tmp_path), "GREENMFG_ROOMS": str(tmp_path)}
    )
    before = scoping.project_of(settings)
    model.write_text("select 2")
    assert scoping.project_of(settings) != before
