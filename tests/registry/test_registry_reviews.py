from __future__ import annotations

from datetime import date

import pytest
from registry_desk import FIRM, REPLACES, Desk, filing_verdict

from greenmfg.records import FilingState
from greenmfg.registry import (
    ReviewAction,
    ReviewOutcome,
    ReviewRefused,
    UnknownAccount,
    UnknownFiling,
)


def review(
    desk: Desk, filing: int, action: ReviewAction, reason: str = "已电话核实", who: str = "steward"
) -> ReviewOutcome:
    return desk.registry.review(filing, action, reason, who, desk.later(), replaces=REPLACES)


def test_an_accepted_review_puts_the_filing_in_force_and_unseats_the_version_before(
    desk: Desk,
) -> None:
    desk.file("first", filing_verdict())
    desk.file("second", filing_verdict("awaiting_review"))

    outcome = review(desk, 2, "accept")

    assert (outcome.filing.state, outcome.filing.accepted_at) == (FilingState.ACCEPTED, desk.now)
    assert outcome.superseded == (1,)
    assert desk.states() == ["superseded", "accepted"]


def test_accepting_an_older_version_does_not_unseat_a_newer_one(desk: Desk) -> None:
    first, second = desk.send("first"), desk.send("second")
    desk.decide(desk.checked(second, filing_verdict()))
    desk.decide(desk.checked(first, filing_verdict("awaiting_review")))

    outcome = review(desk, 2, "accept")

    assert (outcome.filing.state, outcome.filing.superseded_by) == (FilingState.SUPERSEDED, 1)
    assert [f.id for f in desk.registry.filings_in_force()] == [1]


def test_of_two_that_wait_accepting_the_older_leaves_the_newer_waiting(desk: Desk) -> None:
    desk.file("first", filing_verdict("awaiting_review"))
    desk.file("second", filing_verdict("awaiting_review"))

    review(desk, 1, "accept")
    assert desk.states() == ["accepted", "awaiting_review"]

    review(desk, 2, "accept")
    assert desk.states() == ["superseded", "accepted"]


def test_a_returned_review_keeps_the_version_in_force(desk: Desk) -> None:
    desk.file("first", filing_verdict())
    desk.file("second", filing_verdict("awaiting_review"))

    review(desk, 2, "return", "库存不平")

    assert desk.states() == ["accepted", "returned"]
    assert [(r.action, r.reason, r.account) for r in desk.registry.reviews(2)] == [
        ("return", "库存不平", "steward")
    ]


def test_a_withdrawal_leaves_nothing_in_force(desk: Desk) -> None:
    desk.file("first", filing_verdict())
    desk.file("second", filing_verdict())

    review(desk, 2, "withdraw")

    assert desk.states() == ["superseded", "withdrawn"]
    assert desk.registry.filings_in_force() == ()
    assert desk.registry.filing(2).withdrawn_at == desk.now


def test_bytes_that_were_withdrawn_may_be_sent_again(desk: Desk) -> None:
    receipt = desk.file("a", filing_verdict())
    review(desk, 1, "withdraw")

    desk.send("a")
    desk.decide(desk.checked(receipt, filing_verdict()))

    assert desk.states() == ["withdrawn", "accepted"]


@pytest.mark.parametrize(
    ("state", "action"),
    [
        ("accepted", "accept"),
        ("accepted", "return"),
        ("returned", "accept"),
        ("awaiting_review", "withdraw"),
    ],
)
def test_a_review_of_a_filing_in_another_state_is_refused_in_both_languages(
    desk: Desk, state: str, action: ReviewAction
) -> None:
    desk.file("a", filing_verdict(state))

    with pytest.raises(ReviewRefused) as refused:
        review(desk, 1, action)

    assert "申报 1" in refused.value.words.zh
    assert "Filing 1 is" in refused.value.words.en
    assert desk.states() == [state]
    assert desk.registry.reviews(1) == ()


def test_a_review_wants_a_reason(desk: Desk) -> None:
    desk.file("a", filing_verdict("awaiting_review"))

    with pytest.raises(ReviewRefused, match="reason"):
        review(desk, 1, "accept", "  ")

    assert desk.states() == ["awaiting_review"]


def test_a_firm_may_not_review_its_own_filing(desk: Desk) -> None:
    desk.registry.ensure_firm_accounts([(FIRM, "甲厂", None)], desk.now)
    desk.file("a", filing_verdict("awaiting_review"))

    with pytest.raises(ReviewRefused, match="steward"):
        review(desk, 1, "accept", who=FIRM)
    with pytest.raises(UnknownAccount):
        review(desk, 1, "accept", who="nobody")


def test_a_review_of_nothing_says_so(desk: Desk) -> None:
    with pytest.raises(UnknownFiling, match="99"):
        review(desk, 99, "accept")


def test_two_stewards_reviewing_at_once_decide_once(desk: Desk) -> None:
    desk.file("a", filing_verdict("awaiting_review"))
    review(desk, 1, "accept")

    with pytest.raises(ReviewRefused):
        review(desk, 1, "return")

    assert desk.states() == ["accepted"]


def test_a_review_is_in_the_log_under_the_stewards_name(desk: Desk) -> None:
    desk.file("a", filing_verdict("awaiting_review"))
    before = desk.registry.filings_changed_since(0).revision
    review(desk, 1, "accept", "产量与用电相符")

    (event,) = desk.registry.events(subject="filing 1")
    assert (event.actor, event.kind) == ("steward", "filing.review.accept")
    assert event.payload["reason"] == "产量与用电相符"
    assert [f.id for f in desk.registry.filings_changed_since(before).filings] == [1]


def test_what_waits_for_review_is_listed_oldest_first(desk: Desk) -> None:
    desk.file("a", filing_verdict("awaiting_review"))
    desk.file("b", filing_verdict("awaiting_review", period=date(2026, 9, 1)))

    assert [filing.id for filing in desk.registry.waiting_reviews()] == [1, 2]
