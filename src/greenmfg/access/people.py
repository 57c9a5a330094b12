"""Who may sign in: the noun, its roles, and the rules of an account."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from greenmfg.contract.forms import Words

_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{1,63}")

_FIRM_NEEDS_USCC = Words(
    zh="企业账号必须对应一个统一社会信用代码，其他账号不能有。",
    en="A firm's account names one enterprise by its USCC; no other account does.",
)


class Role(StrEnum):
    OFFICER = "officer"
    STEWARD = "steward"
    FIRM = "firm"
    ADMINISTRATOR = "administrator"


class AccessError(ValueError):
    """An account cannot be made or changed so; `words` says why to a person."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


@dataclass(frozen=True)
class Person:
    """One account. `uscc` is the one enterprise a firm's account may see, None for the bureau."""

    login: str
    display_name: Words
    role: Role
    uscc: str | None
    must_change_password: bool = False

    @property
    def sees_every_firm(self) -> bool:
        return self.role is not Role.FIRM

    @property
    def tenant(self) -> str | None:
        """The one enterprise whose rows this person may see; None: every enterprise's.

        Raises:
            AccessError: a firm's account names no enterprise, so it may see nothing.
        """
        if self.sees_every_firm:
            return None
        if self.uscc is None:
            raise AccessError(_FIRM_NEEDS_USCC)
        return self.uscc


def require_sound(person: Person) -> None:
    """Raises AccessError where the login or the role's enterprise is not what it must be."""
    if not _LOGIN.fullmatch(person.login):
        raise AccessError(
            Words(
                zh=f"账号“{person.login}”不可用："
                "用 2–64 个字母、数字或 . _ @ -，以字母或数字开头。",
                en=f"{person.login!r} is no login: 2–64 letters, digits or . _ @ -, the first one "
                "a letter or digit.",
            )
        )
    if (person.role is Role.FIRM) != (person.uscc is not None):
        raise AccessError(_FIRM_NEEDS_USCC)
