"""Init: the home folder, its registry, and the delivered reference tables, filed the one same way."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from greenmfg.contract.reference import read_reference
from greenmfg.pipeline.deciding import RunOutcome, decide_waiting
from greenmfg.pipeline.receiving import Arrival, receive
from greenmfg.pipeline.workshop import Workshop
from greenmfg.settings import Settings

_CODE_LISTS = "code_lists"
_LEAST_FREE_BYTES = 200 * 1024 * 1024


class HomeUnusable(RuntimeError):
    """The home folder cannot be used; the message says why in one line."""


@dataclass(frozen=True)
class Founding:
    """`tables`: reference tables filed now (those whose bytes were filed before are left out)."""

    tables: tuple[str, ...]
    outcome: RunOutcome


def prepare_home(settings: Settings) -> None:
    """Makes the folders of the home.

    Raises:
        HomeUnusable: no permission, or too little disk.
    """
    try:
        for folder in (
            settings.inbox,
            settings.outbox,
            settings.raw,
            settings.rows,
            settings.warehouse.parent,
            settings.releases,
            settings.logs,
        ):
            folder.mkdir(parents=True, exist_ok=True)
        probe = settings.home / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise HomeUnusable(
            f"{settings.home} 不可写 · cannot be written: {error.strerror};"
            " 请用 GREENMFG_HOME 指定另一个目录 · choose another folder with GREENMFG_HOME"
        ) from None
    free = shutil.disk_usage(settings.home).free
    if free < _LEAST_FREE_BYTES:
        raise HomeUnusable(
            f"{settings.home} 磁盘空间不足 · has only {free // 1024 // 1024} MB free;"
            f" 至少需要 · at least {_LEAST_FREE_BYTES // 1024 // 1024} MB"
        )


def found(shop: Workshop) -> Founding:
    """Files every delivered reference table as account `system`; twice does no harm."""
    tables = [
        name
        for name, rows in read_reference(shop.settings.reference_dir).items()
        # A table that is delivered empty has nothing to file; a steward files its first rows.
        if rows and name in shop.contracts
    ]
    # In a home that is founded already, tables are read by the code lists in force: newer lists first.
    first = [_CODE_LISTS] if shop.registry.filings_in_force(_CODE_LISTS) else []
    done = [_file(shop, batch) for batch in (first, [t for t in tables if t not in first]) if batch]
    return Founding(
        tuple(name for founding in done for name in founding.tables),
        reduce(_both, (founding.outcome for founding in done)),
    )


def _file(shop: Workshop, tables: Sequence[str]) -> Founding:
    arrivals = [
        Arrival("system", f"{name}.csv", (shop.settings.reference_dir / f"{name}.csv").read_bytes())
        for name in tables
    ]
    receipts = receive(shop, arrivals, "init")
    new = tuple(receipt.file_name for receipt in receipts if not receipt.again)
    return Founding(new, decide_waiting(shop))


def _both(one: RunOutcome, other: RunOutcome) -> RunOutcome:
    """Two runs told as one, under the name of the later."""
    return RunOutcome(
        run=other.run,
        submissions=one.submissions + other.submissions,
        filings=one.filings + other.filings,
        returned=one.returned + other.returned,
        awaiting_review=one.awaiting_review + other.awaiting_review,
        unreadable=one.unreadable + other.unreadable,
        check_failed=one.check_failed + other.check_failed,
        filings_changed=one.filings_changed or other.filings_changed,
    )
