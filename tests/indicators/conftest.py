"""One built warehouse for all tests of the golden workbook: a dbt build costs seconds.

It is built twice: from checked rows, and from files by the whole way that a firm's files go.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from tests.indicators import golden_years
from tests.indicators.cabinet import Cabinet, settings_in
from tests.indicators.golden import DEFLATORS, ENERGY, OUTPUT, REGISTER, TODAY, form_csv

from greenmfg.pipeline import founding, releasing
from greenmfg.pipeline.deciding import decide_waiting
from greenmfg.pipeline.receiving import Arrival, receive
from greenmfg.pipeline.workshop import workshop
from greenmfg.settings import Settings
from greenmfg.warehouse import build, publish, reader, stage_release


@pytest.fixture(scope="session", params=["rows", "files"])
def golden(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> duckdb.DuckDBPyConnection:
    """A reader of the release built from the golden workbook."""
    folder = tmp_path_factory.mktemp(f"golden-{request.param}")
    return _from_files(folder) if request.param == "files" else _from_rows(folder)


def _from_rows(folder: Path) -> duckdb.DuckDBPyConnection:
    cabinet = Cabinet(settings_in(folder), TODAY)
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


def _from_files(folder: Path) -> duckdb.DuckDBPyConnection:
    settings = Settings.from_environment(
        {"GREENMFG_HOME": str(folder / "home"), "GREENMFG_TODAY": TODAY.isoformat()}
    )
    founding.prepare_home(settings)
    with workshop(settings, create=True) as shop:
        founding.found(shop)
        for name, form, rows in (
            ("价格指数.csv", "deflators", DEFLATORS),
            ("名录.csv", "enterprise_register", REGISTER),
            ("能源.csv", "energy_monthly", ENERGY),
            ("产值.csv", "output_monthly", OUTPUT),
        ):
            data = form_csv(shop.contracts[form], rows).encode()
            receive(shop, [Arrival("steward", name, data)], "cli")
        outcome = decide_waiting(shop)
        assert (outcome.returned, outcome.unreadable, outcome.check_failed) == (0, 0, 0)
        for filing in shop.registry.waiting_reviews():
            shop.registry.review(
                filing.id, "accept", "核实无误", "steward", settings.now(), replaces=shop.replaces
            )
        releasing.build_and_publish(shop)
    return reader(settings)


@pytest.fixture(scope="session")
def years(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """A reader of the release built from the golden workbook of six firms and fourteen months."""
    cabinet = Cabinet(settings_in(tmp_path_factory.mktemp("golden-years")), golden_years.TODAY)
    cabinet.submit_reference(
        but={
            "deflators": golden_years.DEFLATORS,
            "enterprise_successors": golden_years.SUCCESSORS,
        }
    )
    cabinet.submit("enterprise_register", golden_years.REGISTER)
    filed = list(golden_years.energy_rows())
    first, corrected_on = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 3, 15, tzinfo=UTC)
    wrong = cabinet.submit("energy_monthly", _as_first_filed(filed), received_at=first)
    for filing in wrong:
        cabinet.supersede(filing, corrected_on)
    cabinet.submit("energy_monthly", filed, received_at=corrected_on, version=2)
    cabinet.submit("output_monthly", list(golden_years.output_rows()), received_at=first)
    cabinet.load()
    build(cabinet.settings)
    stage_release(cabinet.settings, "years")
    publish(cabinet.settings, "years")
    return reader(cabinet.settings)


def _as_first_filed(rows: list[golden_years.Row]) -> list[golden_years.Row]:
    """The filing that is corrected: its whole enterprise-month, with the slip in it."""
    months = {(uscc, month.isoformat()) for uscc, month, _ in golden_years.SLIPPED}
    slips = {
        (uscc, month.isoformat(), item): value
        for (uscc, month, item), value in golden_years.SLIPPED.items()
    }
    return [
        {
            **row,
            "production_use": slips.get(
                (str(row["uscc"]), str(row["period"]), str(row["energy_item"])),
                row["production_use"],
            ),
        }
        for row in rows
        if (row["uscc"], row["period"]) in months
    ]
