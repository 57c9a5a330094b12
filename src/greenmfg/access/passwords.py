"""Passwords: argon2id at OWASP's minimum, one policy, one cost of verification for all."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from greenmfg.contract.forms import Words

# OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two iterations, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# What an unknown account is verified against, so that it answers as slowly as a known one.
_NOBODY = _HASHER.hash(secrets.token_urlsafe(24))

MINIMUM_CHARACTERS = 12
# Hashing time grows with length; nobody types more than this.
MAXIMUM_CHARACTERS = 128


def generated_password() -> str:
    """A random password that a person can read aloud: four groups without look-alike letters."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    groups = ("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def hashed(password: str) -> str:
    return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the hashed password; without a hash False, after the same work."""
    try:
        verified = _HASHER.verify(password_hash or _NOBODY, password[:MAXIMUM_CHARACTERS])
    except (VerificationError, InvalidHashError):
        return False
    return verified and password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def objection(password: str, login: str) -> Words | None:
    """Why a password cannot be taken, or None if it can."""
    if len(password) < MINIMUM_CHARACTERS:
        return Words(
            zh=f"密码至少 {MINIMUM_CHARACTERS} 个字符。可以用几个词连成一句，例如带空格或短横线。",
            en=f"At least {MINIMUM_CHARACTERS} characters. A phrase of several words works well.",
        )
    if len(password) > MAXIMUM_CHARACTERS:
        return Words(
            zh=f"密码不能超过 {MAXIMUM_CHARACTERS} 个字符。",
            en=f"No more than {MAXIMUM_CHARACTERS} characters.",
        )
    if login.casefold() in password.casefold() or len(set(password)) < 5:
        return Words(
            zh="密码不能包含账号，也不能只由几个重复的字符组成。",
            en="The password must not contain the account name or repeat a few characters only.",
        )
    return None
