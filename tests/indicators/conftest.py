"""One built warehouse for all tests of the golden workbook: a dbt build costs seconds."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pytest
from tests.indicators.cabinet import Cabinet, settings_in
from tests.indicators.golden import DEFLATORS, ENERGY, OUTPUT, REGISTER, TODAY

from greenmfg.warehouse import build, publish, reader, stage_release


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """A reader of the release built from the golden workbook."""
    cabinet = Cabinet(settings_in(tmp_path_factory.mktemp("golden")), TODAY)
    cabinet.submit_reference(but={"deflators": DEFLATORS})
    cabinet.submit("enterprise_register", REGISTER)
    received = datetime(2025, 3, 30, tzinfo=UTC)
    cabinet.submit("energy_monthly", ENERGY, received_at=received, file_name="能源.csv")
    cabinet.submit("output_monthly", OUTPUT, received_at=received, file_name="产值.csv")
    cabinet.load()
    build(cabinet.settings)
    stage_release(cabinet.settings, "golden")
    publish(cabinet.settings, "golden")
    return reader(cabinet.settings)
