"""The one transaction that puts rows in force: a whole run's decisions, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from greenmfg.records import FilingKey, FilingState, FilingVerdict, Finding, SubmissionState
from greenmfg.registry import events, rows, tables
from greenmfg.registry.batches import pieces
from greenmfg.registry.engine import next_id
from greenmfg.registry.errors import UnknownSubmission
from greenmfg.registry.nouns import (
    Checked,
    CheckFailed,
    DecidedFiling,
    DecidedSubmission,
    Decision,
    DecisionSummary,
    Replaces,
    Submission,
    Unreadable,
)
from greenmfg.registry.versions import Ledger, Version

_filing, _attempt, _submission = tables.filing, tables.attempt, tables.submission


def decide(
    connection: sa.Connection,
    run_id: str,
    decisions: Sequence[Decision],
    now: datetime,
    replaces: Mapping[str, Replaces],
) -> DecisionSummary:
    """Writes a run's decisions in the order given.

    Raises:
        UnknownSubmission: a decision names a receipt that does not exist.
        KeyError: `replaces` lacks a form that was decided.
    """
    current = _current(connection, decisions)
    open_, skipped = _open(decisions, current)
    ledger = load_ledger(connection, _keys(open_), replaces, now)
    writer = _Writer(connection, run_id, now, ledger)
    for decision in open_:
        writer.take(decision, current[decision.receipt])
    writer.write()
    filings = {filing.id: filing for filing in rows.filings_by_id(connection, writer.findings_of)}
    decided = {one.receipt: one for one in rows.submissions_by_receipt(connection, writer.decided)}
    return DecisionSummary(
        run_id=run_id,
        at=now,
        submissions=tuple(
            DecidedSubmission(
                submission=decided[receipt],
                filings=tuple(DecidedFiling(filings[id_], writer.findings_of[id_]) for id_ in ids),
                unattached=writer.unattached.get(receipt, ()),
            )
            for receipt, ids in writer.decided.items()
        ),
        skipped=skipped,
        superseded=tuple(sorted({v.id for v in ledger.changed} - set(writer.findings_of))),
    )


def load_ledger(
    connection: sa.Connection,
    keys: Iterable[FilingKey],
    replaces: Mapping[str, Replaces],
    now: datetime,
) -> Ledger:
    """The ledger with every version of the subjects that the keys name."""
    wanted = set(keys)
    ledger = Ledger(replaces, now)
    query = sa.select(_filing, _attempt.c.number, _attempt.c.arrival).join(
        _attempt, _attempt.c.id == _filing.c.attempt_id
    )
    for subjects in pieces(sorted({key.subject for key in wanted})):
        found = connection.execute(
            query.where(_filing.c.subject.in_(subjects)).order_by(_filing.c.id)
        )
        versions = (_version(row) for row in found)
        ledger.load(version for version in versions if version.key in wanted)
    return ledger


def write_changes(connection: sa.Connection, changed: Iterable[Version], revision: int) -> None:
    """Writes what the ledger changed in filings that were there before."""
    values = [
        {
            "of_id": version.id,
            "to_state": version.state,
            "to_accepted_at": version.accepted_at,
            "to_superseded_at": version.superseded_at,
            "to_superseded_by": version.superseded_by,
            "to_revision": revision,
        }
        for version in changed
    ]
    if values:
        columns = ("state", "accepted_at", "superseded_at", "superseded_by", "revision")
        connection.execute(
            _filing.update()
            .where(_filing.c.id == sa.bindparam("of_id"))
            .values({column: sa.bindparam(f"to_{column}") for column in columns}),
            values,
        )


def _version(row: sa.Row[Any]) -> Version:
    return Version(
        id=row.id,
        key=FilingKey(row.form, row.subject, row.period),
        submission_id=row.submission_id,
        attempt=row.number,
        arrival=row.arrival,
        number=row.version,
        state=FilingState(row.state),
        accepted_at=row.accepted_at,
        superseded_at=row.superseded_at,
        superseded_by=row.superseded_by,
    )


def _current(connection: sa.Connection, decisions: Sequence[Decision]) -> dict[str, Submission]:
    current = {
        one.receipt: one
        for one in rows.submissions_by_receipt(connection, [d.receipt for d in decisions])
    }
    for decision in decisions:
        if decision.receipt not in current:
            raise UnknownSubmission(decision.receipt)
    return current


def _open(
    decisions: Sequence[Decision], current: Mapping[str, Submission]
) -> tuple[list[Decision], tuple[str, ...]]:
    """Splits off what another process, or this list itself, has decided already."""
    open_: dict[str, Decision] = {}
    skipped: list[str] = []
    for decision in decisions:
        submission = current[decision.receipt]
        undecided = (
            submission.state is SubmissionState.RECEIVED
            and submission.attempt == decision.attempt
            and decision.receipt not in open_
        )
        if undecided:
            open_[decision.receipt] = decision
        else:
            skipped.append(decision.receipt)
    return list(open_.values()), tuple(skipped)


def _keys(decisions: Iterable[Decision]) -> Iterator[FilingKey]:
    for decision in decisions:
        if isinstance(decision.outcome, Checked):
            yield from (filing.key for filing in decision.outcome.verdict.filings)


class _Writer:
    """Gathers the rows of a run and writes each table with one statement."""

    def __init__(
        self, connection: sa.Connection, run_id: str, now: datetime, ledger: Ledger
    ) -> None:
        self._connection, self._run_id, self._now = connection, run_id, now
        self._ledger = ledger
        self._next_filing = next_id(connection, _filing)
        self._next_finding = next_id(connection, tables.finding)
        self._next_event = next_id(connection, tables.event)
        self._attempts: list[dict[str, Any]] = []
        self._filings: list[tuple[dict[str, Any], Version]] = []
        self._findings: list[dict[str, Any]] = []
        self._events: list[dict[str, Any]] = []
        self.decided: dict[str, list[int]] = {}
        self.findings_of: dict[int, tuple[Finding, ...]] = {}
        self.unattached: dict[str, tuple[Finding, ...]] = {}

    def take(self, decision: Decision, submission: Submission) -> None:
        """Adds one decision; nothing is written yet."""
        ids: list[int] = []
        self.decided[submission.receipt] = ids
        outcome = decision.outcome
        unseated_before = len(self._ledger.changed)
        if isinstance(outcome, Checked):
            ids.extend(self._filing(one, submission) for one in outcome.verdict.filings)
            self.unattached[submission.receipt] = outcome.verdict.unattached
            self._add_findings(outcome.verdict.unattached, submission, None)
        self._attempts.append(_attempt_values(submission, outcome, self._run_id, self._now))
        unseated = [version.id for version in self._ledger.changed[unseated_before:]]
        self._log(submission, outcome, ids, unseated)

    def write(self) -> None:
        """Writes all that was taken."""
        # The transaction has one revision, that of its last event: readers see it whole.
        revision = self._next_event - 1
        if self._attempts:
            columns = [key for key in self._attempts[0] if key != "of_id"]
            self._connection.execute(
                _attempt.update()
                .where(_attempt.c.id == sa.bindparam("of_id"))
                .values({key.removeprefix("to_"): sa.bindparam(key) for key in columns}),
                self._attempts,
            )
        if self._filings:
            self._connection.execute(
                _filing.insert(),
                [
                    {**row, **_standing(version), "revision": revision}
                    for row, version in self._filings
                ],
            )
        new = set(self.findings_of)
        write_changes(
            self._connection, (v for v in self._ledger.changed if v.id not in new), revision
        )
        if self._findings:
            self._connection.execute(tables.finding.insert(), self._findings)
        events.append_all(self._connection, self._events)

    def _filing(self, verdict: FilingVerdict, submission: Submission) -> int:
        version = Version(
            id=self._next_filing,
            key=verdict.key,
            submission_id=submission.id,
            attempt=submission.attempt,
            arrival=submission.arrival,
            number=self._ledger.next_number(verdict.key),
            state=verdict.state,
        )
        self._next_filing += 1
        self._ledger.add(version)
        row = {
            "id": version.id,
            "submission_id": submission.id,
            "attempt_id": submission.attempt_id,
            "form": verdict.key.form,
            "subject": verdict.key.subject,
            "period": verdict.key.period,
            "months_covered": verdict.months_covered,
            "version": version.number,
            "rows": verdict.rows,
            "received_at": submission.attempt_received_at,
            "decided_at": self._now,
        }
        self._filings.append((row, version))
        self.findings_of[version.id] = verdict.findings
        self._add_findings(verdict.findings, submission, version.id)
        return version.id

    def _add_findings(
        self, findings: Iterable[Finding], submission: Submission, filing_id: int | None
    ) -> None:
        for finding in findings:
            row = rows.finding_row(finding)
            row.update(id=self._next_finding, attempt_id=submission.attempt_id, filing_id=filing_id)
            self._findings.append(row)
            self._next_finding += 1

    def _log(
        self,
        submission: Submission,
        outcome: Unreadable | CheckFailed | Checked,
        ids: list[int],
        unseated: list[int],
    ) -> None:
        payload = {
            "run": self._run_id,
            "attempt": submission.attempt,
            "state": _state(outcome),
            "filings": ids,
            "superseded": unseated,
        }
        self._events.append(
            {
                "id": self._next_event,
                "at": self._now,
                "actor": "system",
                "kind": "submission.decided",
                "subject": submission.receipt,
                "payload": payload,
            }
        )
        self._next_event += 1


def _standing(version: Version) -> dict[str, Any]:
    return {
        "state": version.state,
        "accepted_at": version.accepted_at,
        "superseded_at": version.superseded_at,
        "superseded_by": version.superseded_by,
    }


def _state(outcome: Unreadable | CheckFailed | Checked) -> SubmissionState:
    match outcome:
        case Unreadable():
            return SubmissionState.UNREADABLE
        case CheckFailed():
            return SubmissionState.CHECK_FAILED
        case Checked():
            return SubmissionState.CHECKED


def _attempt_values(
    submission: Submission,
    outcome: Unreadable | CheckFailed | Checked,
    run_id: str,
    now: datetime,
) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(rows.OUTCOME_COLUMNS)
    values.update(state=_state(outcome), decided_at=now, run_id=run_id, tidied=[])
    match outcome:
        case Unreadable(refusal):
            values.update(
                refusal_id=refusal.id,
                refusal_message_zh=refusal.message.zh,
                refusal_message_en=refusal.message.en,
                refusal_remedy_zh=refusal.remedy.zh,
                refusal_remedy_en=refusal.remedy.en,
            )
        case CheckFailed(reason):
            values.update(failure=reason)
        case Checked(verdict, rules_version, rows_path):
            values.update(
                form=verdict.form,
                encoding=verdict.encoding,
                row_count=verdict.rows,
                unattached_errors=sum(f.severity == "error" for f in verdict.unattached),
                rules_version=rules_version,
                rows_path=rows_path,
                tidied=[asdict(one) for one in verdict.tidied],
            )
    return {"of_id": submission.attempt_id, **{f"to_{key}": values[key] for key in values}}
