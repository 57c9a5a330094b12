"""Load: tells a warehouse what the registry says, as of an instant."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from greenmfg import warehouse
from greenmfg.pipeline.workshop import Workshop, checker_of
from greenmfg.registry import Filing
from greenmfg.settings import DISTRICT_TIME, Settings
from greenmfg.warehouse import CheckRow, ClockRow, FilingRow, FindingRow, RowsFile

_LOG = logging.getLogger(__name__)
DEMONSTRATION = "demonstration"
WAIT_SECONDS = 120.0


def load(shop: Workshop, target: Settings, as_of: datetime) -> warehouse.LoadSummary:
    """Brings the workbench of `target` up to date and sets its clock to an instant (aware).

    All that is known now is loaded; what the clock hides of it is a matter of the models. The
    clock's date is the district's civil date at that instant.

    A workbench of before an upgrade is made anew: it is derived, and nobody is asked to mend it.

    Raises:
        WarehouseBusy, LoadError: the workbench stays as it was.
    """
    try:
        with warehouse.collected_later():
            return _load(shop, target, as_of)
    except warehouse.WarehouseOutdated as outdated:
        _LOG.info("%s", outdated)
        for path in target.warehouse.parent.glob(f"{target.warehouse.name}*"):
            path.unlink()
        return _load(shop, target, as_of)


def _load(shop: Workshop, target: Settings, as_of: datetime) -> warehouse.LoadSummary:
    filings = shop.registry.filings()
    # Joined as text: of twenty thousand paths at every build, all but a few are loaded already.
    folder = str(shop.settings.rows)
    return warehouse.load(
        target,
        shop.contracts,
        _filing_rows(shop, filings),
        {
            f.receipt: RowsFile(f"{folder}/{f.rows_path}", f.file_name)
            for f in filings
            if f.accepted_at is not None and f.rows_path is not None
        },
        _findings(shop),
        _checks(shop),
        ClockRow(as_of.astimezone(DISTRICT_TIME).date(), _is_demonstration(shop, as_of), as_of),
        wait_seconds=WAIT_SECONDS,
    )


def _filing_rows(shop: Workshop, filings: Sequence[Filing]) -> list[FilingRow]:
    returned_at = shop.registry.returned_at()
    return [
        FilingRow(
            filing_id=f.id,
            receipt=f.receipt,
            form=f.form,
            subject=f.subject,
            period=f.period,
            months_covered=f.months_covered,
            state=str(f.state),
            version=f.version,
            received_at=f.received_at,
            decided_at=f.decided_at,
            returned_at=returned_at.get(f.id),
            accepted_at=f.accepted_at,
            superseded_at=f.superseded_at,
            withdrawn_at=f.withdrawn_at,
        )
        for f in filings
    ]


def _findings(shop: Workshop) -> list[FindingRow]:
    return [
        FindingRow(
            receipt=fact.receipt,
            filing_id=fact.filing_id,
            check_id=fact.check_id,
            severity=fact.severity,
            line=fact.line,
            column_name=fact.column,
            period=fact.period,
            received_at=fact.received_at,
            found_at=fact.found_at,
        )
        for fact in shop.registry.finding_facts()
    ]


def _checks(shop: Workshop) -> list[CheckRow]:
    rule_book = checker_of(shop.settings).rule_book
    return [
        CheckRow(check.form, check.id, check.name, check.severity)
        for contract in shop.contracts.values()
        for check in rule_book.declared(contract)
    ]


def _is_demonstration(shop: Workshop, as_of: datetime) -> bool:
    loaded = shop.registry.events(subject=DEMONSTRATION, limit=1)
    return bool(loaded) and loaded[0].at <= as_of
