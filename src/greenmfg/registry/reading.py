"""Questions asked of submissions, filings and findings."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from greenmfg.records import FilingState, Finding, SubmissionState
from greenmfg.registry import events, rows, tables
from greenmfg.registry.batches import KEYS_PER_STATEMENT
from greenmfg.registry.errors import UnknownSubmission
from greenmfg.registry.nouns import (
    Attempt,
    Changes,
    Counts,
    DeliveryState,
    Filing,
    FindingFact,
    Review,
    Submission,
)

_submission, _attempt, _filing, _finding = (
    tables.submission,
    tables.attempt,
    tables.filing,
    tables.finding,
)
_DELIVERY_STATES: tuple[DeliveryState, ...] = ("pending", "sent", "failed")


def waiting(connection: sa.Connection) -> tuple[Submission, ...]:
    query = rows.SUBMISSIONS.where(_attempt.c.state == SubmissionState.RECEIVED).order_by(
        _attempt.c.arrival
    )
    return tuple(rows.submission(row) for row in connection.execute(query))


def submission(connection: sa.Connection, receipt: str) -> Submission:
    found = rows.submissions_by_receipt(connection, [receipt])
    if not found:
        raise UnknownSubmission(receipt)
    return found[0]


def submissions(
    connection: sa.Connection,
    account: str | None,
    state: SubmissionState | None,
    limit: int | None,
    sha256: str | None = None,
) -> tuple[Submission, ...]:
    query = rows.SUBMISSIONS.order_by(_submission.c.id.desc())
    if account is not None:
        query = query.where(_submission.c.account == account)
    if state is not None:
        query = query.where(_attempt.c.state == state)
    if sha256 is not None:
        query = query.where(_submission.c.sha256 == sha256)
    if limit is not None:
        query = query.limit(limit)
    return tuple(rows.submission(row) for row in connection.execute(query))


def attempts(connection: sa.Connection, receipt: str) -> tuple[Attempt, ...]:
    query = (
        sa.select(_attempt)
        .join(_submission, _submission.c.id == _attempt.c.submission_id)
        .where(_submission.c.receipt == receipt)
        .order_by(_attempt.c.number)
    )
    return tuple(
        Attempt(
            row.number,
            row.received_at,
            SubmissionState(row.state),
            row.decided_at,
            row.run_id,
            row.rules_version,
            row.failure,
        )
        for row in connection.execute(query)
    )


def filings(
    connection: sa.Connection,
    *,
    receipt: str | None = None,
    form: str | None = None,
    subject: str | None = None,
    period: date | None = None,
    states: Sequence[FilingState] = (),
    limit: int | None = None,
) -> tuple[Filing, ...]:
    query = rows.FILINGS.order_by(_filing.c.id)
    if receipt is not None:
        query = query.where(_submission.c.receipt == receipt)
    for column, value in (("form", form), ("subject", subject), ("period", period)):
        if value is not None:
            query = query.where(_filing.c[column] == value)
    if states:
        query = query.where(_filing.c.state.in_(list(states)))
    if limit is not None:
        query = query.limit(limit)
    return tuple(rows.filing(row) for row in connection.execute(query))


def filings_in_force(
    connection: sa.Connection,
    form: str | None,
    as_of: datetime | None,
    subjects: Collection[str] | None = None,
) -> tuple[Filing, ...]:
    query = rows.FILINGS.where(_in_force(as_of)).order_by(_filing.c.accepted_at, _filing.c.id)
    if form is not None:
        query = query.where(_filing.c.form == form)
    # Beyond one statement's parameters reading the form whole costs no more.
    if subjects is not None and len(subjects) <= KEYS_PER_STATEMENT:
        query = query.where(_filing.c.subject.in_(list(subjects)))
    found = (rows.filing(row) for row in connection.execute(query))
    return tuple(one for one in found if subjects is None or one.subject in subjects)


def in_force_fingerprint(connection: sa.Connection) -> str:
    query = sa.select(_filing.c.id).where(_in_force(None)).order_by(_filing.c.id)
    ids = ",".join(map(str, connection.scalars(query)))
    return hashlib.sha256(ids.encode()).hexdigest()


def _in_force(as_of: datetime | None) -> sa.ColumnElement[bool]:
    if as_of is None:
        return _filing.c.state == FilingState.ACCEPTED
    ended = (_filing.c.superseded_at, _filing.c.withdrawn_at)
    return sa.and_(
        _filing.c.accepted_at <= as_of,
        *(sa.or_(end.is_(None), end > as_of) for end in ended),
    )


def filings_changed_since(connection: sa.Connection, revision: int) -> Changes:
    query = rows.FILINGS.where(_filing.c.revision > revision).order_by(_filing.c.id)
    found = tuple(rows.filing(row) for row in connection.execute(query))
    return Changes(events.revision(connection), found)


def findings(
    connection: sa.Connection, receipt: str | None, filing: int | None
) -> tuple[Finding, ...]:
    query = sa.select(_finding).order_by(_finding.c.id)
    if filing is not None:
        query = query.where(_finding.c.filing_id == filing)
    if receipt is not None:
        current = (
            sa.select(_attempt.c.id)
            .join(
                _submission,
                sa.and_(
                    _submission.c.id == _attempt.c.submission_id,
                    _submission.c.attempt == _attempt.c.number,
                ),
            )
            .where(_submission.c.receipt == receipt)
        )
        query = query.where(_finding.c.attempt_id == current.scalar_subquery())
    return tuple(rows.finding(row) for row in connection.execute(query))


def finding_facts(connection: sa.Connection, after: int) -> Iterator[FindingFact]:
    query = (
        sa.select(
            _finding.c.id,
            _submission.c.receipt,
            _finding.c.filing_id,
            _finding.c.check_id,
            _finding.c.severity,
            _finding.c.line,
            _finding.c.column_name,
            _finding.c.period,
            _attempt.c.received_at,
            _attempt.c.decided_at,
        )
        .join(_attempt, _attempt.c.id == _finding.c.attempt_id)
        .join(_submission, _submission.c.id == _attempt.c.submission_id)
        .where(_finding.c.id > after)
        .order_by(_finding.c.id)
    )
    for row in connection.execute(query):
        yield FindingFact(
            row.id,
            row.receipt,
            row.filing_id,
            row.check_id,
            row.severity,
            row.line,
            row.column_name,
            row.period,
            row.received_at,
            row.decided_at,
        )


def returned_at(connection: sa.Connection) -> dict[int, datetime]:
    """When reviewers returned filings that waited, by filing."""
    table = tables.review
    query = sa.select(table.c.filing_id, table.c.at).where(table.c.action == "return")
    return {row.filing_id: row.at for row in connection.execute(query)}


def reviews(connection: sa.Connection, filing: int) -> tuple[Review, ...]:
    table = tables.review
    query = sa.select(table).where(table.c.filing_id == filing).order_by(table.c.id)
    return tuple(
        Review(row.filing_id, row.action, row.reason, row.account, row.at)
        for row in connection.execute(query)
    )


def counts(connection: sa.Connection) -> Counts:
    current = _by_state(
        connection,
        sa.select(_attempt.c.state, sa.func.count())
        .join(
            _submission,
            sa.and_(
                _submission.c.id == _attempt.c.submission_id,
                _submission.c.attempt == _attempt.c.number,
            ),
        )
        .group_by(_attempt.c.state),
    )
    filed = _by_state(
        connection, sa.select(_filing.c.state, sa.func.count()).group_by(_filing.c.state)
    )
    table = tables.delivery
    sent = _by_state(connection, sa.select(table.c.state, sa.func.count()).group_by(table.c.state))
    return Counts(
        submissions={state: current.get(state, 0) for state in SubmissionState},
        filings={state: filed.get(state, 0) for state in FilingState},
        deliveries={state: sent.get(state, 0) for state in _DELIVERY_STATES},
        accounts=connection.scalar(sa.select(sa.func.count()).select_from(tables.account)) or 0,
        revision=events.revision(connection),
    )


def _by_state(connection: sa.Connection, query: sa.Select[str, int]) -> dict[str, int]:
    return dict(connection.execute(query).all())
