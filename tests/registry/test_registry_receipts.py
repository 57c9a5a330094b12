from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from registry_desk import FIRM, OTHER_FIRM, Desk, filing_verdict, make_finding

from greenmfg.contract.forms import Words
from greenmfg.records import Receipt, Refusal, SubmissionState
from greenmfg.registry import (
    CheckFailed,
    Incoming,
    Registry,
    UnknownAccount,
    UnknownSubmission,
    Unreadable,
    open_registry,
)
from greenmfg.settings import Settings

REFUSAL = Refusal(
    "R-PICTURE", Words("这是一张图片", "This is a picture"), Words("请报表格", "File a table")
)


def test_receipts_are_numbered_without_gaps_in_the_order_of_arrival(desk: Desk) -> None:
    receipts = [desk.send("a"), desk.send("b"), desk.send("c")]

    assert [one.number for one in receipts] == ["S00000001", "S00000002", "S00000003"]
    assert [one.receipt for one in desk.registry.waiting()] == [one.number for one in receipts]


def test_the_same_bytes_from_the_same_account_get_the_same_receipt(desk: Desk) -> None:
    first = desk.send("a")
    again = desk.send("a")

    assert (again.number, again.received_at, again.again) == (
        first.number,
        first.received_at,
        True,
    )
    assert len(desk.registry.waiting()) == 1


def test_a_file_name_in_another_encoding_gets_its_receipt(desk: Desk) -> None:
    name = "能源.csv".encode("gb18030").decode("utf-8", "surrogateescape")

    receipt = desk.registry.receive("steward", "inbox", name, "a" * 64, 1, "raw", desk.now)

    assert desk.registry.submission(receipt.number).file_name.endswith(".csv")


def test_the_same_bytes_from_two_accounts_are_two_submissions(desk: Desk) -> None:
    desk.registry.ensure_firm_accounts([(FIRM, "甲厂", "a@firm.example")], desk.now)

    assert desk.send("a").number != desk.send("a", account=FIRM).number


def test_a_stranger_gets_no_receipt_and_is_told_how_accounts_come_to_be(desk: Desk) -> None:
    with pytest.raises(UnknownAccount, match="USCC"):
        desk.send("a", account="nobody")

    assert desk.registry.submissions() == ()


def test_a_file_given_twice_in_one_call_is_one_submission(desk: Desk) -> None:
    one = Incoming("steward", "inbox", "a.csv", "f" * 64, 3, "raw/a")

    first, again = desk.registry.receive_many([one, one], desk.now)

    assert (first.again, again.again) == (False, True)
    assert first.number == again.number
    assert len(desk.registry.waiting()) == 1


def test_bytes_whose_filings_are_all_in_force_are_not_checked_again(desk: Desk) -> None:
    desk.file("a", filing_verdict(), filing_verdict(subject=OTHER_FIRM))

    assert desk.send("a").again
    assert desk.registry.waiting() == ()


@pytest.mark.parametrize("state", ["returned", "awaiting_review"])
def test_bytes_whose_filing_is_not_in_force_are_checked_again(desk: Desk, state: str) -> None:
    receipt = desk.file("a", filing_verdict(), filing_verdict(state, subject=OTHER_FIRM))

    assert desk.send("a").again

    waiting = desk.registry.submission(receipt.number)
    assert (waiting.state, waiting.attempt) == (SubmissionState.RECEIVED, 2)
    assert [one.state.value for one in desk.registry.attempts(receipt.number)] == [
        "checked",
        "received",
    ]


def test_a_row_without_a_subject_makes_the_same_bytes_worth_another_check(desk: Desk) -> None:
    receipt = desk.send("a")
    desk.decide(desk.checked(receipt, filing_verdict(), unattached=(make_finding(),)))

    desk.send("a")

    assert [one.receipt for one in desk.registry.waiting()] == [receipt.number]


def test_a_warning_without_a_subject_does_not(desk: Desk) -> None:
    receipt = desk.send("a")
    desk.decide(desk.checked(receipt, filing_verdict(), unattached=(make_finding("warning"),)))

    desk.send("a")

    assert desk.registry.waiting() == ()


