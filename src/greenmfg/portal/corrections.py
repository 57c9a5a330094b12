"""Corrections: a new version of a month that is closed, and the reason the firm gives for it.

A month of a form is closed for a firm when its due day has passed and a version of it is in force.
The portal and the interface ask why before they take it. The inbox and the command line cannot
ask: a file that comes there says why in its note column, and one that says nothing is listed for
the steward as a correction without a reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from greenmfg.checks import World
from greenmfg.pipeline.rows import rows_in_force
from greenmfg.pipeline.workshop import Workshop
from greenmfg.portal.months import FORMS, due_on
from greenmfg.records import FilingState, ParsedFile, Receipt, Verdict
from greenmfg.registry import Filing
from greenmfg.settings import DISTRICT_TIME

EVENT = "submission.correction_reason"
# Characters of a reason: fewer say nothing, more belong into a letter.
SHORTEST_REASON = 4
LONGEST_REASON = 300


class CorrectionUnexplained(ValueError):
    """The file corrects closed `months`, and nothing says why."""

    def __init__(self, months: tuple[date, ...]) -> None:
        super().__init__(", ".join(f"{month:%Y-%m}" for month in months))
        self.months = months


@dataclass(frozen=True)
class Correction:
    """A filing of a month that was closed when it came.

    `reason`: what the portal was told, else the notes of its rows, else None. `of_version`: the
    version then in force.
    """

    filing: Filing
    of_version: int
    due_on: date
    reason: str | None


def is_correction(shop: Workshop, world: World, uscc: str, form: str, month: date) -> bool:
    """Whether filing this form of this month now would correct a closed month."""
    if form not in FORMS or world.today <= due_on(world, form, month):
        return False
    filings = shop.registry.filings(form=form, subject=uscc, period=month)
    return any(f.state == "accepted" for f in filings)


def closed_months(
    shop: Workshop, world: World, firms: Collection[str], verdict: Verdict
) -> tuple[date, ...]:
    """The closed months that a checked file of these firms would correct; what would be returned
    corrects nothing."""
    months = (
        filing.key.period
        for filing in verdict.filings
        if filing.key.period is not None
        and filing.key.subject in firms
        and filing.state is not FilingState.RETURNED
        and is_correction(shop, world, filing.key.subject, verdict.form, filing.key.period)
    )
    return tuple(dict.fromkeys(months))


def may_correct(shop: Workshop, world: World, uscc: str, parsed: ParsedFile) -> bool:
    """Whether any month that a file speaks of is closed: cheap, where its checks are not."""
    period = shop.contracts[parsed.form].period
    if period is None:
        return False
    given = {month for month in parsed.rows[period].to_pylist() if month}
    return any(
        f"{filing.period}" in given and is_correction(shop, world, uscc, parsed.form, filing.period)
        for filing in shop.registry.filings(form=parsed.form, subject=uscc)
        if filing.period is not None and filing.state is FilingState.ACCEPTED
    )


def in_force_already(shop: Workshop, account: str, sha256: str) -> bool:
    """Whether all that these very bytes said, sent by this account before, is in force now:
    sent again, they change nothing."""
    for submission in shop.registry.submissions(account=account, sha256=sha256):
        filings = shop.registry.filings(receipt=submission.receipt)
        current = [f for f in filings if f.attempt == submission.attempt]
        if current and all(f.state is FilingState.ACCEPTED for f in current):
            return True
    return False


def record_reason(shop: Workshop, account: str, receipt: Receipt, reason: str) -> None:
    """Writes the reason into the log, beside the receipt; a double click writes it once."""
    text = reason.strip()
    if not text:
        return
    past = shop.registry.events(subject=receipt.number)
    if any(e.kind == EVENT and e.payload.get("reason") == text for e in past):
        return
    now = shop.settings.now()
    shop.registry.log(account, EVENT, receipt.number, {"reason": text}, now)


def among(shop: Workshop, world: World, versions: Sequence[Filing]) -> Mapping[int, Correction]:
    """Those of one report's versions that are corrections, by filing id."""
    found = {}
    for filing in versions:
        if filing.form not in FORMS or filing.period is None:
            continue
        due = due_on(world, filing.form, filing.period)
        if filing.received_at.astimezone(DISTRICT_TIME).date() <= due:
            continue
        stood = [f for f in versions if f is not filing and _in_force_at(f, filing.received_at)]
        if stood:
            reason = _reason(shop, filing)
            found[filing.id] = Correction(filing, stood[-1].version, due, reason)
    return found


def of_all_firms(shop: Workshop, world: World) -> tuple[Correction, ...]:
    """For the steward: corrections of closed months, those that say nowhere why first, then the
    newest first."""
    by_key: dict[object, list[Filing]] = {}
    for form in FORMS:
        for filing in shop.registry.filings(form=form):
            by_key.setdefault(filing.key, []).append(filing)
    every = [
        correction
        for versions in by_key.values()
        if len(versions) > 1
        for correction in among(shop, world, versions).values()
    ]
    return tuple(sorted(every, key=lambda one: (one.reason is not None, -one.filing.id)))


def without_reason(shop: Workshop, world: World) -> tuple[Correction, ...]:
    """For the steward: corrections of all firms that say nowhere why, newest first."""
    return tuple(one for one in of_all_firms(shop, world) if one.reason is None)


def _in_force_at(filing: Filing, at: datetime) -> bool:
    ends = [end for end in (filing.superseded_at, filing.withdrawn_at) if end is not None]
    return (
        filing.accepted_at is not None
        and filing.accepted_at <= at
        and all(end > at for end in ends)
    )


def _reason(shop: Workshop, filing: Filing) -> str | None:
    told = [e for e in shop.registry.events(subject=filing.receipt) if e.kind == EVENT]
    if told:
        return str(told[-1].payload["reason"])
    if filing.rows_path is None:
        return None
    rows = rows_in_force(shop.settings, shop.contracts[filing.form], [filing])
    notes = _distinct(() if rows is None else rows["note"].to_pylist())
    return "；".join(notes) or None


def _distinct(notes: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(note.strip() for note in notes if note and note.strip()))
