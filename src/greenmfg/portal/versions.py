"""Every version of a firm's report: what became of it, who did what, and what it changed.

Whoever filed it (the firm, its park's agent, a steward), a version is shown to the firm it is
about, as far as its own rows go: another sender's file name and receipt are never handed out,
since such a file may name other firms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from greenmfg.checks import World
from greenmfg.contract import Contract
from greenmfg.pipeline.rows import rows_in_force
from greenmfg.pipeline.workshop import Workshop
from greenmfg.portal import corrections
from greenmfg.records import FilingKey, FilingState, Finding
from greenmfg.registry import Filing, Review, UnknownAccount, UnknownFiling

Actor = Literal["own", "firm", "agent", "steward", "system", "key"]
Deed = Literal[
    "received",
    "received_again",
    "explained",
    "by_key",
    "corrected",
    "decided",
    "accept",
    "return",
    "withdraw",
    "superseded",
]
_DEED_OF_EVENT: dict[str, Deed] = {
    "submission.received": "received",
    "submission.received_again": "received_again",
    "submission.explained": "explained",
    "submission.by_key": "by_key",
    corrections.EVENT: "corrected",
}


@dataclass(frozen=True)
class Step:
    """One thing done to a version. `detail`: a channel, a state, a key's id or a version number."""

    at: datetime
    actor: Actor
    deed: Deed
    detail: str = ""
    reason: str | None = None


@dataclass(frozen=True)
class OwnVersion:
    """One version of one report. `sent_by_us`: its file name and receipt are the firm's to see."""

    filing: Filing
    sent_by_us: bool
    findings: tuple[Finding, ...]
    steps: tuple[Step, ...]
    correction: corrections.Correction | None


@dataclass(frozen=True)
class CellChange:
    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class RowChange:
    """One row by the form's key. `kind` says whether it is in both versions."""

    kind: Literal["changed", "added", "removed"]
    key: Mapping[str, Any]
    cells: tuple[CellChange, ...]


def keys_of(shop: Workshop, uscc: str) -> tuple[FilingKey, ...]:
    """The firm's reports that have a version, newest month first; those without a month last."""
    keys = dict.fromkeys(f.key for f in shop.registry.filings(subject=uscc))
    dated = sorted((k for k in keys if k.period), key=lambda k: (k.period, k.form), reverse=True)
    return (*dated, *sorted((k for k in keys if not k.period), key=lambda k: k.form))


def versions_of(
    shop: Workshop, world: World, uscc: str, key: FilingKey, account: str
) -> tuple[OwnVersion, ...]:
    """All versions of one report of this firm, first version first. Another's key has none.
    `account`: whose eyes they are for, the firm's or its agent's."""
    if key.subject != uscc:
        return ()
    filings = _of_key(shop, key)
    past = corrections.among(shop, world, filings)
    return tuple(
        OwnVersion(
            filing,
            filing.account == account,
            shop.registry.findings(filing=filing.id),
            _steps(shop, account, filing, filings),
            past.get(filing.id),
        )
        for filing in filings
    )


def rows_of(shop: Workshop, uscc: str, filing_id: int) -> tuple[Filing, list[dict[str, Any]]]:
    """The rows that one version of this firm holds, as they were checked, in the file's order.

    Raises:
        UnknownFiling: there is none of this number, or it is another firm's: never told apart.
    """
    filing = shop.registry.filing(filing_id)
    if filing.subject != uscc:
        raise UnknownFiling(filing_id)
    if filing.rows_path is None:
        return filing, []
    table = rows_in_force(shop.settings, shop.contracts[filing.form], [filing])
    return filing, [] if table is None else table.to_pylist()