def test_an_unreadable_file_sent_again_is_looked_at_again(desk: Desk) -> None:
    receipt = desk.send("a")
    desk.decide(desk.other(receipt, Unreadable(REFUSAL)))
    assert desk.registry.submission(receipt.number).refusal == REFUSAL

    desk.send("a")

    again = desk.registry.submission(receipt.number)
    assert (again.state, again.refusal) == (SubmissionState.RECEIVED, None)


def test_a_check_that_failed_on_our_side_is_retried_without_losing_its_place(desk: Desk) -> None:
    old = desk.send("old")
    desk.decide(desk.other(old, CheckFailed("disk full")))
    desk.file("correction", filing_verdict())

    an_hour_ago = desk.later() - timedelta(hours=1)
    assert desk.registry.retry_failed(desk.now, failed_before=an_hour_ago) == ()
    assert desk.registry.retry_failed(desk.now) == (old.number,)
    desk.decide(desk.checked(old, filing_verdict()))

    assert [(f.receipt, f.state.value) for f in desk.registry.filings()] == [
        ("S00000002", "accepted"),
        ("S00000001", "superseded"),
    ]
    assert desk.registry.attempts(old.number)[0].failure == "disk full"


def test_init_sending_its_tables_again_does_not_unseat_what_a_steward_filed_since(
    desk: Desk,
) -> None:
    table = filing_verdict(form="energy_coefficients", subject="energy_coefficients", period=None)
    packaged = desk.send("packaged", account="system", channel="init")
    desk.decide(desk.checked(packaged, table))
    desk.file("newer edition", table)

    desk.send("packaged", account="system", channel="init")

    assert desk.registry.waiting() == ()


def test_an_upserted_table_sent_again_after_a_newer_one_counts_again(desk: Desk) -> None:
    table = filing_verdict(form="energy_coefficients", subject="energy_coefficients", period=None)
    first = desk.file("first", table)
    desk.file("second", table)

    desk.send("first")

    assert [one.receipt for one in desk.registry.waiting()] == [first.number]


def test_an_unknown_receipt_says_so(registry: Registry) -> None:
    with pytest.raises(UnknownSubmission, match="S00000099"):
        registry.submission("S00000099")


def test_two_threads_receiving_the_same_bytes_share_one_receipt(settings: Settings) -> None:
    open_registry(settings, create=True).close()
    start = threading.Barrier(4)
    receipts: list[Receipt] = []

    def receive() -> None:
        with open_registry(settings) as registry:
            start.wait()
            now = datetime(2026, 11, 1, tzinfo=UTC)
            receipts.append(registry.receive("steward", "cli", "a", "e" * 64, 1, "raw/a", now))

    threads = [threading.Thread(target=receive) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {one.number for one in receipts} == {"S00000001"}
    assert sorted(one.again for one in receipts) == [False, True, True, True]


RECEIVE = """
import sys
from datetime import UTC, datetime, timedelta
from greenmfg.registry import open_registry
from greenmfg.settings import Settings

registry = open_registry(Settings.from_environment())
print("ready", flush=True)
sys.stdin.readline()
now = datetime(2026, 11, 1, tzinfo=UTC)
for n in range(20):
    one = registry.receive("steward", "inbox", f"{n}.csv", f"{n:064d}", 1, "raw", now)
    print(one.number, one.again)
"""


def test_two_processes_receiving_the_same_files_share_their_receipts(
    settings: Settings, tmp_path: Path
) -> None:
    open_registry(settings, create=True).close()
    environment = {
        "GREENMFG_HOME": str(tmp_path),
        "GREENMFG_REGISTRY_URL": settings.registry_url,
        "PYTHONPATH": ":".join(sys.path),
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RECEIVE],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    answers = []
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        output, _ = process.communicate()
        assert process.returncode == 0
        answers.append([line.split() for line in output.splitlines()])

    assert [a[0] for a in answers[0]] == [b[0] for b in answers[1]]
    first_ones = [[again for _, again in pair] for pair in zip(*answers, strict=True)]
    assert all(sorted(pair) == ["False", "True"] for pair in first_ones)
