from __future__ import annotations

from registry_desk import FIRM, OTHER_FIRM, Desk

from greenmfg.records import Account
from greenmfg.registry import Registry


def test_a_firm_of_the_register_gets_an_account_for_itself_alone(desk: Desk) -> None:
    new = desk.registry.ensure_firm_accounts([(FIRM, "甲厂", "a@firm.example")], desk.now)

    assert new == (FIRM,)
    account = desk.registry.account(FIRM)
    assert account == Account(FIRM, "firm", frozenset({FIRM}), "a@firm.example")
    assert not account.may_file_for(OTHER_FIRM)
    assert desk.registry.display_names()[FIRM] == "甲厂"


def test_a_register_row_seen_again_changes_and_logs_nothing(desk: Desk) -> None:
    rows = [(FIRM, "甲厂", "a@firm.example")]
    desk.registry.ensure_firm_accounts(rows, desk.now)
    events = desk.registry.events()

    assert desk.registry.ensure_firm_accounts(rows, desk.now) == ()
    assert desk.registry.events() == events


def test_a_new_contact_in_the_register_renews_the_account(desk: Desk) -> None:
    desk.registry.ensure_firm_accounts([(FIRM, "甲厂", "a@firm.example")], desk.now)

    changed = desk.registry.ensure_firm_accounts(
        [(FIRM, "甲厂", "b@firm.example"), (OTHER_FIRM, "乙厂", None)], desk.now
    )

    assert set(changed) == {FIRM, OTHER_FIRM}
    assert desk.registry.account(FIRM).email == "b@firm.example"


def test_an_agent_files_for_the_firms_it_lists(registry: Registry, desk: Desk) -> None:
    agent = registry.ensure_account(
        "park-agent", "agent", enterprises=[FIRM], email="p@park.example", now=desk.now
    )

    assert agent.may_file_for(FIRM)
    assert not agent.may_file_for(OTHER_FIRM)
