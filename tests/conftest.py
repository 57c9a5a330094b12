"""What every room's tests share: contracts and reference tables as the repository has them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from greenmfg.contract.codes import CodeLists
from greenmfg.contract.forms import Contract, load_contracts
from greenmfg.records import ReferenceRows

REPOSITORY = Path(__file__).resolve().parent.parent
SAMPLES = Path(__file__).resolve().parent / "samples"


@pytest.fixture(scope="session")
def contracts() -> dict[str, Contract]:
    """Every form and reference table by name."""
    return load_contracts(
        REPOSITORY / "expectations" / "contracts", REPOSITORY / "reference" / "contracts"
    )


@pytest.fixture(scope="session")
def reference_tables() -> Mapping[str, ReferenceRows]:
    """Every table of `reference/` by name, as rows of column → text, blanks as None."""
    tables: dict[str, ReferenceRows] = {}
    for path in sorted((REPOSITORY / "reference").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            tables[path.stem] = tuple(
                {column: value or None for column, value in row.items()}
                for row in csv.DictReader(file)
            )
    return tables


@pytest.fixture(scope="session")
def codes(reference_tables: Mapping[str, ReferenceRows]) -> CodeLists:
    """The code lists that these reference tables make."""
    return CodeLists.of(reference_tables)


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of sample files, with `verdicts.json`."""
    return SAMPLES
