"""Rows of the tables as nouns, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from greenmfg.contract.forms import Words
from greenmfg.records import (
    FilingState,
    Finding,
    Refusal,
    SubmissionState,
    Tidied,
    TidiedKind,
)
from greenmfg.registry import tables
from greenmfg.registry.batches import pieces
from greenmfg.registry.nouns import Filing, Submission

_submission, _attempt, _filing = tables.submission, tables.attempt, tables.filing

# What deciding writes on an attempt; all else of it was known on receiving.
OUTCOME_COLUMNS = (
    "state",
    "decided_at",
    "run_id",
    "form",
    "encoding",
    "row_count",
    "unattached_errors",
    "refusal_id",
    "refusal_message_zh",
    "refusal_message_en",
    "refusal_remedy_zh",
    "refusal_remedy_en",
    "failure",
    "rules_version",
    "rows_path",
    "tidied",
)

SUBMISSIONS = sa.select(
    _submission,
    _attempt.c.id.label("attempt_id"),
    _attempt.c.received_at.label("attempt_received_at"),
    _attempt.c.arrival,
    *(_attempt.c[name] for name in OUTCOME_COLUMNS),
).join(
    _attempt,
    sa.and_(
        _attempt.c.submission_id == _submission.c.id,
        _attempt.c.number == _submission.c.attempt,
    ),
)

FILINGS = (
    sa.select(
        *(column for column in _filing.c if column.name not in ("submission_id", "attempt_id")),
        _submission.c.receipt,
        _submission.c.account,
        _submission.c.file_name,
        _attempt.c.number.label("attempt"),
        _attempt.c.rows_path,
    )
    .join(_submission, _submission.c.id == _filing.c.submission_id)
    .join(_attempt, _attempt.c.id == _filing.c.attempt_id)
)
_FILING_NAMES = tuple(FILINGS.selected_columns.keys())


def submission(row: sa.Row[Any]) -> Submission:
    refusal = None
    if row.refusal_id is not None:
        refusal = Refusal(
            row.refusal_id,
            Words(row.refusal_message_zh, row.refusal_message_en),
            Words(row.refusal_remedy_zh, row.refusal_remedy_en),
        )
    return Submission(
        id=row.id,
        receipt=row.receipt,
        account=row.account,
        channel=row.channel,
        file_name=row.file_name,
        sha256=row.sha256,
        size=row.size,
        raw_path=row.raw_path,
        received_at=row.received_at,
        attempt=row.attempt,
        attempt_id=row.attempt_id,
        attempt_received_at=row.attempt_received_at,
        arrival=row.arrival,
        state=SubmissionState(row.state),
        decided_at=row.decided_at,
        run_id=row.run_id,
        form=row.form,
        encoding=row.encoding,
        row_count=row.row_count,
        refusal=refusal,
        failure=row.failure,
        rules_version=row.rules_version,
        rows_path=row.rows_path,
        tidied=tuple(
            Tidied(TidiedKind(one["kind"]), one["line"], one["column"], one["before"], one["after"])
            for one in row.tidied
        ),
    )


def filing(row: sa.Row[Any]) -> Filing:
    # Not `_asdict`: it makes the names anew for every row, and a build reads all filings.
    values = dict(zip(_FILING_NAMES, row, strict=True))
    values["state"] = FilingState(values["state"])
    return Filing(**values)


def finding(row: sa.Row[Any]) -> Finding:
    expected = None
    if row.expected_zh is not None:
        expected = Words(row.expected_zh, row.expected_en)
    return Finding(
        id=row.check_id,
        severity=row.severity,
        line=row.line,
        column=row.column_name,
        header=row.header,
        enterprise=row.enterprise,
        period=row.period,
        given=row.given,
        expected=expected,
        message=Words(row.message_zh, row.message_en),
        remedy=Words(row.remedy_zh, row.remedy_en),
        explained_by=row.explained_by,
    )


def finding_row(one: Finding) -> dict[str, Any]:
    """A finding's columns, without its ids."""
    return {
        "check_id": one.id,
        "severity": one.severity,
        "line": one.line,
        "column_name": one.column,
        "header": one.header,
        "enterprise": one.enterprise,
        "period": one.period,
        "given": one.given,
        "expected_zh": one.expected.zh if one.expected else None,
        "expected_en": one.expected.en if one.expected else None,
        "message_zh": one.message.zh,
        "message_en": one.message.en,
        "remedy_zh": one.remedy.zh,
        "remedy_en": one.remedy.en,
        "explained_by": one.explained_by,
    }


def submissions_by_receipt(connection: sa.Connection, receipts: Iterable[str]) -> list[Submission]:
    return [
        submission(row)
        for piece in pieces(receipts)
        for row in connection.execute(SUBMISSIONS.where(_submission.c.receipt.in_(piece)))
    ]


def filings_by_id(connection: sa.Connection, ids: Iterable[int]) -> list[Filing]:
    return [
        filing(row)
        for piece in pieces(ids)
        for row in connection.execute(FILINGS.where(_filing.c.id.in_(piece)))
    ]
