"""The state that checks and indicators see, read from the registry and the files it names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import pyarrow as pa

from greenmfg.checks import World
from greenmfg.contract import Contract
from greenmfg.pipeline.reference import reference_in_force
from greenmfg.pipeline.rows import rows_in_force
from greenmfg.registry import Registry
from greenmfg.settings import Settings


def world(settings: Settings, contracts: Mapping[str, Contract], registry: Registry) -> World:
    """What is in force now."""

    def history(form: str, subjects: Collection[str], since: date | None) -> pa.Table | None:
        filings = [
            filing
            for filing in registry.filings_in_force(form, subjects=set(subjects))
            if since is None or filing.period is None or filing.period >= since
        ]
        return rows_in_force(settings, contracts[form], filings)

    register = contracts["enterprise_register"]
    return World(
        today=settings.today(),
        reference=reference_in_force(settings, contracts, registry),
        register=rows_in_force(
            settings, register, registry.filings_in_force("enterprise_register")
        ),
        history=history,
    )
