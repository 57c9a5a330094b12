"""The administrator's desk: every act on accounts, agents and keys, and who did it.

The page and the command line both work through it, so that both do the same and both leave the
same trace in the event log.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from greenmfg.access.door import AccountLine, Door, open_door
from greenmfg.access.keys import ApiKey, Keyring, open_keyring
from greenmfg.access.passwords import generated_password
from greenmfg.access.people import AccessError, Person, Role
from greenmfg.contract.forms import Words
from greenmfg.records import Grant
from greenmfg.registry import Event, Registry, RegistryError, open_registry
from greenmfg.settings import Settings

# An agent's name is the name of its folder in the inbox.
_AGENT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,63}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_ACTS = (
    "person.opened",
    "person.password_reset",
    "person.unlocked",
    "person.closed",
    "person.reopened",
    "person.identity",
    "key.issued",
    "key.revoked",
    "grant.given",
    "grant.revoked",
    "account.created",
    "account.changed",
)


@dataclass(frozen=True)
class Agent:
    """One agent and its grants, ended ones too. `firms`: those it may file for now."""

    name: str
    shown: str
    email: str | None
    firms: frozenset[str]
    grants: tuple[Grant, ...]


class AccountDesk:
    """Acts on accounts; `by` is who does it: an administrator's login, or the command line."""

    def __init__(
        self, settings: Settings, door: Door, keyring: Keyring, registry: Registry
    ) -> None:
        self._settings = settings
        self._door = door
        self._keyring = keyring
        self._registry = registry

    # What there is ------------------------------------------------------------------------------

    def accounts(self) -> tuple[AccountLine, ...]:
        """Every account, closed ones too, by login."""
        return self._door.accounts()

    def agents(self) -> tuple[Agent, ...]:
        """Every agent, by name."""
        shown = self._registry.display_names()
        grants = self._registry.grants()
        return tuple(
            Agent(
                one.name,
                shown.get(one.name, one.name),
                one.email,
                one.enterprises,
                tuple(grant for grant in grants if grant.agent == one.name),
            )
            for one in self._registry.accounts(self._settings.now())
            if one.kind == "agent"
        )

    def firms(self) -> Mapping[str, str]:
        """Name by USCC of the firms of the register, which alone may have accounts and keys."""
        shown = self._registry.display_names()
        firms = (one for one in self._registry.accounts() if one.kind == "firm")
        return {one.name: shown.get(one.name, one.name) for one in firms}

    def keys(self, uscc: str | None = None) -> tuple[ApiKey, ...]:
        """All keys, newest first, ended ones too."""
        return self._keyring.keys(uscc)

    def acts(self, limit: int) -> tuple[Event, ...]:
        """What administrators did, newest first."""
        # Firms' own accounts follow the register by themselves.
        return self._registry.newest_events(_ACTS, limit, not_by="system")

    # People -------------------------------------------------------------------------------------

    def open(self, by: str, new: Person) -> str:
        """Opens an account. Returns: its first password, to be changed at the first sign-in.

        Raises:
            AccessError: the login is taken or unfit, the role does not go with firm or agent, or
                the register has no such firm, or there is no such agent.
        """
        if new.uscc is not None:
            self._require_firm(new.uscc)
        if new.agent is not None and all(one.name != new.agent for one in self.agents()):
            raise AccessError(
                Words(
                    zh=f"没有代报单位“{new.agent}”。请先开立代报单位。",
                    en=f"There is no agent {new.agent!r}: open the agent first.",
                )
            )
        password = generated_password()
        self._door.create_person(new, password)
        about = {"role": new.role.value, "firm": new.uscc, "agent": new.agent}
        self._log(by, "person.opened", new.login, about)
        return password

    def reset_password(self, by: str, login: str) -> str:
        """Returns: a new first password; every session of the account ends.

        Raises:
            AccessError: no such account.
        """
        if by == login:
            raise AccessError(
                Words(
                    zh="自己的密码请用“修改密码”更改，不必重置。",
                    en="Change your own password by “Change password”; it need not be reset.",
                )
            )
        password = generated_password()
        self._door.set_password(login, password, must_change=True)
        self._log(by, "person.password_reset", login)
        return password

    def unlock(self, by: str, login: str) -> None:
        """Nobody waits at this account any more. Raises AccessError: no such account."""
        self._door.unlock(login)
        self._log(by, "person.unlocked", login)

    def close(self, by: str, login: str) -> None:
        """Closes the account; its sessions end at once, what it filed stays.

        Raises:
            AccessError: no such account, or nobody would be left to open it again.
        """
        if by == login:
            raise AccessError(
                Words(
                    zh="不能停用自己的账号，请由另一位系统管理员停用。",
                    en="Nobody closes the own account; another administrator does.",
                )
            )
        others = [
            line
            for line in self._door.accounts()
            if line.active and line.person.role is Role.ADMINISTRATOR and line.person.login != login
        ]
        person = self._door.person(login)
        if person is not None and person.role is Role.ADMINISTRATOR and not others:
            raise AccessError(
                Words(
                    zh=f"“{login}”是唯一的系统管理员，停用后无人能管理账号。请先开立另一位管理员。",
                    en=f"{login!r} is the only administrator: open another one first, or nobody "
                    "could manage accounts any more.",
                )
            )
        self._door.set_active(login, False)
        self._log(by, "person.closed", login)

    def reopen(self, by: str, login: str) -> None:
        """Opens a closed account again, with the password it had. Raises AccessError."""
        self._door.set_active(login, True)
        self._log(by, "person.reopened", login)

    def set_identity(self, by: str, login: str, identity: str | None) -> None:
        """Whom the identity provider must vouch for to open this account; None: nobody.

        Raises:
            AccessError: no such account, or the identity is unfit or another account's.
        """
        self._door.set_identity(login, identity)
        self._log(by, "person.identity", login, {"identity": identity})

    # Agents -------------------------------------------------------------------------------------

    def open_agent(self, by: str, name: str, shown: str, email: str | None) -> None:
        """Opens an agent (a park, an accountant), or renews its name and address.

        Raises:
            AccessError: the name or the address is unfit, or another kind of account has the name.
        """
        if not _AGENT_NAME.fullmatch(name):
            raise AccessError(
                Words(
                    zh=f"“{name}”不可用作代报单位代号：用 2–64 个字母、数字或 . _ -，"
                    "以字母或数字开头。",
                    en=f"{name!r} is no agent's name: 2–64 letters, digits or . _ -, the first one "
                    "a letter or digit.",
                )
            )
        if email is not None and not _EMAIL.fullmatch(email):
            raise AccessError(
                Words(
                    zh=f"“{email}”不是邮箱地址，应如 name@example.cn。",
                    en=f"{email!r} is no e-mail address such as name@example.cn.",
                )
            )
        with _in_words():
            self._registry.ensure_agent(name, email, shown, by, self._settings.now())

    def grant(self, by: str, agent: str, uscc: str, until: date | None) -> Grant:
        """Lets the agent file for the firm, from today to its last day.

        Raises:
            AccessError: there is no such agent or firm, or the last day is over.
        """
        with _in_words():
            return self._registry.grant(agent, uscc, until, by, self._settings.now())

    def revoke_grant(self, by: str, agent: str, uscc: str) -> None:
        """Ends the grant at once. Raises AccessError: none stands."""
        with _in_words():
            self._registry.revoke_grant(agent, uscc, by, self._settings.now())

    # Keys ---------------------------------------------------------------------------------------

    def issue_key(self, by: str, uscc: str, label: str, days: int) -> tuple[ApiKey, str]:
        """Returns: the key and its secret, which is kept nowhere.

        Raises:
            AccessError: no such firm, or the label or the days are unfit.
        """
        self._require_firm(uscc)
        key, secret = self._keyring.issue(uscc, label, by, days)
        about = {"firm": uscc, "label": key.label, "until": key.expires_at.date().isoformat()}
        self._log(by, "key.issued", f"key:{key.id}", about)
        return key, secret

    def revoke_key(self, by: str, key_id: str) -> None:
        """Ends the key at once. Raises AccessError: there is none."""
        self._keyring.revoke(key_id)
        self._log(by, "key.revoked", f"key:{key_id}")

    def _require_firm(self, uscc: str) -> None:
        if uscc not in self.firms():
            raise AccessError(
                Words(
                    zh=f"“{uscc}”：名录中没有这家企业。请核对代码，或等其企业名录生效。",
                    en=f"{uscc!r}: no enterprise of the register. Check the code, or file its "
                    "register row first.",
                )
            )

    def _log(
        self, by: str, kind: str, subject: str, about: Mapping[str, Any] | None = None
    ) -> None:
        self._registry.log(by, kind, subject, about or {}, self._settings.now())


@contextmanager
def _in_words() -> Iterator[None]:
    """What the registry refuses, as the accounts' own refusal."""
    try:
        yield
    except RegistryError as refused:
        raise AccessError(refused.words) from None


@lru_cache(maxsize=8)
def open_desk(settings: Settings) -> AccountDesk:
    """The desk of a home.

    Raises:
        RegistryMissing, RegistryOutdated: `greenmfg init` makes or mends it.
    """
    registry = open_registry(settings)
    return AccountDesk(settings, open_door(settings), open_keyring(settings), registry)
