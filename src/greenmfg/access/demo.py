"""Accounts of the demonstration: random passwords, one set per home, kept in one private file.

Called only when the demonstration district has been loaded; no home has them otherwise.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from greenmfg.access.door import Door, open_door
from greenmfg.access.passwords import generated_password
from greenmfg.access.people import AccessError, Person, Role
from greenmfg.contract.forms import Words
from greenmfg.settings import Settings

DemoAccount = tuple[str, str, str]


def demo_accounts_file(settings: Settings) -> Path:
    return settings.home / "demo_accounts.json"


def ensure_demo_people(
    settings: Settings, firm_usccs: Sequence[str], agents: Sequence[str] = ()
) -> list[DemoAccount]:
    """Makes the accounts that are missing: an officer, a steward, an administrator, the firms, and
    a clerk of each agent, whose login is the agent's name.

    Returns: (login, password, role) of each, the same ones every time for a home. A password
        that somebody has changed since is set back, so that what is printed always opens.
    """
    door = open_door(settings)
    path = demo_accounts_file(settings)
    known: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    firms = (_firm(uscc) for uscc in firm_usccs)
    people = [*_bureau(), *firms, *(_agent(name) for name in agents)]
    passwords = {who.login: known.get(who.login) or generated_password() for who in people}
    # Written before the accounts: cut off in between, the next call makes them with these.
    _write_private(path, json.dumps({**known, **passwords}, indent=2))
    for who in people:
        _ensure(door, who, passwords[who.login])
    return [(who.login, passwords[who.login], who.role.value) for who in people]


def _ensure(door: Door, who: Person, password: str) -> None:
    if door.verify_password(who.login, password):
        return
    try:
        door.create_person(who, password)
    except AccessError:
        door.set_password(who.login, password)


def _bureau() -> list[Person]:
    return [
        Person("officer", Words(zh="演示 · 主管部门", en="Demo officer"), Role.OFFICER, None),
        Person("steward", Words(zh="演示 · 数据管理员", en="Demo steward"), Role.STEWARD, None),
        Person(
            "administrator",
            Words(zh="演示 · 系统管理员", en="Demo admin"),
            Role.ADMINISTRATOR,
            None,
        ),
    ]


def _firm(uscc: str) -> Person:
    return Person(uscc, Words(zh="演示 · 企业填报员", en="Demo firm clerk"), Role.FIRM, uscc)


def _agent(name: str) -> Person:
    shown = Words(zh="演示 · 园区代报员", en="Demo agent's clerk")
    return Person(name, shown, Role.AGENT, None, agent=name)


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(draft, path)
