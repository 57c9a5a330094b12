"""dbt's own unit tests, each a named case of the domain, on an empty but created warehouse."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from dbt.artifacts.schemas.run import RunExecutionResult
from tests.indicators.cabinet import Cabinet, settings_in

from greenmfg.warehouse.build import run_dbt


@pytest.mark.timeout(300)
def test_every_named_case_of_the_models_holds(tmp_path: Path) -> None:
    cabinet = Cabinet(settings_in(tmp_path), date(2025, 3, 31))
    cabinet.load()
    # Unit tests take their columns' types from the relations, so these have to be there.
    created = run_dbt(cabinet.settings, ["run"])
    assert created.success
    result = run_dbt(cabinet.settings, ["test", "--select", "test_type:unit"])
    run = result.result
    assert isinstance(run, RunExecutionResult)
    failed = [f"{r.node.name}: {r.message}" for r in run.results if str(r.status) != "pass"]
    assert failed == []
    assert len(run.results) >= 30
