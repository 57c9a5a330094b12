from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from greenmfg.access import (
    AccessError,
    Door,
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
    _fail(door, 5, OFFICE)
    assert isinstance(door.login("officer", PASSWORD, OFFICE), TooManyAttempts)
    _signed_in(door, device=device)


def test_a_known_browser_is_throttled_by_itself_and_for_its_own_account_only(
    door: Door,
) -> None:
    device = _signed_in(door).device
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
    made = ensure_demo_people(settings, [FIRM])
    assert made == ensure_demo_people(settings, [FIRM])
    assert [role for _, _, role in made] == ["officer", "steward", "administrator", "firm"]
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
