"""The door: sign in, who is there, sign out, and the accounts themselves."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from greenmfg.access import passwords, throttle
from greenmfg.access.database import engine_of, upgrade
from greenmfg.access.people import AccessError, Person, Role, require_sound
from greenmfg.access.tables import known_device, person, session
from greenmfg.contract.forms import Words
from greenmfg.registry import Registry, RegistryMissing, UnknownAccount, open_registry
from greenmfg.settings import Settings

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
# `seen_at` is written at most this often, so that reading a page is not always a write.
_TOUCH_AFTER = timedelta(seconds=60)

Clock = Callable[[], datetime]
FirmsOf = Callable[[str], frozenset[str]]


@dataclass(frozen=True)
class SignedIn:
    """`token` opens the session; `device` marks the browser as known to this account, where a
    password was shown."""

    person: Person
    token: str
    device: str | None


@dataclass(frozen=True)
class WrongPassword:
    """Unknown account, wrong password or closed account: never told apart."""


@dataclass(frozen=True)
class TooManyAttempts:
    retry_after_seconds: int


@dataclass(frozen=True)
class Identity:
    """Who somebody is by the word of the identity provider. `email`: only one that the provider
    says it has verified."""

    subject: str
    email: str | None


@dataclass(frozen=True)
class AccountLine:
    """An account as the administrator sees it.

    `identity`: what an identity provider says of the person, if it may sign in that way.
    `throttled`: so many wrong passwords came that the next try waits. `sessions`: how many are open.
    """

    person: Person
    active: bool
    created_at: datetime
    identity: str | None
    throttled: bool
    sessions: int


SignIn = SignedIn | WrongPassword | TooManyAttempts


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _no_firms(_agent: str) -> frozenset[str]:
    return frozenset()


class Door:
    """Accounts and sessions over one engine.

    The clock is the machine's, not `Settings.now`: a session must run out in real time also
    while `GREENMFG_TODAY` holds the district's calendar still.
    """

    def __init__(
        self, engine: Engine, clock: Clock = _utc_now, firms_of: FirmsOf = _no_firms
    ) -> None:
        """`firms_of`: for which firms an agent may file now."""
        self._engine = engine
        self._clock = clock
        self._firms_of = firms_of

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
            "agent": new.agent,
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
        return None if row is None or not row.active else self._person(row)

    def accounts(self) -> tuple[AccountLine, ...]:
        """Every account, closed ones too, by login."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(person).order_by(person.c.login)).all()
            now = self._clock()
            open_sessions = _open_sessions(connection, now)
            throttled = throttle.logins_throttled(connection, now)
        return tuple(
            AccountLine(
                person=self._person(row),
                active=row.active,
                created_at=row.created_at,
                identity=row.identity,
                throttled=row.login in throttled,
                sessions=open_sessions.get(row.login, 0),
            )
            for row in rows
        )

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

    def set_identity(self, login: str, identity: str | None) -> None:
        """Whom the identity provider must vouch for to open this account: an e-mail address or
        a subject; None: nobody. Sessions of the account end.

        Raises:
            AccessError: no such account, or the identity is unfit or another account's.
        """
        kept = None if identity is None else identity_key(identity)
        try:
            self._change(login, {"identity": kept})
        except IntegrityError:
            raise AccessError(
                Words(
                    zh=f"身份“{kept}”已对应另一个账号。一个身份只能对应一个账号，请先取消那一个。",
                    en=f"The identity {kept!r} opens another account already; take it from that "
                    "one first.",
                )
            ) from None

    def unlock(self, login: str) -> None:
        """Forgets the wrong passwords that were counted for the account, so that nobody waits.

        Raises:
            AccessError: no such account.
        """
        with self._engine.begin() as connection:
            if _account(connection, login) is None:
                raise _no_account(login)
            devices = select(known_device.c.token_sha256).where(known_device.c.login == login)
            throttle.forget(connection, login, connection.execute(devices).scalars().all())

    def _change(self, login: str, values: dict[str, object]) -> None:
        with self._engine.begin() as connection:
            statement = update(person).where(person.c.login == login).values(values)
            if connection.execute(statement).rowcount == 0:
                raise _no_account(login)
            connection.execute(delete(session).where(session.c.login == login))
            connection.execute(delete(known_device).where(known_device.c.login == login))

    def _person(self, row: Row[tuple[object, ...]]) -> Person:
        return Person(
            login=row.login,
            display_name=Words(zh=row.display_name_zh, en=row.display_name_en),
            role=Role(row.role),
            uscc=row.uscc,
            must_change_password=row.must_change_password,
            agent=row.agent,
            firms=frozenset() if row.agent is None else self._firms_of(row.agent),
        )

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
        return SignedIn(self._person(row), token, device)

    def enter(self, identity: Identity, address: str) -> SignedIn | None:
        """Opens a session for whom the identity provider vouches for; None where no open account
        was given that identity. The caller has verified what the provider said."""
        now = self._clock()
        with self._engine.begin() as connection:
            row = connection.execute(
                select(person).where(person.c.identity.in_(_keys_of(identity)))
            ).one_or_none()
            if row is None or not row.active:
                return None
            token = _open_session(connection, row.login, address, now, by_identity=True)
        return SignedIn(replace(self._person(row), must_change_password=False), token, None)

    def came_by_identity(self, token: str | None) -> bool:
        """Whether the identity provider vouched for this session: it is to end there too."""
        if not token:
            return False
        asked = select(session.c.by_identity).where(session.c.token_sha256 == digest(token))
        with self._engine.connect() as connection:
            return bool(connection.execute(asked).scalar())

    def who(self, token: str | None) -> Person | None:
        """The person behind a live session, or None; looking counts as activity."""
        if not token:
            return None
        now = self._clock()
        key = session.c.token_sha256 == digest(token)
        with self._engine.connect() as connection:
            row = connection.execute(
                select(
                    person,
                    session.c.created_at.label("opened_at"),
                    session.c.seen_at,
                    session.c.by_identity,
                )
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
        found = self._person(row)
        # The provider asked for its own password; the one kept here was not used.
        return replace(found, must_change_password=False) if row.by_identity else found

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
    return Door(engine, firms_of=_granted(settings))


def _granted(settings: Settings) -> FirmsOf:
    """The firms of an agent by the registry's grants, asked anew each time."""
    opened: list[Registry] = []

    def firms_of(agent: str) -> frozenset[str]:
        try:
            if not opened:
                opened.append(open_registry(settings))
            return opened[0].account(agent, settings.now()).enterprises
        except (RegistryMissing, UnknownAccount):
            # No registry, or no such agent in it: nobody has named it.
            return frozenset()

    return firms_of


def identity_key(identity: str) -> str:
    """An identity as it is kept: an e-mail address (it has an @) in small letters, a subject as
    it is.

    Raises:
        AccessError: it is empty, too long, or has blanks.
    """
    kept = identity.strip()
    if not 1 <= len(kept) <= 254 or not kept.isprintable() or " " in kept:
        raise AccessError(
            Words(
                zh=f"身份“{identity}”不可用：填身份提供方核实过的邮箱，或其主体标识（sub），不含空格。",
                en=f"{identity!r} is no identity: give the e-mail address that the provider has "
                "verified, or its subject (sub), without blanks.",
            )
        )
    return kept.casefold() if "@" in kept else kept


def _keys_of(identity: Identity) -> list[str]:
    """What an account may be kept under. A subject that looks like an address counts for nothing:
    it would pass for a verified one."""
    keys = [] if "@" in identity.subject else [identity.subject]
    return [*keys, identity.email.casefold()] if identity.email else keys


def _no_account(login: str) -> AccessError:
    return AccessError(Words(zh=f"没有账号“{login}”。", en=f"There is no account {login!r}."))


def _open_sessions(connection: Connection, now: datetime) -> dict[str, int]:
    live = (session.c.created_at >= now - ABSOLUTE) & (session.c.seen_at >= now - IDLE)
    counted = select(session.c.login, func.count()).where(live).group_by(session.c.login)
    return {str(row[0]): int(row[1]) for row in connection.execute(counted)}


def _require_strong(password: str, login: str) -> None:
    objection = passwords.objection(password, login)
    if objection is not None:
        raise AccessError(objection)


def _account(connection: Connection, login: str) -> Row[tuple[object, ...]] | None:
    return connection.execute(select(person).where(person.c.login == login)).one_or_none()


def _known_device(connection: Connection, login: str, device: str | None) -> str | None:
    if not device:
        return None
    key = digest(device)
    mine = (known_device.c.token_sha256 == key) & (known_device.c.login == login)
    found = connection.execute(select(known_device.c.login).where(mine)).one_or_none()
    return None if found is None else key


def _open_session(
    connection: Connection, login: str, address: str, now: datetime, *, by_identity: bool = False
) -> str:
    over = (session.c.created_at < now - ABSOLUTE) | (session.c.seen_at < now - IDLE)
    connection.execute(delete(session).where(over))
    token = secrets.token_urlsafe(32)
    row = {
        "token_sha256": digest(token),
        "login": login,
        "created_at": now,
        "seen_at": now,
        "address": address[:64],
        "by_identity": by_identity,
    }
    connection.execute(insert(session).values(row))
    return token
