"""The workshop of one process: settings, contracts, an open registry and a warm checker."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from greenmfg.contract import Contract, load_contracts
from greenmfg.registry import Registry, Replaces, open_registry
from greenmfg.settings import Settings

if TYPE_CHECKING:
    from greenmfg.checks import Checker


@dataclass(frozen=True)
class Workshop:
    """What every step of the pipeline is handed."""

    settings: Settings
    contracts: Mapping[str, Contract]
    registry: Registry

    @cached_property
    def replaces(self) -> Mapping[str, Replaces]:
        """Form → what a newer filing of it unseats."""
        return {form: contract.replaces for form, contract in self.contracts.items()}


@contextmanager
def workshop(settings: Settings, create: bool = False) -> Iterator[Workshop]:
    """Opens the home folder's workshop.

    Raises:
        RegistryMissing: the home was never made; `greenmfg init` makes it.
    """
    with open_registry(settings, create=create) as registry:
        yield Workshop(settings, contracts_of(settings), registry)


def contracts_of(settings: Settings) -> Mapping[str, Contract]:
    """Every form and reference table, read once per process."""
    folders = (settings.contracts_dir, settings.reference_dir / "contracts")
    if folders not in _CONTRACTS:
        _CONTRACTS[folders] = load_contracts(*folders)
    return _CONTRACTS[folders]


def checker_of(settings: Settings) -> Checker:
    """This process's warm checker. A forked child must not use its parent's database."""
    from greenmfg.checks import Checker

    key = (os.getpid(), settings.checks_dir, settings.duckdb_memory, settings.findings_shown)
    with _MAKING:
        if key not in _CHECKERS:
            _CHECKERS[key] = Checker(settings, contracts_of(settings))
        return _CHECKERS[key]


# The front checks in many threads.
_MAKING = threading.Lock()
_CONTRACTS: dict[object, Mapping[str, Contract]] = {}
_CHECKERS: dict[object, Checker] = {}
