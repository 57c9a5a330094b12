"""Reference tables in force, as text.

They change rarely and every process needs them: a warm process keeps them, and a copy in the home's
`cache/` spares a cold one the reading of a Parquet file per table. The copy is named by the filings
it was made from, so it is never stale, and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from greenmfg.contract import Contract
from greenmfg.contract.codes import ReferenceRows
from greenmfg.contract.reference import read_reference
from greenmfg.registry import Filing, Registry
from greenmfg.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

_KEPT: dict[str, Mapping[str, ReferenceRows]] = {}


def reference_in_force(
    settings: Settings, contracts: Mapping[str, Contract], registry: Registry
) -> Mapping[str, ReferenceRows]:
    """Rows in force by table name, every table present, blanks as None.

    Before `init` nothing is filed yet: the delivered tables say how to read themselves.
    """
    # Form by form: a history of monthly filings is thousands of rows that nobody asked for.
    in_force: dict[str, list[Filing]] = {
        form: list(registry.filings_in_force(form))
        for form, contract in contracts.items()
        if contract.kind == "reference"
    }
    if not any(in_force.values()):
        return read_reference(settings.reference_dir)
    name = _name(settings, in_force)
    if name not in _KEPT:
        _KEPT.clear()
        _KEPT[name] = _copied(settings, name) or _read(settings, contracts, in_force, name)
    return _KEPT[name]


def _name(settings: Settings, in_force: Mapping[str, list[Filing]]) -> str:
    key = [str(settings.home)]
    key += [f"{f.form} {f.receipt} {f.attempt} {f.id}" for fs in in_force.values() for f in fs]
    return hashlib.sha256("\n".join(key).encode()).hexdigest()[:24]


def _copied(settings: Settings, name: str) -> Mapping[str, ReferenceRows] | None:
    try:
        tables = json.loads((settings.cache / f"reference-{name}.json").read_bytes())
    except (FileNotFoundError, json.JSONDecodeError):
        return None  # never made, or cut off while it was: made anew
    return {table: tuple(rows) for table, rows in tables.items()}


def _read(
    settings: Settings,
    contracts: Mapping[str, Contract],
    in_force: Mapping[str, list[Filing]],
    name: str,
) -> Mapping[str, ReferenceRows]:
    # Imported here: with the copy at hand, neither DuckDB nor Arrow is needed.
    from greenmfg.pipeline.rows import rows_in_force

    tables = {
        form: as_text(rows_in_force(settings, contracts[form], filings), contracts[form])
        for form, filings in in_force.items()
    }
    settings.cache.mkdir(parents=True, exist_ok=True)
    partial = settings.cache / f".reference-{name}.{os.getpid()}"
    partial.write_text(json.dumps(tables, ensure_ascii=False), encoding="utf-8")
    for older in settings.cache.glob("reference-*.json"):
        older.unlink(missing_ok=True)
    os.replace(partial, settings.cache / f"reference-{name}.json")
    return tables


def as_text(rows: pa.Table | None, contract: Contract) -> ReferenceRows:
    """Typed reference rows as column → text, numbers without trailing zeros, blanks as None."""
    if rows is None:
        return ()
    columns = [[_text(value) for value in rows[name].to_pylist()] for name in contract.names]
    return tuple(dict(zip(contract.names, values, strict=True)) for values in _across(columns))


def _across(columns: list[list[str | None]]) -> Iterable[tuple[str | None, ...]]:
    return zip(*columns, strict=True)


def _text(value: object) -> str | None:
    match value:
        case None:
            return None
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)
