from __future__ import annotations

from dataclasses import replace

from registry_desk import Desk, filing_verdict

from greenmfg.records import Explanation, Receipt
from greenmfg.registry import CheckFailed, Incoming

STOCK = Explanation("E120", 3, "opening_stock", "盘点差异，已附盘点表")
PRICE = Explanation("E110", 4, "purchase_cost_1k_cny", "合同价调整")


def _send(desk: Desk, *explanations: Explanation) -> Receipt:
    one = Incoming("steward", "portal", "a.csv", "a" * 64, 1, "raw/a", explanations=explanations)
    return desk.registry.receive_many([one], desk.later())[0]


def _of(desk: Desk, receipt: Receipt) -> tuple[Explanation, ...]:
    attempt = desk.registry.submission(receipt.number).attempt_id
    return desk.registry.explanations([attempt]).get(attempt, ())


def test_explanations_come_with_the_file_and_are_on_record(desk: Desk) -> None:
    receipt = _send(desk, STOCK, PRICE)

    assert _of(desk, receipt) == (STOCK, PRICE)
    (event,) = desk.registry.events(subject=receipt.number)
    assert event.payload["explanations"][0]["reason"] == STOCK.reason


def test_the_same_file_twice_while_it_waits_is_one_receipt_with_the_last_reasons(
    desk: Desk,
) -> None:
    first = _send(desk, STOCK)
    again = _send(desk, replace(STOCK, reason="更正后的说明"))

    assert again.number == first.number
    assert len(desk.registry.waiting()) == 1
    assert [one.reason for one in _of(desk, again)] == ["更正后的说明"]
    kinds = [event.kind for event in desk.registry.events(subject=first.number)]
    assert kinds == ["submission.received", "submission.explained"]


def test_a_plain_repetition_takes_nothing_away_while_the_file_waits(desk: Desk) -> None:
    receipt = _send(desk, STOCK)
    _send(desk)

    assert _of(desk, receipt) == (STOCK,)


def test_a_file_that_awaits_review_is_checked_again_with_the_reasons_given_now(desk: Desk) -> None:
    receipt = _send(desk)
    desk.decide(desk.checked(receipt, filing_verdict("awaiting_review")))

    _send(desk, STOCK)

    assert desk.registry.submission(receipt.number).attempt == 2
    assert _of(desk, receipt) == (STOCK,)


def test_our_own_failure_loses_no_reason(desk: Desk) -> None:
    receipt = _send(desk, STOCK)
    desk.decide(desk.other(receipt, CheckFailed("disk")))

    desk.registry.retry_failed(desk.later())

    assert desk.registry.submission(receipt.number).attempt == 2
    assert _of(desk, receipt) == (STOCK,)
