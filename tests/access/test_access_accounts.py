from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from greenmfg.access import (
    AccessError,
    Door,
    Identity,
    Person,
    Role,
    SignedIn,
    TooManyAttempts,
    WrongPassword,
    digest,
    ensure_demo_people,
    open_door,
)
from greenmfg.access.database import VERSION_TABLE, engine_of, upgrade
from greenmfg.access.tables import metadata, person, session
from greenmfg.contract.forms import Words
from greenmfg.settings import Settings

PASSWORD = "quiet-river-seven-boats"
NEW_PASSWORD = "another-long-phrase-42"
FIRM = "91350100M000100Y43"
OFFICE = "10.0.0.7"
STRANGER = "203.0.113.9"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(tmp_path: Path, clock: Clock) -> Door:
    engine = engine_of(f"sqlite:///{tmp_path}/registry.sqlite")
    upgrade(engine)
    opened = Door(engine, clock)
    opened.create_person(_officer(), PASSWORD)
    return opened


def _officer(login: str = "officer") -> Person:
    return Person(login, Words(zh="周建国", en="Zhou Jianguo"), Role.OFFICER, None)


def _signed_in(door: Door, password: str = PASSWORD, **given: str) -> SignedIn:
    entered = door.login("officer", password, **{"address": OFFICE, **given})
    assert isinstance(entered, SignedIn)
    return entered


def test_a_session_opens_with_the_right_password_and_knows_who_it_is(door: Door) -> None:
    entered = _signed_in(door)
    assert door.who(entered.token) == _officer()


def test_an_unknown_account_and_a_wrong_password_get_the_same_answer(door: Door) -> None:
    assert door.login("officer", "wrong", OFFICE) == WrongPassword()
    assert door.login("nobody", "wrong", OFFICE) == WrongPassword()


