"""Parse, check and decide all that waits.

Reference tables come first, then the register, then the reports that need both; each wave is
decided before the next is checked. Within a wave all files are checked together, in batches small
enough to hold in memory, and decided in the order in which they were sent.
"""

from __future__ import annotations

import itertools
import logging
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from greenmfg.checks import Candidate, World
from greenmfg.intake import parse
from greenmfg.pipeline import state
from greenmfg.pipeline.outbox import announced, write_outcomes, write_promised
from greenmfg.pipeline.receiving import return_set_aside
from greenmfg.pipeline.rows import rows_in_force
from greenmfg.pipeline.store import read_raw, store_rows
from greenmfg.pipeline.turns import in_turn
from greenmfg.pipeline.workshop import Workshop, checker_of
from greenmfg.records import FilingState, ParsedFile, Refusal, Verdict
from greenmfg.registry import (
    Checked,
    CheckFailed,
    Decision,
    DecisionSummary,
    NewAlert,
    Submission,
    Unreadable,
)

_LOG = logging.getLogger(__name__)
_FILES_PER_BATCH = 800
_ROWS_PER_BATCH = 400_000
# Rows held in memory between finding out what waits and checking it; files beyond are read twice.
_ROWS_KEPT = 2_000_000

AlertsOf = Callable[[DecisionSummary], Iterable[NewAlert]]


@dataclass(frozen=True)
class RunOutcome:
    """What one run did. `filings_changed`: something came into force or left it."""

    run: str
    submissions: int
    filings: int
    returned: int
    awaiting_review: int
    unreadable: int
    check_failed: int
    filings_changed: bool


@dataclass(frozen=True)
class _Read:
    """One waiting submission after parsing (or the reason why it could not be)."""

    submission: Submission
    content: ParsedFile | Refusal | Exception

    @property
    def rows(self) -> int:
        return self.content.rows.num_rows if isinstance(self.content, ParsedFile) else 0


@dataclass(frozen=True)
class _Glance:
    """What a first parse told: the form, and the content itself unless it is too big to keep."""

    submission: Submission
    form: str | None
    read: _Read | None


@in_turn("deciding")
def decide_waiting(shop: Workshop, alerts_of: AlertsOf | None = None) -> RunOutcome:
    """Takes every waiting submission to its verdict.

    What cannot be read is `unreadable` (the sender's to mend); what we fail to check is
    `check_failed` (ours) and is tried again by the next upkeep. Neither holds up the others.
    """
    interrupted = _make_good(shop)
    run = uuid.uuid4().hex[:12]
    before = shop.registry.in_force_fingerprint()
    world = _world(shop)
    glances = _glance(shop, world)
    summaries: list[DecisionSummary] = []
    batch_names = (f"{run}.{number}" for number in itertools.count(1))
    for wave in (_is_reference, _is_register, _is_report):
        own = [glance for glance in glances if wave(shop, glance.form)]
        for batch in _batches(_reads(shop, own, world)):
            for summary in _decide(shop, batch_names, batch, alerts_of):
                if wave is _is_register:
                    _open_firm_accounts(shop)
                write_outcomes(shop, summary)
                summaries.append(summary)
        if wave is _is_reference and own:
            # Spellings and code lists may have changed: what was read before is read anew.
            world = _world(shop)
            glances = [replace(glance, read=None) for glance in glances]
    changed = interrupted or shop.registry.in_force_fingerprint() != before
    return _outcome(run, summaries, changed)


def _make_good(shop: Workshop) -> bool:
    """What follows a decision and is not in its transaction: a run that died in between left it
    undone. Returns whether there was such a run."""
    interrupted = write_promised(shop)
    if interrupted:
        _open_firm_accounts(shop)
    return interrupted


def _world(shop: Workshop) -> World:
    return state.world(shop.settings, shop.contracts, shop.registry)


def _is_reference(shop: Workshop, form: str | None) -> bool:
    return form is not None and shop.contracts[form].kind == "reference"


def _is_register(_shop: Workshop, form: str | None) -> bool:
    return form == "enterprise_register"


def _is_report(shop: Workshop, form: str | None) -> bool:
    """Reports, and what is no form at all."""
    return not _is_reference(shop, form) and not _is_register(shop, form)


def _glance(shop: Workshop, world: World) -> list[_Glance]:
    glances = []
    kept = 0
    for submission in shop.registry.waiting():
        read = _read(shop, submission, world)
        kept += read.rows
        form = read.content.form if isinstance(read.content, ParsedFile) else None
        glances.append(_Glance(submission, form, read if kept <= _ROWS_KEPT else None))
    return glances


def _reads(shop: Workshop, glances: Iterable[_Glance], world: World) -> Iterator[_Read]:
    for glance in glances:
        yield glance.read or _read(shop, glance.submission, world)


