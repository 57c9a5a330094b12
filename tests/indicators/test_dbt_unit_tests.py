"""dbt's own unit tests, each a named case of the domain, on an empty but created warehouse."""

from __future__ import annotations

import json
from datetime import date

import pytest
from dbt.artifacts.schemas.run import RunExecutionResult
from tests.indicators.cabinet import Cabinet, settings_in

from greenmfg.settings import Settings
from greenmfg.warehouse.build import run_dbt


@pytest.fixture(scope="module")
def created(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home whose models are built over no filing at all."""
    cabinet = Cabinet(settings_in(tmp_path_factory.mktemp("created")), date(2025, 3, 31))
    cabinet.load()
    # Unit tests take their columns' types from the relations, so these have to be there.
    assert run_dbt(cabinet.settings, ["run"]).success
    return cabinet.settings


@pytest.mark.timeout(300)
def test_every_named_case_of_the_models_holds(created: Settings) -> None:
    result = run_dbt(created, ["test", "--select", "test_type:unit"])
    run = result.result
    assert isinstance(run, RunExecutionResult)
    failed = [f"{r.node.name}: {r.message}" for r in run.results if str(r.status) != "pass"]
    assert failed == []
    assert len(run.results) >= 30


@pytest.mark.timeout(300)
def test_the_documentation_is_generated_and_describes_what_is_there(created: Settings) -> None:
    # The last of two flags counts: builds do not write the manifest, its documentation does.
    assert run_dbt(created, ["--write-json", "docs", "generate", "--static"]).success
    target = created.warehouse.parent / "dbt"
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    catalog = json.loads((target / "catalog.json").read_text("utf-8"))
    assert not catalog["errors"]
    models = {n: m for n, m in manifest["nodes"].items() if m["resource_type"] == "model"}
    assert catalog["nodes"].keys() == models.keys()
    for name, model in models.items():
        assert model["description"], name
        if model["schema"] == "marts":
            described = {column for column, c in model["columns"].items() if c["description"]}
            assert described == catalog["nodes"][name]["columns"].keys(), name
    page = (target / "static_index.html").read_text("utf-8")
    assert "Each row is one group over one window" in page