def difference(
    contract: Contract, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> tuple[RowChange, ...]:
    """What changed from one version's rows to the other's, cell by cell.

    Rows are matched by the form's key, of equal keys the first with the first; columns stand in
    the contract's order. What is written differently but says the same (`1.50`, `1.5`) is equal.
    """
    old, new = _by_key(contract, before), _by_key(contract, after)
    out = []
    for key in dict.fromkeys((*new, *old)):
        was, now = old.get(key), new.get(key)
        cells = tuple(
            CellChange(name, (was or {}).get(name), (now or {}).get(name))
            for name in contract.names
            if name not in contract.key and (was or {}).get(name) != (now or {}).get(name)
        )
        if was is not None and now is not None and not cells:
            continue
        kind: Literal["changed", "added", "removed"] = (
            "added" if was is None else "removed" if now is None else "changed"
        )
        out.append(RowChange(kind, {n: (now or was or {})[n] for n in contract.key}, cells))
    return tuple(out)


def _by_key(
    contract: Contract, rows: Iterable[Mapping[str, Any]]
) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    found: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for row in rows:
        key, number = tuple(row[name] for name in contract.key), 0
        # A returned version may hold a key twice.
        while (*key, number) in found:
            number += 1
        found[(*key, number)] = row
    return found


def _of_key(shop: Workshop, key: FilingKey) -> list[Filing]:
    filings = shop.registry.filings(form=key.form, subject=key.subject, period=key.period)
    own = [f for f in filings if f.period == key.period]
    return sorted(own, key=lambda filing: filing.version)


def _steps(
    shop: Workshop, account: str, filing: Filing, versions: Sequence[Filing]
) -> tuple[Step, ...]:
    attempts = {a.number: a for a in shop.registry.attempts(filing.receipt)}
    until = filing.decided_at
    steps = []
    for event in shop.registry.events(subject=filing.receipt):
        deed = _DEED_OF_EVENT.get(event.kind)
        # What was sent again later is another version's story; a reason may come after the run.
        of_later = event.payload.get("attempt", filing.attempt) > filing.attempt
        if deed is None or of_later or (event.at > until and deed != "corrected"):
            continue
        detail = str(event.payload.get("channel") or "")
        reason = event.payload.get("reason")
        if deed == "by_key":
            detail = event.actor.partition(":")[2]
        steps.append(Step(event.at, _actor(shop, account, event.actor), deed, detail, reason))
    reviews = shop.registry.reviews(filing.id)
    decided = attempts[filing.attempt].decided_at or filing.decided_at
    steps.append(Step(decided, "system", "decided", _first_state(filing, reviews)))
    steps += [Step(r.at, _actor(shop, account, r.account), r.action, "", r.reason) for r in reviews]
    if filing.superseded_at is not None:
        number = {f.id: f.version for f in versions}.get(filing.superseded_by or 0)
        detail = "" if number is None else str(number)
        steps.append(Step(filing.superseded_at, "system", "superseded", detail))
    return tuple(sorted(steps, key=lambda step: step.at))


def _first_state(filing: Filing, reviews: Sequence[Review]) -> FilingState:
    """What the official run made of it, before any steward: a review never tells it outright."""
    if any(review.action != "withdraw" for review in reviews):
        return FilingState.AWAITING_REVIEW
    if filing.accepted_at is not None:
        return FilingState.ACCEPTED
    # Superseded without ever being in force: it waited until a newer version took its place.
    returned = filing.state is FilingState.RETURNED
    return FilingState.RETURNED if returned else FilingState.AWAITING_REVIEW


def _actor(shop: Workshop, account: str, name: str) -> Actor:
    """Who it was, as far as the reader is told: people of the bureau are its steward."""
    if name == account:
        return "own"
    if name.startswith("key:"):
        return "key"
    try:
        kind = shop.registry.account(name).kind
    except UnknownAccount:
        return "system"
    if kind == "firm" and shop.registry.account(account).kind == "agent":
        return "firm"
    # Of a firm that files for another, that one is told no more than that it is its agent.
    return "agent" if kind in ("agent", "firm") else "steward" if kind == "steward" else "system"
