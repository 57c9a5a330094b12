"""The demonstration district, written once and read back."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.demo.district_reader import TODAY, District

from greenmfg.contract.codes import CodeLists
from greenmfg.contract.forms import Contract
from greenmfg.demo import write_district
from greenmfg.records import ReferenceRows


@pytest.fixture(scope="session")
def district(
    tmp_path_factory: pytest.TempPathFactory,
    contracts: dict[str, Contract],
    codes: CodeLists,
    reference_tables: Mapping[str, ReferenceRows],
) -> District:
    folder = tmp_path_factory.mktemp("district")
    manifest = write_district(folder, contracts, codes, TODAY)
    return District(folder, manifest, contracts, codes, reference_tables)
