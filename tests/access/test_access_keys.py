"""Keys of firms' own systems."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from greenmfg.access import AccessError, Keyring
from greenmfg.access.database import engine_of, upgrade
from greenmfg.access.tables import api_key

FIRM, OTHER = "91350100M000100Y43", "91310151MA00000013"


class Clock:
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ring(tmp_path: Path, clock: Clock) -> Keyring:
    engine = engine_of(f"sqlite:///{tmp_path}/registry.sqlite")
    upgrade(engine)
    return Keyring(engine, clock)


def test_a_secret_opens_its_own_enterprise_until_it_expires(ring: Keyring, clock: Clock) -> None:
    made, secret = ring.issue(FIRM, " ERP ", "administrator", 30)
    assert (made.uscc, made.label, made.expires_at) == (FIRM, "ERP", clock.now + timedelta(days=30))
    found = ring.of_secret(secret)
    assert found is not None
    assert (found.id, found.uscc) == (made.id, FIRM)
    clock.now += timedelta(days=30)
    assert ring.of_secret(secret) is None


def test_a_revoked_key_opens_nothing_and_stays_listed(ring: Keyring, clock: Clock) -> None:
    made, secret = ring.issue(FIRM, "ERP", "administrator", 30)
    ring.revoke(made.id)
    first = ring.keys()[0].revoked_at
    clock.now += timedelta(days=1)
    ring.revoke(made.id)
    assert ring.of_secret(secret) is None
    assert [key.revoked_at for key in ring.keys(FIRM)] == [first]


def test_only_a_digest_of_the_secret_is_kept(ring: Keyring, tmp_path: Path) -> None:
    _, secret = ring.issue(FIRM, "ERP", "administrator", 30)
    with engine_of(f"sqlite:///{tmp_path}/registry.sqlite").connect() as connection:
        kept = connection.execute(select(api_key)).one()
    assert secret not in map(str, kept)
    assert ring.of_secret(kept.secret_sha256) is None


def test_the_last_use_is_written_once_a_minute_at_most(ring: Keyring, clock: Clock) -> None:
    _, secret = ring.issue(FIRM, "ERP", "administrator", 30)
    first = clock.now
    ring.of_secret(secret)
    clock.now += timedelta(seconds=30)
    ring.of_secret(secret)
    assert ring.keys()[0].used_at == first
    clock.now += timedelta(seconds=31)
    ring.of_secret(secret)
    assert ring.keys()[0].used_at == clock.now


def test_keys_are_listed_by_enterprise(ring: Keyring) -> None:
    ring.issue(FIRM, "ERP", "administrator", 30)
    ring.issue(OTHER, "MES", "administrator", 30)
    assert [key.label for key in ring.keys(OTHER)] == ["MES"]
    assert len(ring.keys()) == 2


@pytest.mark.parametrize(("label", "days"), [("", 30), ("x" * 81, 30), ("ERP", 0), ("ERP", 732)])
def test_an_unfit_key_is_not_made(ring: Keyring, label: str, days: int) -> None:
    with pytest.raises(AccessError):
        ring.issue(FIRM, label, "administrator", days)
    assert ring.keys() == ()


def test_a_key_that_is_not_there_cannot_be_revoked(ring: Keyring) -> None:
    with pytest.raises(AccessError, match="no key 'none'"):
        ring.revoke("none")
