"""The door: sign in, who is there, sign out, and the accounts themselves."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from greenmfg.access import passwords, throttle
from greenmfg.access.database import engine_of, upgrade
from greenmfg.access.people import AccessError, Person, Role, require_sound
from greenmfg.access.tables import known_device, person, session
from greenmfg.contract.forms import Words
from greenmfg.settings import Settings

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
# `seen_at` is written at most this often, so that reading a page is not always a write.
_TOUCH_AFTER = timedelta(seconds=60)

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class SignedIn:
    """`token` opens the session; `device` marks the browser as known to this account."""

    person: Person
    token: str
    device: str


@dataclass(frozen=True)
class WrongPassword:
    """Unknown account, wrong password or closed account: never told apart."""


@dataclass(frozen=True)
class TooManyAttempts:
    retry_after_seconds: int


@dataclass(frozen=True)
class AccountLine:
    """An account as the administrator sees it."""

    person: Person
    active: bool
    created_at: datetime


SignIn = SignedIn | WrongPassword | TooManyAttempts


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Door:
    """Accounts and sessions over one engine.

    The clock is the machine's, not `Settings.now`: a session must run out in real time also
    while `GREENMFG_TODAY` holds the district's calendar still.
    """

    def __init__(self, engine: Engine, clock: Clock = _utc_now) -> None:
        self._engine = engine
        self._clock = clock

    # Accounts ----------------------------------------------------------------------------------

    def create_person(self, new: Person, password: str) -> None:
        """Opens an account.

        Raises:
            AccessError: the login is taken or unfit, the role does not go with the USCC, or the
                password is too weak.
        """
        require_sound(new)
        _require_strong(password, new.login)
        now = self._clock()
        row = {
            "login": new.login,
            "display_name_zh": new.display_name.zh,
            "display_name_en": new.display_name.en,
            "role": new.role.value,
            "uscc": new.uscc,
            "password_hash": passwords.hashed(password),
            "must_change_password": new.must_change_password,
            "active": True,
            "created_at": now,
            "password_set_at": now,
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(person).values(row))
        except IntegrityError:
            raise AccessError(
                Words(zh=f"账号“{new.login}”已存在。", en=f"The login {new.login!r} is taken.")
            ) from None

    def person(self, login: str) -> Person | None:
        """The open account of that login, or None."""
        with self._engine.connect() as connection:
            row = _account(connection, login)
        return None if row is None or not row.active else _person(row)

    def accounts(self) -> tuple[AccountLine, ...]:
        """Every account, closed ones too, by login."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(person).order_by(person.c.login)).all()
        return tuple(AccountLine(_person(row), row.active, row.created_at) for row in rows)

    def set_password(self, login: str, password: str, *, must_change: bool = False) -> None:
        """Sets a new password; every session and known device of the account ends.

        Raises:
            AccessError: no such account, or the password is too weak.
        """
        _require_strong(password, login)
        values = {
            "password_hash": passwords.hashed(password),
            "must_change_password": must_change,
            "password_set_at": self._clock(),
        }
        self._change(login, values)

    def set_active(self, login: str, active: bool) -> None:
        """Closes or reopens an account; its sessions end at once.

        Raises:
            AccessError: no such account.
        """
        self._change(login, {"active": active})

    def _change(self, login: str, values: dict[str, object]) -> None:
        with self._engine.begin() as connection:
            statement = update(person).where(person.c.login == login).values(values)
            if connection.execute(statement).rowcount == 0:
                raise AccessError(
                    Words(zh=f"没有账号“{login}”。", en=f"There is no account {login!r}.")
                )
            connection.execute(delete(session).where(session.c.login == login))
            connection.execute(delete(known_device).where(known_device.c.login == login))

    # Sessions ----------------------------------------------------------------------------------

    def login(self, login: str, password: str, address: str, device: str | None = None) -> SignIn:
        """Tries to sign in. `device`: the device token of this browser, if it has one."""
        now = self._clock()
        with self._engine.begin() as connection:
            known = _known_device(connection, login, device)
            counted = throttle.counters(login, address, known)
            wait = throttle.seconds_to_wait(connection, counted, now)
            if wait:
                return TooManyAttempts(wait)
            throttle.count_attempt(connection, counted, now)
            row = _account(connection, login)
        # Outside the transaction: hashing takes 20 ms, in which others want to write.
        right = passwords.matches(row.password_hash if row is not None else None, password)
        if row is None or not right or not row.active:
            return WrongPassword()
        with self._engine.begin() as connection:
            throttle.pardon(connection, counted)
            if passwords.needs_rehash(row.password_hash):
                renewed = update(person).where(person.c.login == row.login)
                connection.execute(renewed.values(password_hash=passwords.hashed(password)))
            token = _open_session(connection, row.login, address, now)
            if known is None or device is None:
                device = secrets.token_urlsafe(32)
                mark = {"token_sha256": digest(device), "login": row.login, "created_at": now}
                connection.execute(insert(known_device).values(mark))
        return SignedIn(_person(row), token, device)

    def who(self, token: str | None) -> Person | None:
        """The person behind a live session, or None; looking counts as activity."""
        if not token:
            return None
        now = self._clock()
        key = session.c.token_sha256 == digest(token)
        with self._engine.connect() as connection:
            row = connection.execute(
                select(person, session.c.created_at.label("opened_at"), session.c.seen_at)
                .join(session, session.c.login == person.c.login)
                .where(key)
            ).one_or_none()
            if row is None or not row.active:
                return None
            if now - row.opened_at > ABSOLUTE or now - row.seen_at > IDLE:
                return None
            if now - row.seen_at > _TOUCH_AFTER:
                connection.execute(update(session).where(key).values(seen_at=now))
                connection.commit()
        return _person(row)

    def logout(self, token: str | None) -> None:
        """Ends the session; an unknown token is no fault."""
        if not token:
            return
        with self._engine.begin() as connection:
            connection.execute(delete(session).where(session.c.token_sha256 == digest(token)))

    def verify_password(self, login: str, password: str) -> bool:
        """Whether this is the account's password: asked again before it is changed."""
        with self._engine.connect() as connection:
            row = _account(connection, login)
        return passwords.matches(row.password_hash if row is not None else None, password)


