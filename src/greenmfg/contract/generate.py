"""What is generated from contracts and committed: the data dictionary and dbt's sources."""

from __future__ import annotations

from pathlib import Path

from greenmfg.contract.codes import CodeLists
from greenmfg.contract.dbt_sources import render_sources
from greenmfg.contract.dictionary import render_dictionary
from greenmfg.contract.forms import ContractError, load_contracts
from greenmfg.contract.reference import read_reference
from greenmfg.settings import Settings

_DICTIONARY = Path("docs", "data_dictionary.md")
_SOURCES = Path("dbt_project", "models", "staging", "_sources.yml")


def generate(settings: Settings, check: bool = False) -> list[Path]:
    """Writes the generated files of a checkout, or with `check` only compares them.

    Returns: the files that were not as the contracts have it, in a fixed order.
    Raises:
        ContractError: the rooms are those of an installed package, which holds no generated docs.
    """
    if not (settings.rooms / "pyproject.toml").is_file():
        raise ContractError(f"{settings.rooms} is not a checkout: nothing is generated there")
    drifted = []
    for path, text in _rendered(settings).items():
        if path.is_file() and path.read_bytes() == text.encode():
            continue
        drifted.append(path)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
    return drifted


def _rendered(settings: Settings) -> dict[Path, str]:
    forms = load_contracts(settings.contracts_dir)
    reference = load_contracts(settings.reference_dir / "contracts")
    codes = CodeLists.of(read_reference(settings.reference_dir))
    return {
        settings.rooms / _DICTIONARY: render_dictionary(forms, reference, codes),
        settings.rooms / _SOURCES: render_sources({**forms, **reference}),
    }
