"""The administrator's commands: people, agents, keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from greenmfg.access import SignedIn, open_desk, open_door, open_keyring
from greenmfg.cli.accounts import account, key
from greenmfg.cli.common import known_trouble
from greenmfg.pipeline import deciding, founding
from greenmfg.pipeline.receiving import Arrival, receive
from greenmfg.pipeline.workshop import workshop
from greenmfg.settings import Settings

SAMPLES = Path(__file__).parent.parent / "samples"
SHIPS, POTS = "91310151MA00000013", "91310151MA00000026"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home in which the sample firms are registered."""
    folder = tmp_path_factory.mktemp("accounts") / "home"
    made = Settings.from_environment({"GREENMFG_HOME": str(folder), "GREENMFG_TODAY": "2026-11-23"})
    founding.prepare_home(made)
    with workshop(made, create=True) as shop:
        founding.found(shop)
        register = (SAMPLES / "register.csv").read_bytes()
        receive(shop, [Arrival("steward", "register.csv", register)], "cli")
        deciding.decide_waiting(shop)
    return made


def call(settings: Settings, command: object, *arguments: str) -> Result:
    environment = {"GREENMFG_HOME": str(settings.home), "GREENMFG_TODAY": "2026-11-23"}
    return CliRunner().invoke(command, list(arguments), env=environment)  # type: ignore[arg-type]


def test_a_new_account_signs_in_once_and_must_change_its_password(settings: Settings) -> None:
    made = call(settings, account, "add", "wang", "--role", "officer", "--name", "王建国", "--json")
    password = json.loads(made.stdout)["password"]
    entered = open_door(settings).login("wang", password, "10.0.0.1")
    assert isinstance(entered, SignedIn)
    assert entered.person.must_change_password
    assert entered.person.display_name.zh == "王建国"


def test_a_firm_may_have_several_clerks(settings: Settings) -> None:
    for login in ("clerk-a", "clerk-b"):
        assert (
            call(settings, account, "add", login, "--role", "firm", "--uscc", SHIPS).exit_code == 0
        )
    listed = json.loads(call(settings, account, "list", "--json").stdout)["people"]
    assert {one["login"] for one in listed if one["uscc"] == SHIPS} == {"clerk-a", "clerk-b"}


def test_a_closed_account_is_out_at_once_and_a_reset_one_has_a_new_password(
    settings: Settings,
) -> None:
    door = open_door(settings)
    made = call(settings, account, "add", "zhao", "--role", "steward", "--json")
    first = json.loads(made.stdout)["password"]
    entered = door.login("zhao", first, "10.0.0.2")
    assert isinstance(entered, SignedIn)
    assert "已停用" in call(settings, account, "close", "zhao").stdout
    assert door.who(entered.token) is None
    call(settings, account, "reopen", "zhao")
    second = json.loads(call(settings, account, "reset", "zhao", "--json").stdout)["password"]
    assert second != first
    assert isinstance(door.login("zhao", second, "10.0.0.2"), SignedIn)


def test_a_code_that_no_register_row_has_gets_neither_account_nor_key(settings: Settings) -> None:
    wrong = "91350100M000100Y43"
    calls = [
        call(settings, account, "add", "who", "--role", "firm", "--uscc", wrong),
        call(settings, account, "agent", "park", "--for", wrong),
        call(settings, key, "new", wrong, "--label", "ERP"),
    ]
    for done in calls:
        assert done.exit_code != 0
        assert "名录中没有这家企业" in str(known_trouble(done.exception))
    assert open_door(settings).person("who") is None


def test_an_agent_files_for_the_firms_named_and_for_no_others(settings: Settings) -> None:
    assert call(settings, account, "agent", "changxing", "--for", SHIPS).exit_code == 0
    with workshop(settings) as shop:
        agent = shop.registry.account("changxing", settings.now())
    assert agent.may_file_for(SHIPS)
    assert not agent.may_file_for(POTS)
    taken = call(settings, account, "agent", "steward", "--for", SHIPS)
    assert "已是其他账户的名称" in str(known_trouble(taken.exception))
    assert call(settings, account, "agent", "changxing", "--for", POTS).exit_code == 0
    assert call(settings, account, "revoke", "changxing", SHIPS).exit_code == 0
    with workshop(settings) as shop:
        assert shop.registry.account("changxing", settings.now()).enterprises == {POTS}


def test_every_act_at_the_command_line_is_in_the_event_log_with_who(settings: Settings) -> None:
    call(settings, account, "agent", "baozhen", "--for", SHIPS, "--until", "2026-12-31")
    call(settings, account, "add", "bao", "--role", "agent", "--agent", "baozhen")
    call(settings, account, "identity", "bao", "Bao@Park.example")
    call(settings, account, "reset", "bao")
    call(settings, account, "unlock", "bao")
    call(settings, account, "close", "bao")
    call(settings, account, "reopen", "bao")
    call(settings, account, "revoke", "baozhen", SHIPS)
    issued = json.loads(call(settings, key, "new", SHIPS, "--label", "ERP", "--json").stdout)
    call(settings, key, "revoke", issued["id"])
    # Accounts that follow the register by themselves take no place among the acts.
    with workshop(settings) as shop:
        new = ("91310151MA0000009X", "新厂", None)
        shop.registry.ensure_firm_accounts([new], settings.now())
    acts = open_desk(settings).acts(10)
    assert [(act.kind, act.subject) for act in reversed(acts)] == [
        ("grant.given", "baozhen"),
        ("person.opened", "bao"),
        ("person.identity", "bao"),
        ("person.password_reset", "bao"),
        ("person.unlocked", "bao"),
        ("person.closed", "bao"),
        ("person.reopened", "bao"),
        ("grant.revoked", "baozhen"),
        ("key.issued", f"key:{issued['id']}"),
        ("key.revoked", f"key:{issued['id']}"),
    ]
    assert all(act.actor.startswith("cli:") for act in acts)
    listed = json.loads(call(settings, account, "list", "--json").stdout)
    (line,) = [one for one in listed["people"] if one["login"] == "bao"]
    assert (line["agent"], line["identity"]) == ("baozhen", "bao@park.example")


def test_a_key_is_shown_once_listed_and_revoked(settings: Settings) -> None:
    made = json.loads(call(settings, key, "new", SHIPS, "--label", "ERP", "--json").stdout)
    ring = open_keyring(settings)
    assert ring.of_secret(made["secret"]) is not None
    listed = call(settings, key, "list", "--uscc", SHIPS).stdout
    assert made["id"] in listed
    assert made["secret"] not in listed
    assert call(settings, key, "revoke", made["id"]).exit_code == 0
    assert ring.of_secret(made["secret"]) is None
    assert "已吊销" in call(settings, key, "list").stdout
