"""API keys: what a firm's own system shows instead of a session. One key, one enterprise."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sqlalchemy import Engine, Row, insert, select, update

from greenmfg.access.database import engine_of, upgrade
from greenmfg.access.door import Clock, digest
from greenmfg.access.people import AccessError
from greenmfg.access.tables import api_key
from greenmfg.contract.forms import Words
from greenmfg.settings import Settings

# A word in front lets a secret that was pasted into the wrong place be found by a search.
PREFIX = "gmfg_"
LONGEST_DAYS = 731
LABEL_CHARACTERS = 80
# `used_at` is written at most this often.
_TOUCH_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class ApiKey:
    """One key without its secret, which is shown once and never kept. Instants in UTC."""

    id: str
    uscc: str
    label: str
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None
    expired: bool = False


class Keyring:
    """The keys of a home. The clock is the machine's, as for sessions."""

    def __init__(self, engine: Engine, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self._engine = engine
        self._clock = clock

    def issue(self, uscc: str, label: str, created_by: str, days: int) -> tuple[ApiKey, str]:
        """Makes a key for one enterprise. Returns it and its secret.

        Raises:
            AccessError: the label is empty or too long, or the days are not between 1 and 731.
        """
        _require_fit(label, days)
        now = self._clock()
        secret = PREFIX + secrets.token_urlsafe(32)
        row = {
            "id": secrets.token_hex(4),
            "secret_sha256": digest(secret),
            "uscc": uscc,
            "label": label.strip(),
            "created_by": created_by,
            "created_at": now,
            "expires_at": now + timedelta(days=days),
        }
        with self._engine.begin() as connection:
            connection.execute(insert(api_key).values(row))
            made = connection.execute(select(api_key).where(api_key.c.id == row["id"])).one()
        return _key(made, now), secret

    def keys(self, uscc: str | None = None) -> tuple[ApiKey, ...]:
        """All keys, or those of one enterprise, newest first; ended ones too."""
        query = select(api_key).order_by(api_key.c.created_at.desc(), api_key.c.id)
        if uscc is not None:
            query = query.where(api_key.c.uscc == uscc)
        with self._engine.connect() as connection:
            return tuple(_key(row, self._clock()) for row in connection.execute(query))

    def revoke(self, key_id: str) -> None:
        """Ends a key at once; ending it again changes nothing.

        Raises:
            AccessError: there is no such key.
        """
        with self._engine.begin() as connection:
            found = connection.execute(select(api_key).where(api_key.c.id == key_id)).one_or_none()
            if found is None:
                raise AccessError(
                    Words(zh=f"没有编号为“{key_id}”的密钥。", en=f"There is no key {key_id!r}.")
                )
            if found.revoked_at is None:
                ended = update(api_key).where(api_key.c.id == key_id)
                connection.execute(ended.values(revoked_at=self._clock()))

    def of_secret(self, secret: str) -> ApiKey | None:
        """The live key of that secret, or None: unknown, expired and revoked are not told apart."""
        now = self._clock()
        with self._engine.connect() as connection:
            row = connection.execute(
                select(api_key).where(api_key.c.secret_sha256 == digest(secret))
            ).one_or_none()
            if row is None or row.revoked_at is not None or row.expires_at <= now:
                return None
            if row.used_at is None or now - row.used_at > _TOUCH_AFTER:
                used = update(api_key).where(api_key.c.id == row.id).values(used_at=now)
                connection.execute(used)
                connection.commit()
        return _key(row, now)


@lru_cache(maxsize=8)
def open_keyring(settings: Settings) -> Keyring:
    """The keyring of a home, its tables made if they are missing. One engine per settings."""
    engine = engine_of(settings.registry_url)
    upgrade(engine)
    return Keyring(engine)


def _require_fit(label: str, days: int) -> None:
    if not 1 <= len(label.strip()) <= LABEL_CHARACTERS:
        raise AccessError(
            Words(
                zh="请用 1–80 个字说明密钥给哪个系统用。",
                en="Say in 1–80 characters which system the key is for.",
            )
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise AccessError(
            Words(
                zh=f"有效期应为 1–{LONGEST_DAYS} 天。",
                en=f"A key lives 1 to {LONGEST_DAYS} days.",
            )
        )


def _key(row: Row[tuple[object, ...]], now: datetime) -> ApiKey:
    return ApiKey(
        id=row.id,
        uscc=row.uscc,
        label=row.label,
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        used_at=row.used_at,
        expired=row.expires_at <= now,
    )
