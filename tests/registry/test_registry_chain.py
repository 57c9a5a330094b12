"""Receipts form a chain: one that is altered, taken out or put in is found and named."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from registry_desk import Desk

from greenmfg.registry import Incoming, Registry, UnknownSubmission, open_registry
from greenmfg.registry.chain import ROOT, BrokenLink, ReceiptFacts, link_hash
from greenmfg.registry.engine import make_engine
from greenmfg.settings import Settings

FACTS = ReceiptFacts(
    "S00000001", "steward", "cli", "a.csv", "a" * 64, 1, datetime(2026, 11, 23, 2, tzinfo=UTC)
)


def tamper(settings: Settings, statement: str) -> None:
    """As somebody with the database in hand: no trigger stands in the way."""
    with make_engine(settings.registry_url).begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("pragma defer_foreign_keys = on")
            for trigger in ("receipt_link_refuses_update", "receipt_link_refuses_delete"):
                connection.exec_driver_sql(f"drop trigger if exists {trigger}")
        else:
            connection.exec_driver_sql("alter table receipt_link disable trigger all")
        for one in statement.split(";"):
            connection.exec_driver_sql(one)


def test_a_chain_that_nobody_touched_holds(desk: Desk) -> None:
    assert desk.registry.first_broken_receipt() is None
    for name in "abcab":
        desk.send(name)
    assert desk.registry.first_broken_receipt() is None


def test_a_hash_covers_the_receipts_own_facts_and_the_hash_before_it(desk: Desk) -> None:
    first, second = desk.send("a"), desk.send("b")
    previous = ROOT
    for receipt in (first, second):
        submission = desk.registry.submission(receipt.number)
        facts = ReceiptFacts(
            receipt.number,
            receipt.account,
            submission.channel,
            receipt.file_name,
            receipt.sha256,
            receipt.size,
            receipt.received_at,
        )
        previous = link_hash(previous, facts)
        assert desk.registry.receipt_hash(receipt.number) == previous


def test_the_rule_of_the_chain_never_changes() -> None:
    assert link_hash(ROOT, FACTS) == (
        "eebcd020ae2efeb5c0eae7063b8af7a76ebb4141b6fcfebc9bb6d2a3183d4601"
    )


def test_the_same_instant_in_another_zone_has_the_same_hash() -> None:
    from zoneinfo import ZoneInfo

    local = FACTS.received_at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert link_hash(ROOT, FACTS) == link_hash(
        ROOT, ReceiptFacts(*list(vars(FACTS).values())[:-1], local)
    )


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("update submission set file_name = 'other.csv' where id = 2", "S00000002"),
        (f"update submission set sha256 = '{'f' * 64}' where id = 2", "S00000002"),
        ("update submission set size = size + 1 where id = 1", "S00000001"),
        (f"update receipt_link set hash = '{'f' * 64}' where submission_id = 3", "S00000003"),
        ("delete from receipt_link where submission_id = 2", "S00000002"),
    ],
)
def test_the_first_receipt_that_was_altered_is_named(
    desk: Desk, settings: Settings, change: str, broken: str
) -> None:
    for name in "abcd":
        desk.send(name)
    tamper(settings, change)
    assert desk.registry.first_broken_receipt() == BrokenLink(broken, missing=False)


def test_a_receipt_taken_out_of_the_middle_breaks_the_next_one(
    desk: Desk, settings: Settings
) -> None:
    for name in "abcd":
        desk.send(name)
    tamper(settings, _deletion(2))
    assert desk.registry.first_broken_receipt() == BrokenLink("S00000003", missing=False)


def test_the_newest_receipt_taken_away_is_missed_by_the_event_log(
    desk: Desk, settings: Settings
) -> None:
    for name in "abcd":
        desk.send(name)
    tamper(settings, _deletion(4))
    assert desk.registry.first_broken_receipt() == BrokenLink("S00000004", missing=True)


def _deletion(submission: int) -> str:
    return (
        f"delete from receipt_link where submission_id = {submission};"
        f"delete from attempt where submission_id = {submission};"
        f"delete from submission where id = {submission}"
    )


def test_the_chain_refuses_to_be_changed_by_the_way(desk: Desk, settings: Settings) -> None:
    desk.send("a")
    for change in ("update receipt_link set hash = 'x'", "delete from receipt_link"):
        with (
            pytest.raises(sa.exc.DBAPIError, match="append-only"),
            make_engine(settings.registry_url).begin() as connection,
        ):
            connection.exec_driver_sql(change)


def test_receipts_given_at_once_keep_one_chain(settings: Settings, registry: Registry) -> None:
    now = datetime(2026, 11, 23, 2, tzinfo=UTC)

    def send(sender: int) -> None:
        with open_registry(settings) as own:
            for number in range(6):
                digest = f"{sender}{number}".ljust(64, "0")
                one = Incoming("steward", "cli", f"{sender}-{number}.csv", digest, 1, "raw")
                own.receive_many([one], now + timedelta(seconds=number))

    threads = [threading.Thread(target=send, args=(sender,)) for sender in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(registry.submissions()) == 24
    assert registry.first_broken_receipt() is None
    assert len({registry.receipt_hash(one.receipt) for one in registry.submissions()}) == 24


def test_receipts_of_an_older_registry_are_linked_when_it_is_migrated(
    desk: Desk, settings: Settings
) -> None:
    name = "能源.csv".encode("gb18030").decode("utf-8", "surrogateescape")
    desk.registry.receive("steward", "inbox", name, "f" * 64, 1, "raw", desk.now)
    numbers = [desk.send(name).number for name in "abc"]
    before = [desk.registry.receipt_hash(number) for number in numbers]
    with make_engine(settings.registry_url).begin() as connection:
        connection.exec_driver_sql("drop table receipt_link")
        connection.exec_driver_sql("drop table agent_grant")
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("drop function receipt_link_is_append_only")
        connection.exec_driver_sql("update alembic_version set version_num = '0002'")

    with open_registry(settings, create=True) as migrated:
        assert migrated.first_broken_receipt() is None
        assert [migrated.receipt_hash(number) for number in numbers] == before


def test_an_unknown_receipt_has_no_hash(registry: Registry) -> None:
    with pytest.raises(UnknownSubmission):
        registry.receipt_hash("S00000099")
