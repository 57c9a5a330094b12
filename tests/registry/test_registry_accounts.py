from __future__ import annotations

from datetime import date, timedelta

import pytest
from registry_desk import FIRM, OTHER_FIRM, Desk

from greenmfg.records import Account
from greenmfg.registry import GrantRefused, Registry, UnknownGrant


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


@pytest.fixture
def park(desk: Desk) -> Desk:
    """Two firms of the register, and an agent that may file for nobody yet."""
    desk.registry.ensure_firm_accounts([(FIRM, "甲厂", None), (OTHER_FIRM, "乙厂", None)], desk.now)
    desk.registry.ensure_agent("park", "p@park.example", "甲园区", "admin", desk.now)
    return desk


def test_an_agent_files_for_a_firm_while_its_grant_stands_and_no_longer(park: Desk) -> None:
    registry, given = park.registry, park.now
    assert registry.account("park", given).enterprises == frozenset()
    registry.grant("park", FIRM, None, "admin", given)
    assert registry.account("park", given).enterprises == {FIRM}

    ended = park.later(days=1)
    registry.revoke_grant("park", FIRM, "admin", ended)

    assert registry.account("park", ended).enterprises == frozenset()
    assert registry.account("park", ended - timedelta(seconds=1)).enterprises == {FIRM}
    [grant] = registry.grants("park")
    assert (grant.granted_by, grant.granted_at, grant.revoked_at) == ("admin", given, ended)


def test_a_grant_holds_through_its_last_day_in_the_districts_time(park: Desk) -> None:
    registry = park.registry
    registry.grant("park", FIRM, date(2026, 11, 2), "admin", park.now)
    # The district is eight hours ahead of UTC: its second of November ends at 16:00.
    assert registry.account("park", park.later(hours=31)).enterprises == {FIRM}
    assert registry.account("park", park.later(hours=1)).enterprises == frozenset()
    assert all(
        one.enterprises == frozenset() for one in registry.accounts(park.now) if one.kind == "agent"
    )


def test_granting_again_with_another_last_day_replaces_the_grant(park: Desk) -> None:
    registry = park.registry
    registry.grant("park", FIRM, date(2026, 11, 2), "admin", park.now)
    registry.grant("park", FIRM, date(2026, 11, 2), "admin", park.later())
    assert len(registry.grants("park")) == 1
    registry.grant("park", FIRM, None, "admin", park.later())
    assert [one.revoked_at is None for one in registry.grants("park")] == [False, True]
    assert registry.account("park", park.later(days=30)).enterprises == {FIRM}


def test_who_granted_and_revoked_is_in_the_event_log(park: Desk) -> None:
    park.registry.grant("park", FIRM, date(2026, 12, 31), "li", park.now)
    park.registry.revoke_grant("park", FIRM, "wang", park.later())
    told = [(e.actor, e.kind, e.payload) for e in park.registry.events(subject="park")]
    assert told[-2:] == [
        ("li", "grant.given", {"firm": FIRM, "until": "2026-12-31"}),
        ("wang", "grant.revoked", {"firm": FIRM}),
    ]


def test_what_cannot_be_granted_is_refused_with_what_to_do(park: Desk) -> None:
    registry, now = park.registry, park.now
    with pytest.raises(GrantRefused, match="Open the agent first"):
        registry.grant("nobody", FIRM, None, "admin", now)
    with pytest.raises(GrantRefused, match="no agent"):
        registry.grant(FIRM, OTHER_FIRM, None, "admin", now)
    with pytest.raises(GrantRefused, match="register row comes first"):
        registry.grant("park", "91310151MA0000003X", None, "admin", now)
    with pytest.raises(GrantRefused, match="Give today or later"):
        registry.grant("park", FIRM, date(2026, 10, 31), "admin", now)
    with pytest.raises(GrantRefused, match="another name"):
        registry.ensure_agent(FIRM, None, "甲", "admin", now)
    with pytest.raises(UnknownGrant, match="nothing to revoke"):
        registry.revoke_grant("park", FIRM, "admin", now)
    assert registry.grants() == ()


def test_renewing_an_agents_address_leaves_its_grants_alone(park: Desk) -> None:
    park.registry.grant("park", FIRM, None, "admin", park.now)
    renewed = park.registry.ensure_agent("park", "new@park.example", "甲园区", "li", park.later())
    assert (renewed.email, renewed.enterprises) == ("new@park.example", {FIRM})
