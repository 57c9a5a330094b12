"""What a steward decides about a filing, with a reason, on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from greenmfg.contract.forms import Words
from greenmfg.records import FilingState
from greenmfg.registry import accounts, events, rows, tables
from greenmfg.registry.deciding import load_ledger, write_changes
from greenmfg.registry.engine import next_id
from greenmfg.registry.errors import ReviewRefused, UnknownFiling
from greenmfg.registry.nouns import Filing, Replaces, Review, ReviewAction, ReviewOutcome

_STATE_WORDS = {
    FilingState.RETURNED: Words("已退回", "returned"),
    FilingState.AWAITING_REVIEW: Words("待审核", "awaiting review"),
    FilingState.ACCEPTED: Words("已接受", "accepted"),
    FilingState.SUPERSEDED: Words("已被新版本替代", "superseded"),
    FilingState.WITHDRAWN: Words("已撤回", "withdrawn"),
}
_ACTION_WORDS = {
    "accept": Words("接受", "accept"),
    "return": Words("退回", "return"),
    "withdraw": Words("撤回", "withdraw"),
}
_WANTED_STATE = {
    "accept": FilingState.AWAITING_REVIEW,
    "return": FilingState.AWAITING_REVIEW,
    "withdraw": FilingState.ACCEPTED,
}


def review(
    connection: sa.Connection,
    filing_id: int,
    action: ReviewAction,
    reason: str,
    account: str,
    now: datetime,
    replaces: Mapping[str, Replaces],
) -> ReviewOutcome:
    """Accepts or returns a filing that waits, or withdraws one that is in force.

    Withdrawing leaves nothing in force: the version before is not brought back.

    Raises:
        UnknownFiling, UnknownAccount: no such filing or account.
        ReviewRefused: the filing is in another state, the reason is empty, or the account is
            not a steward's.
    """
    found = filing(connection, filing_id)
    _require(found, action, reason, connection, account)
    review_id = next_id(connection, tables.review)
    record = Review(filing_id, action, reason.strip(), account, now)
    connection.execute(
        tables.review.insert(),
        {
            "id": review_id,
            "filing_id": filing_id,
            "action": action,
            "reason": record.reason,
            "account": account,
            "at": now,
        },
    )
    revision = next_id(connection, tables.event)
    superseded = _apply(connection, found, action, now, replaces, revision)
    after = filing(connection, filing_id)
    payload = {"reason": record.reason, "state": after.state, "superseded": list(superseded)}
    subject = f"filing {filing_id}"
    events.append(connection, now, account, f"filing.review.{action}", subject, payload)
    return ReviewOutcome(after, record, superseded)


def filing(connection: sa.Connection, filing_id: int) -> Filing:
    """One filing.

    Raises:
        UnknownFiling: there is none of this number.
    """
    found = rows.filings_by_id(connection, [filing_id])
    if not found:
        raise UnknownFiling(filing_id)
    return found[0]


def _require(
    subject: Filing, action: ReviewAction, reason: str, connection: sa.Connection, account: str
) -> None:
    wanted = _WANTED_STATE[action]
    if subject.state is not wanted:
        is_, must, verb = _STATE_WORDS[subject.state], _STATE_WORDS[wanted], _ACTION_WORDS[action]
        raise ReviewRefused(
            Words(
                zh=f"申报 {subject.id} 的状态为“{is_.zh}”，只有“{must.zh}”的申报才能{verb.zh}",
                en=f"Filing {subject.id} is {is_.en}; only a filing that is {must.en}"
                f" can be {verb.en}{'n' if action == 'withdraw' else 'ed'}",
            )
        )
    if not reason.strip():
        raise ReviewRefused(
            Words(zh="请写明理由（--reason）", en="A reason is required (--reason TEXT)")
        )
    if accounts.kind_of(connection, account) not in ("steward", "system"):
        raise ReviewRefused(
            Words(
                zh=f"账户 {account} 不是数据管理员，不能审核",
                en=f"Account {account} is not a steward's and may not review",
            )
        )


def _apply(
    connection: sa.Connection,
    subject: Filing,
    action: ReviewAction,
    now: datetime,
    replaces: Mapping[str, Replaces],
    revision: int,
) -> tuple[int, ...]:
    if action == "accept":
        ledger = load_ledger(connection, [subject.key], replaces, now)
        version = next(v for v in ledger.versions[subject.key] if v.id == subject.id)
        ledger.accept(version)
        write_changes(connection, [version, *ledger.changed], revision)
        return tuple(v.id for v in ledger.changed)
    if action == "return":
        values: dict[str, object] = {"state": FilingState.RETURNED}
    else:
        values = {"state": FilingState.WITHDRAWN, "withdrawn_at": now}
    connection.execute(
        tables.filing.update()
        .where(tables.filing.c.id == subject.id)
        .values(**values, revision=revision)
    )
    return ()