@lru_cache(maxsize=8)
def open_door(settings: Settings) -> Door:
    """The door of a home, its tables made if they are missing. One engine per settings."""
    engine = engine_of(settings.registry_url)
    upgrade(engine)
    return Door(engine)


def _require_strong(password: str, login: str) -> None:
    objection = passwords.objection(password, login)
    if objection is not None:
        raise AccessError(objection)


def _account(connection: Connection, login: str) -> Row[tuple[object, ...]] | None:
    return connection.execute(select(person).where(person.c.login == login)).one_or_none()


def _person(row: Row[tuple[object, ...]]) -> Person:
    return Person(
        login=row.login,
        display_name=Words(zh=row.display_name_zh, en=row.display_name_en),
        role=Role(row.role),
        uscc=row.uscc,
        must_change_password=row.must_change_password,
    )


def _known_device(connection: Connection, login: str, device: str | None) -> str | None:
    if not device:
        return None
    key = digest(device)
    mine = (known_device.c.token_sha256 == key) & (known_device.c.login == login)
    found = connection.execute(select(known_device.c.login).where(mine)).one_or_none()
    return None if found is None else key


def _open_session(connection: Connection, login: str, address: str, now: datetime) -> str:
    over = (session.c.created_at < now - ABSOLUTE) | (session.c.seen_at < now - IDLE)
    connection.execute(delete(session).where(over))
    token = secrets.token_urlsafe(32)
    row = {
        "token_sha256": digest(token),
        "login": login,
        "created_at": now,
        "seen_at": now,
        "address": address[:64],
    }
    connection.execute(insert(session).values(row))
    return token
