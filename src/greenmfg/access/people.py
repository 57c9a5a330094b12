"""Who may sign in: the noun, its roles, and the rules of an account."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from greenmfg.contract.forms import Words

_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{1,63}")

_FIRM_NEEDS_USCC = Words(
    zh="企业账号必须对应一个统一社会信用代码，其他账号不能有。",
    en="A firm's account names one enterprise by its USCC; no other account does.",
)


_AGENT_IS_NAMED = Words(
    zh="代报账号必须对应一个代报单位，其他账号不能有。",
    en="An agent's account names the agent it files as; no other account does.",
)
_NO_FIRM_CHOSEN = Words(
    zh="请先在页面上选择为哪家企业填报。",
    en="Choose on the page which firm you act for first.",
)


class Role(StrEnum):
    OFFICER = "officer"
    STEWARD = "steward"
    FIRM = "firm"
    AGENT = "agent"
    ADMINISTRATOR = "administrator"


class AccessError(ValueError):
    """An account cannot be made or changed so; `words` says why to a person."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


@dataclass(frozen=True)
class Person:
    """One account. `uscc` is the one enterprise a firm's account may see, None for the bureau.

    An agent's account names the agent; `firms` are those it may file for now, and `acting_for` the
    one of them that was chosen for this view.
    """

    login: str
    display_name: Words
    role: Role
    uscc: str | None
    must_change_password: bool = False
    agent: str | None = None
    firms: frozenset[str] = frozenset()
    acting_for: str | None = None

    @property
    def sees_every_firm(self) -> bool:
        return self.role not in (Role.FIRM, Role.AGENT)

    def acting(self, uscc: str) -> Person:
        """This agent's clerk, acting for one of the firms named for the agent.

        Raises:
            AccessError: it is no agent's account, or the firm is not one of them.
        """
        if self.role is not Role.AGENT or uscc not in self.firms:
            raise AccessError(
                Words(
                    zh=f"贵单位没有代报“{uscc}”的有效授权。请联系系统管理员授权，或改选其他企业。",
                    en=f"You have no standing grant to file for {uscc!r}. Ask the administrator for "
                    "one, or choose another firm.",
                )
            )
        return replace(self, acting_for=uscc)

    @property
    def tenant(self) -> str | None:
        """The one enterprise whose rows this person may see; None: every enterprise's.

        Raises:
            AccessError: a firm's account names no enterprise, or an agent's has chosen none of
                those it may file for, so it may see nothing.
        """
        if self.sees_every_firm:
            return None
        if self.role is Role.AGENT:
            if self.acting_for is None or self.acting_for not in self.firms:
                raise AccessError(_NO_FIRM_CHOSEN)
            return self.acting_for
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
    if (person.role is Role.AGENT) != (person.agent is not None):
        raise AccessError(_AGENT_IS_NAMED)
