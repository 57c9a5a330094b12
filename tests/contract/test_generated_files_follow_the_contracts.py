"""Committed files that are generated from contracts do not drift from them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from greenmfg.contract import Contract, ContractError
from greenmfg.contract.codes import CodeLists
from greenmfg.contract.dictionary import render_dictionary
from greenmfg.contract.generate import generate
from greenmfg.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[2]


def settings_of(rooms: Path) -> Settings:
    return Settings.from_environment({"GREENMFG_ROOMS": str(rooms)})


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that holds contracts and reference tables, and nothing generated yet."""
    shutil.copytree(REPOSITORY / "expectations", tmp_path / "expectations")
    shutil.copytree(REPOSITORY / "reference", tmp_path / "reference")
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


def test_what_is_committed_is_what_would_be_generated() -> None:
    assert generate(settings_of(REPOSITORY), check=True) == []


def test_generating_twice_changes_nothing(checkout: Path) -> None:
    written = generate(settings_of(checkout))
    assert checkout / "docs" / "data_dictionary.md" in written
    assert generate(settings_of(checkout)) == []


@pytest.mark.parametrize(
    "generated", ["docs/data_dictionary.md", "dbt_project/models/staging/_sources.yml"]
)
def test_a_changed_contract_is_drift_until_generated_again(checkout: Path, generated: str) -> None:
    generate(settings_of(checkout))
    file = checkout / generated
    contract = checkout / "expectations" / "contracts" / "energy_monthly.yml"
    text = contract.read_text(encoding="utf-8").replace("label: 'Purchased'", "label: 'Bought'")
    contract.write_text(text, encoding="utf-8")
    before = file.read_bytes()
    assert file in generate(settings_of(checkout), check=True)
    assert file.read_bytes() == before
    assert file in generate(settings_of(checkout))
    assert "Bought" in file.read_text(encoding="utf-8")


def test_nothing_is_generated_into_an_installed_package(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="not a checkout"):
        generate(settings_of(tmp_path))


def test_the_dictionary_has_every_column_of_every_table(
    contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    text = render_dictionary(contracts, {}, codes)
    for contract in contracts.values():
        _, _, section = text.partition(f"### `{contract.form}`\n")
        section = section.partition("\n### ")[0]
        assert contract.title.en in section
        for column in contract.columns:
            marks = f"| `{column.name}` | {column.header}"
            row = next(line for line in section.splitlines() if marks in line)
            assert column.help.en.replace("|", "\\|") in row
            assert f"| {column.sql_type} |" in row


def test_every_link_of_the_dictionary_leads_somewhere() -> None:
    text = (REPOSITORY / "docs" / "data_dictionary.md").read_text(encoding="utf-8")
    headings = {
        line.lstrip("# ").strip("`").lower().replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }
    links = {part.partition(")")[0] for part in text.split("](#")[1:]}
    assert links <= headings
