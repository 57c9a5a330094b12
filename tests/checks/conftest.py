"""One warm checker for all tests of the checks: importing Great Expectations costs seconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import pytest
from bench_of_checks import FOOD, OLD, POTS, SHIPS, Bench, past_table

from greenmfg.checks import Checker, World, no_history
from greenmfg.contract.forms import Contract
from greenmfg.records import ReferenceRows
from greenmfg.settings import Settings


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("home")
    return Settings.from_environment({"GREENMFG_HOME": str(home), "GREENMFG_TODAY": "2026-11-23"})


@pytest.fixture(scope="session")
def checker(settings: Settings, contracts: dict[str, Contract]) -> Iterator[Checker]:
    checker = Checker(settings, contracts)
    yield checker
    checker.close()


@pytest.fixture(scope="session")
def bench(
    settings: Settings,
    contracts: dict[str, Contract],
    checker: Checker,
    reference_tables: Mapping[str, ReferenceRows],
) -> Bench:
    register = past_table(
        contracts["enterprise_register"],
        [
            {"uscc": SHIPS, "valid_from": date(2020, 1, 1)},
            {"uscc": POTS, "valid_from": date(2020, 1, 1)},
            {"uscc": OLD, "valid_from": date(2019, 1, 1)},
            # Closed at the end of 2025.
            {"uscc": FOOD, "valid_from": date(2022, 1, 1), "valid_to": date(2025, 12, 1)},
        ],
    )
    world = World(settings.today(), reference_tables, register, no_history)
    return Bench(settings, contracts, checker, world)
