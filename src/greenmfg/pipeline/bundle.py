"""The bundle of one firm: what its checks need to know, in one file, for a machine without the platform.

A firm's system department installs the package alone and checks with the bundle that its clerk
downloads beside the template: the firm's own register rows, its own filings in force and the
reference tables of that moment. Another firm's rows are never in it.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from greenmfg.checks import World
from greenmfg.contract import Contract
from greenmfg.records import Account, ReferenceRows

FORMAT = 1
_FACTS, _REFERENCE, _REGISTER = "bundle.json", "reference.json", "register.parquet"
# A bundle of a firm with ten years of months is some hundred kilobytes.
_MOST_BYTES = 64 * 1024 * 1024
# A fixed time makes equal contents equal bytes.
_TIME = (1980, 1, 1, 0, 0, 0)


class BundleUnreadable(ValueError):
    """A file is no bundle, or one that this version cannot read; the message says what to do."""


@dataclass(frozen=True)
class Bundle:
    """`made_at` (aware) and `rules_version` tell how old it is; `world` is as of that moment."""

    account: Account
    made_at: datetime
    rules_version: str
    world: World


def write_bundle(
    world: World,
    contracts: Mapping[str, Contract],
    account: Account,
    rules_version: str,
    made_at: datetime,
) -> bytes:
    """The bundle of a firm's or an agent's account, as a ZIP file."""
    own = sorted(account.enterprises)
    facts = {
        "format": FORMAT,
        "account": account.name,
        "kind": account.kind,
        "enterprises": own,
        "made_at": made_at.isoformat(),
        "rules_version": rules_version,
    }
    parts = {
        _FACTS: json.dumps(facts, ensure_ascii=False, indent=2).encode(),
        _REFERENCE: json.dumps(_own_reference(world.reference, own), ensure_ascii=False).encode(),
    }
    if world.register is not None:
        parts[_REGISTER] = _parquet(_of(world.register, "uscc", own))
    for form in _own_forms(contracts):
        rows = world.history(form, own, None)
        if rows is not None:
            parts[f"history/{form}.parquet"] = _parquet(_of(rows, "subject", own))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _TIME), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def read_bundle(data: bytes, today: date) -> Bundle:
    """What a bundle says, with today's date: a month that has opened since may be checked.

    Raises:
        BundleUnreadable: it is none, is damaged, or is of a newer version of the package.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
                raise BundleUnreadable("核验包过大 · the bundle is too large")
            parts = {name: archive.read(name) for name in archive.namelist()}
        facts = json.loads(parts[_FACTS])
        if facts["format"] != FORMAT:
            raise BundleUnreadable(
                f"核验包是第 {facts['format']} 版，请更新软件或重新下载核验包"
                f" · the bundle is of format {facts['format']}: update the package, or the bundle"
            )
        return _bundle(facts, parts, today)
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError, pa.ArrowInvalid) as error:
        raise BundleUnreadable(
            "不是核验包或已损坏，请在“本月报送”页重新下载"
            f" · no bundle, or a damaged one: download it again ({error})"
        ) from None


def _bundle(facts: Mapping[str, str], parts: Mapping[str, bytes], today: date) -> Bundle:
    enterprises = frozenset(facts["enterprises"])
    account = Account(facts["account"], facts["kind"], enterprises)  # type: ignore[arg-type]
    past = {
        name.removeprefix("history/").removesuffix(".parquet"): pq.read_table(pa.BufferReader(part))
        for name, part in parts.items()
        if name.startswith("history/")
    }

    def history(form: str, subjects: Collection[str], since: date | None) -> pa.Table | None:
        rows = past.get(form)
        if rows is None:
            return None
        rows = _of(rows, "subject", subjects)
        if since is not None:
            month = rows["filing_period"]
            rows = rows.filter(pc.or_kleene(pc.is_null(month), pc.greater_equal(month, since)))
        return rows if rows.num_rows else None

    register = parts.get(_REGISTER)
    world = World(
        today=today,
        reference={n: tuple(rows) for n, rows in json.loads(parts[_REFERENCE]).items()},
        register=None if register is None else pq.read_table(pa.BufferReader(register)),
        history=history,
    )
    made_at = datetime.fromisoformat(facts["made_at"])
    return Bundle(account, made_at, facts["rules_version"], world)


def _own_forms(contracts: Mapping[str, Contract]) -> list[str]:
    return [name for name, contract in contracts.items() if "firm" in contract.filed_by]


def _own_reference(
    reference: Mapping[str, ReferenceRows], own: Collection[str]
) -> dict[str, list[Mapping[str, str | None]]]:
    """The reference tables without what they say of other firms (the successor map names them)."""
    return {
        table: [
            row
            for row in rows
            if all(row[name] is None or row[name] in own for name in row if name.endswith("uscc"))
        ]
        for table, rows in reference.items()
    }


def _of(rows: pa.Table, column: str, wanted: Collection[str]) -> pa.Table:
    return rows.filter(pc.is_in(rows[column], pa.array(sorted(wanted), pa.string())))


def _parquet(rows: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(rows, sink, compression="zstd")
    return sink.getvalue()