def _read(shop: Workshop, submission: Submission, world: World) -> _Read:
    try:
        data = read_raw(shop.settings, submission.raw_path, submission.sha256)
        content = parse(
            data, submission.file_name, shop.contracts, world.codes, shop.settings.limits
        )
    except Exception as error:  # one file that trips the parser must not hold up the others
        _LOG.exception("%s could not be parsed", submission.receipt)
        return _Read(submission, error)
    return _Read(submission, content)


def _batches(reads: Iterable[_Read]) -> Iterator[list[_Read]]:
    batch: list[_Read] = []
    rows = 0
    for read in reads:
        if batch and (len(batch) >= _FILES_PER_BATCH or rows + read.rows > _ROWS_PER_BATCH):
            yield batch
            batch, rows = [], 0
        batch.append(read)
        rows += read.rows
    if batch:
        yield batch


def _decide(
    shop: Workshop, names: Iterator[str], batch: Sequence[_Read], alerts_of: AlertsOf | None
) -> Iterator[DecisionSummary]:
    """Decides a batch in one transaction; one that breaks the checks is halved until the culprit
    stands alone, so that the sound files get their verdicts in their order."""
    try:
        decisions = _decisions(shop, batch)
    except Exception as error:
        if len(batch) > 1:
            _LOG.exception("a batch of %d could not be checked: halving it", len(batch))
            middle = len(batch) // 2
            yield from _decide(shop, names, batch[:middle], alerts_of)
            yield from _decide(shop, names, batch[middle:], alerts_of)
            return
        submission = batch[0].submission
        _LOG.exception("%s could not be checked", submission.receipt)
        failed = CheckFailed(f"{type(error).__name__}: {error}")
        decisions = [Decision(submission.receipt, submission.attempt, failed)]
    name = next(names)
    with announced(shop.settings, name, [decision.receipt for decision in decisions]):
        yield shop.registry.decide(
            name, decisions, shop.settings.now, replaces=shop.replaces, alerts_of=alerts_of
        )


def _decisions(shop: Workshop, batch: Sequence[_Read]) -> list[Decision]:
    accounts = {account.name: account for account in shop.registry.accounts(shop.settings.now())}
    explained = shop.registry.explanations(read.submission.attempt_id for read in batch)
    candidates = [
        Candidate(
            read.submission.receipt,
            accounts[read.submission.account],
            read.content,
            explained.get(read.submission.attempt_id, ()),
        )
        for read in batch
        if isinstance(read.content, ParsedFile)
    ]
    verdicts = checker_of(shop.settings).check(candidates, _world(shop)) if candidates else {}
    return [_decision(shop, read, verdicts) for read in batch]


def _decision(shop: Workshop, read: _Read, verdicts: Mapping[str, Verdict]) -> Decision:
    receipt, attempt = read.submission.receipt, read.submission.attempt
    if isinstance(read.content, Refusal):
        return Decision(receipt, attempt, Unreadable(read.content))
    if isinstance(read.content, Exception):
        reason = f"{type(read.content).__name__}: {read.content}"
        return Decision(receipt, attempt, CheckFailed(reason))
    verdict = verdicts[receipt]
    path = None
    if verdict.filings and verdict.checked_rows is not None:
        path = store_rows(shop.settings, receipt, attempt, verdict.checked_rows)
    return Decision(receipt, attempt, Checked(verdict, checker_of(shop.settings).version, path))


def _open_firm_accounts(shop: Workshop) -> None:
    register = rows_in_force(
        shop.settings,
        shop.contracts["enterprise_register"],
        shop.registry.filings_in_force("enterprise_register"),
    )
    if register is None:
        return
    newest = register.sort_by("valid_from")
    firms = {
        uscc: (uscc, name, email)
        for uscc, name, email in zip(
            newest["uscc"].to_pylist(),
            newest["name"].to_pylist(),
            newest["contact_email"].to_pylist(),
            strict=True,
        )
    }
    changed = shop.registry.ensure_firm_accounts(firms.values(), shop.settings.now())
    return_set_aside(shop.settings, changed)


def _outcome(run: str, summaries: Sequence[DecisionSummary], changed: bool) -> RunOutcome:
    filings = [f.filing for s in summaries for f in s.filings()]
    submissions = [one.submission for s in summaries for one in s.submissions]
    return RunOutcome(
        run=run,
        submissions=len(submissions),
        filings=len(filings),
        returned=sum(f.state == FilingState.RETURNED for f in filings),
        awaiting_review=sum(f.state == FilingState.AWAITING_REVIEW for f in filings),
        unreadable=sum(s.state == "unreadable" for s in submissions),
        check_failed=sum(s.state == "check_failed" for s in submissions),
        filings_changed=changed,
    )