def test_an_unknown_account_costs_as_many_hash_verifications_as_a_known_one(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    from greenmfg.access import passwords

    verified: list[str] = []

    class Counting:
        @staticmethod
        def verify(password_hash: str, password: str) -> bool:
            verified.append(password_hash)
            return False

    monkeypatch.setattr(passwords, "_HASHER", Counting)
    door.login("officer", "wrong", OFFICE)
    door.login("nobody", "wrong", OFFICE)
    assert len(verified) == 2
    parameters = {hashed.rsplit("$", 2)[0] for hashed in verified}
    assert parameters == {"$argon2id$v=19$m=19456,t=2,p=1"}


def test_only_the_digest_of_a_token_is_stored(door: Door, tmp_path: Path) -> None:
    entered = _signed_in(door)
    with engine_of(f"sqlite:///{tmp_path}/registry.sqlite").connect() as connection:
        stored = connection.execute(select(session.c.token_sha256)).scalars().all()
        hashes = connection.execute(select(person.c.password_hash)).scalars().all()
    assert stored == [digest(entered.token)]
    assert all(PASSWORD not in hashed for hashed in hashes)


def test_each_sign_in_gets_a_fresh_token(door: Door) -> None:
    assert _signed_in(door).token != _signed_in(door).token


def test_a_session_ends_after_thirty_idle_minutes(door: Door, clock: Clock) -> None:
    token = _signed_in(door).token
    clock.forward(minutes=29)
    assert door.who(token) is not None
    clock.forward(minutes=29)
    assert door.who(token) is not None
    clock.forward(minutes=31)
    assert door.who(token) is None


def test_a_session_ends_after_twelve_hours_however_busy(door: Door, clock: Clock) -> None:
    token = _signed_in(door).token
    for _ in range(36):
        clock.forward(minutes=20)
        assert door.who(token) is not None
    clock.forward(minutes=1)
    assert door.who(token) is None


def test_signing_out_ends_the_session_and_only_this_one(door: Door) -> None:
    here, elsewhere = _signed_in(door).token, _signed_in(door).token
    door.logout(here)
    assert door.who(here) is None
    assert door.who(elsewhere) is not None
    door.logout("never issued")
    door.logout(None)


def test_a_closed_account_loses_its_sessions_and_cannot_sign_in(door: Door) -> None:
    token = _signed_in(door).token
    door.set_active("officer", False)
    assert door.who(token) is None
    assert door.login("officer", PASSWORD, OFFICE) == WrongPassword()
    door.set_active("officer", True)
    assert isinstance(door.login("officer", PASSWORD, OFFICE), SignedIn)


def test_a_new_password_ends_every_session_and_replaces_the_old_one(door: Door) -> None:
    token = _signed_in(door).token
    door.set_password("officer", NEW_PASSWORD)
    assert door.who(token) is None
    assert door.login("officer", PASSWORD, OFFICE) == WrongPassword()
    _signed_in(door, NEW_PASSWORD)


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaaaaaa", "my-officer-password", "x" * 129])
def test_a_weak_password_is_refused_in_words(door: Door, weak: str) -> None:
    with pytest.raises(AccessError) as refused:
        door.set_password("officer", weak)
    assert refused.value.words.zh
    assert refused.value.words.en


def test_a_login_is_taken_once(door: Door) -> None:
    with pytest.raises(AccessError, match="taken"):
        door.create_person(_officer(), PASSWORD)


def test_a_firm_account_names_its_enterprise_and_no_other_account_does(door: Door) -> None:
    nameless = Person("a-firm", Words(zh="企业", en="Firm"), Role.FIRM, None)
    with pytest.raises(AccessError, match="USCC"):
        door.create_person(nameless, PASSWORD)
    greedy = Person("other", Words(zh="甲", en="A"), Role.OFFICER, FIRM)
    with pytest.raises(AccessError, match="USCC"):
        door.create_person(greedy, PASSWORD)


def _fail(door: Door, times: int, address: str, login: str = "officer") -> None:
    for _ in range(times):
        assert door.login(login, "wrong", address) == WrongPassword()


def test_the_sixth_failure_in_a_row_has_to_wait_and_each_wait_is_longer(
    door: Door, clock: Clock
) -> None:
    _fail(door, 5, STRANGER)
    waits = []
    for _ in range(4):
        refused = door.login("officer", "wrong", STRANGER)
        assert isinstance(refused, TooManyAttempts)
        waits.append(refused.retry_after_seconds)
        clock.forward(seconds=refused.retry_after_seconds)
        _fail(door, 1, STRANGER)
    assert waits == [2, 4, 8, 16]


def test_the_right_password_also_waits_so_that_guessing_gains_nothing(door: Door) -> None:
    _fail(door, 5, STRANGER)
    assert isinstance(door.login("officer", PASSWORD, STRANGER), TooManyAttempts)


def test_a_stranger_failing_elsewhere_does_not_keep_the_owner_out(door: Door, clock: Clock) -> None:
    for _ in range(60):
        door.login("officer", "wrong", STRANGER)
        clock.forward(seconds=1)
    _signed_in(door, address=OFFICE)


def test_a_colleague_behind_the_same_address_does_not_keep_a_known_browser_out(
    door: Door,
) -> None:
    device = _signed_in(door).device
    assert device is not None
    _fail(door, 5, OFFICE)
    assert isinstance(door.login("officer", PASSWORD, OFFICE), TooManyAttempts)
    _signed_in(door, device=device)


def test_a_known_browser_is_throttled_by_itself_and_for_its_own_account_only(
    door: Door,
) -> None:
    device = _signed_in(door).device
    assert device is not None
    for _ in range(5):
        door.login("officer", "wrong", OFFICE, device)
    assert isinstance(door.login("officer", PASSWORD, OFFICE, device), TooManyAttempts)
    door.create_person(_officer("second"), PASSWORD)
    for _ in range(5):
        door.login("second", "wrong", STRANGER, device)
    assert isinstance(door.login("second", "wrong", STRANGER, device), TooManyAttempts)
    assert isinstance(door.login("second", "wrong", OFFICE), WrongPassword)


def test_trying_many_accounts_from_one_address_is_slowed_down(door: Door) -> None:
    answers = [door.login(f"guess{n}", "wrong", STRANGER) for n in range(40)]
    assert any(isinstance(answer, TooManyAttempts) for answer in answers)


def test_one_ipv6_site_counts_as_one_address(door: Door) -> None:
    for host in range(5):
        door.login("officer", "wrong", f"2001:db8:1:2::{host:x}")
    assert isinstance(door.login("officer", "wrong", "2001:db8:1:2::ffff"), TooManyAttempts)


def test_an_hour_later_the_failures_are_forgotten(door: Door, clock: Clock) -> None:
    _fail(door, 5, STRANGER)
    clock.forward(minutes=61)
    assert isinstance(door.login("officer", PASSWORD, STRANGER), SignedIn)


def test_the_migration_makes_the_tables_the_code_reads_and_runs_twice(tmp_path: Path) -> None:
    engine = engine_of(f"sqlite:///{tmp_path}/deep/down/registry.sqlite")
    upgrade(engine)
    upgrade(engine)
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_the_migration_leaves_the_registrys_own_version_alone(tmp_path: Path) -> None:
    engine = engine_of(f"sqlite:///{tmp_path}/registry.sqlite")
    with engine.begin() as connection:
        connection.execute(text("create table alembic_version (version_num varchar(32))"))
        connection.execute(text("insert into alembic_version values ('0007')"))
    upgrade(engine)
    with engine.connect() as connection:
        kept = connection.execute(text("select version_num from alembic_version")).scalars().all()
    assert kept == ["0007"]


def _settings(home: Path) -> Settings:
    return Settings.from_environment({"GREENMFG_HOME": str(home)})


def test_demonstration_accounts_open_and_stay_the_same_for_a_home(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    made = ensure_demo_people(settings, [FIRM], ["park"])
    assert made == ensure_demo_people(settings, [FIRM], ["park"])
    roles = [role for _, _, role in made]
    assert roles == ["officer", "steward", "administrator", "firm", "agent"]
    for login, password, _ in made:
        assert isinstance(open_door(settings).login(login, password, OFFICE), SignedIn)
    firm = open_door(settings).person(FIRM)
    assert firm is not None
    assert firm.tenant == FIRM


def test_demonstration_passwords_differ_between_homes_and_are_private(tmp_path: Path) -> None:
    here, there = _settings(tmp_path / "a"), _settings(tmp_path / "b")
    first, second = ensure_demo_people(here, []), ensure_demo_people(there, [])
    assert {p for _, p, _ in first}.isdisjoint({p for _, p, _ in second})
    file = here.home / "demo_accounts.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text("utf-8")) == {login: p for login, p, _ in first}


def test_a_changed_demonstration_password_is_set_back_to_the_printed_one(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    printed = {login: password for login, password, _ in ensure_demo_people(settings, [])}
    open_door(settings).set_password("officer", NEW_PASSWORD)
    ensure_demo_people(settings, [])
    entered = open_door(settings).login("officer", printed["officer"], OFFICE)
    assert isinstance(entered, SignedIn)


def test_an_older_homes_accounts_keep_their_passwords_over_the_upgrade(
    tmp_path: Path,
) -> None:
    from alembic import command
    from alembic.config import Config

    from greenmfg.access import database, passwords

    engine = engine_of(f"sqlite:///{tmp_path}/registry.sqlite")
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "access_0002")
        connection.execute(
            text(
                "insert into person values ('li', '李', 'Li', 'firm', :uscc, :hash, 0, 1,"
                " '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
            ),
            {"uscc": FIRM, "hash": passwords.hashed(PASSWORD)},
        )
        for table in ("session", "known_device"):
            rest = ", '2026-01-01 00:00:00', '10.0.0.7'" if table == "session" else ""
            connection.execute(
                text(f"insert into {table} values ('a', 'li', '2026-01-01 00:00:00'{rest})")
            )
    upgrade(engine)
    door = Door(engine)
    entered = door.login("li", PASSWORD, OFFICE)
    assert isinstance(entered, SignedIn)
    assert entered.person.tenant == FIRM
    door.create_person(_clerk(), PASSWORD)


def _clerk(login: str = "clerk", agent: str | None = "park") -> Person:
    return Person(login, Words(zh="代报员", en="Clerk"), Role.AGENT, None, agent=agent)


def test_an_agents_clerk_sees_no_firm_until_one_of_those_named_is_chosen(
    tmp_path: Path, clock: Clock
) -> None:
    named = {FIRM}
    engine = engine_of(f"sqlite:///{tmp_path}/registry.sqlite")
    upgrade(engine)
    door = Door(engine, clock, lambda agent: frozenset(named if agent == "park" else ()))
    door.create_person(_clerk(), PASSWORD)
    entered = door.login("clerk", PASSWORD, OFFICE)
    assert isinstance(entered, SignedIn)
    clerk = door.who(entered.token)
    assert clerk is not None
    assert not clerk.sees_every_firm
    with pytest.raises(AccessError, match="Choose on the page"):
        _ = clerk.tenant
    assert clerk.acting(FIRM).tenant == FIRM
    with pytest.raises(AccessError, match="no standing grant"):
        clerk.acting("91310151MA00000026")
    named.clear()
    revoked = door.who(entered.token)
    assert revoked is not None
    with pytest.raises(AccessError, match="no standing grant"):
        revoked.acting(FIRM)


def test_nobody_but_an_agents_clerk_chooses_a_firm(door: Door) -> None:
    officer = door.person("officer")
    assert officer is not None
    with pytest.raises(AccessError, match="no standing grant"):
        officer.acting(FIRM)
    for wrong in (_clerk(agent=None), replace(_officer("other"), agent="park")):
        with pytest.raises(AccessError, match="names the agent"):
            door.create_person(wrong, PASSWORD)


def test_an_identity_opens_the_account_it_was_given_and_no_other(door: Door) -> None:
    door.create_person(_officer("second"), PASSWORD)
    door.set_identity("second", "Zhou@Bureau.example")
    nobody = [
        Identity("s-1", None),
        Identity("s-1", "other@bureau.example"),
        # What only looks like a verified address is none.
        Identity("zhou@bureau.example", None),
    ]
    assert [door.enter(one, OFFICE) for one in nobody] == [None, None, None]
    entered = door.enter(Identity("s-1", "zhou@BUREAU.example"), OFFICE)
    assert entered is not None
    assert (entered.person.login, door.came_by_identity(entered.token)) == ("second", True)
    assert not door.came_by_identity(_signed_in(door).token)


def test_a_subject_is_kept_to_the_letter(door: Door) -> None:
    door.set_identity("officer", "AbC-1")
    assert door.enter(Identity("abc-1", None), OFFICE) is None
    assert door.enter(Identity("AbC-1", None), OFFICE) is not None


def test_who_comes_by_an_identity_is_not_asked_for_a_password_of_ours(door: Door) -> None:
    door.set_password("officer", NEW_PASSWORD, must_change=True)
    door.set_identity("officer", "s-1")
    entered = door.enter(Identity("s-1", None), OFFICE)
    assert entered is not None
    here = door.who(entered.token)
    assert here is not None
    assert not here.must_change_password
    by_password = door.who(_signed_in(door, NEW_PASSWORD).token)
    assert by_password is not None
    assert by_password.must_change_password


def test_an_identity_taken_away_or_an_account_closed_ends_its_sessions(door: Door) -> None:
    door.set_identity("officer", "s-1")
    first = door.enter(Identity("s-1", None), OFFICE)
    assert first is not None
    door.set_active("officer", False)
    assert door.who(first.token) is None
    assert door.enter(Identity("s-1", None), OFFICE) is None
    door.set_active("officer", True)
    second = door.enter(Identity("s-1", None), OFFICE)
    assert second is not None
    door.set_identity("officer", None)
    assert door.who(second.token) is None
    assert door.enter(Identity("s-1", None), OFFICE) is None


def test_an_identity_opens_one_account_only(door: Door) -> None:
    door.create_person(_officer("second"), PASSWORD)
    door.set_identity("officer", "a@b.example")
    with pytest.raises(AccessError, match="another account"):
        door.set_identity("second", "A@b.example")
    for unfit in ("", "  ", "a b", "x" * 255):
        with pytest.raises(AccessError, match="no identity"):
            door.set_identity("second", unfit)


def test_unlocking_an_account_ends_its_waiting_and_nobody_elses(door: Door) -> None:
    device = _signed_in(door).device
    assert device is not None
    door.create_person(_officer("officer2"), PASSWORD)
    for login in ("officer", "officer2"):
        _fail(door, 5, STRANGER, login)
    for _ in range(5):
        door.login("officer", "wrong", OFFICE, device)
    assert [line.throttled for line in door.accounts()] == [True, True]
    door.unlock("officer")
    assert [line.throttled for line in door.accounts()] == [False, True]
    _signed_in(door, address=STRANGER)
    _signed_in(door, device=device)
    assert isinstance(door.login("officer2", PASSWORD, STRANGER), TooManyAttempts)
    with pytest.raises(AccessError, match="no account"):
        door.unlock("nobody")


def test_the_list_of_accounts_counts_the_sessions_that_are_open(door: Door, clock: Clock) -> None:
    _signed_in(door)
    ended = _signed_in(door).token
    assert [line.sessions for line in door.accounts()] == [2]
    door.logout(ended)
    assert [line.sessions for line in door.accounts()] == [1]
    clock.forward(minutes=31)
    assert [line.sessions for line in door.accounts()] == [0]
