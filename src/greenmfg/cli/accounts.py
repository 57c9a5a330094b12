"""Commands of the administrator: who may sign in, who may file for whom, which systems may file."""

from __future__ import annotations

import os
import pwd
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from greenmfg.cli.common import as_json, open_workshop, print_json, settings, stamp

if TYPE_CHECKING:
    from greenmfg.access import AccountDesk

_ROLES = ("officer", "steward", "administrator", "firm", "agent")
_ROLE_WORDS = {
    "officer": "主管部门",
    "steward": "数据管理员",
    "administrator": "系统管理员",
    "firm": "企业",
    "agent": "代报单位",
}


@click.group()
def account() -> None:
    """Who may sign in to the pages, and which agents may file for named firms.

    A new or reset account gets a password that is shown once and must be changed at the first
    sign-in. A firm may have several clerks: several accounts with one USCC.
    """


@account.command("list")
@as_json
def list_accounts(as_json: bool) -> None:
    """All accounts, closed ones too; then the agents."""
    desk = _desk()
    lines, agents = desk.accounts(), desk.agents()
    if as_json:
        print_json(
            {
                "people": [
                    {
                        "login": line.person.login,
                        "role": str(line.person.role),
                        "uscc": line.person.uscc,
                        "agent": line.person.agent,
                        "name": line.person.display_name.zh,
                        "active": line.active,
                        "must_change_password": line.person.must_change_password,
                        "identity": line.identity,
                        "throttled": line.throttled,
                        "sessions": line.sessions,
                        "created_at": line.created_at.isoformat(),
                    }
                    for line in lines
                ],
                "agents": [
                    {
                        "name": one.name,
                        "shown": one.shown,
                        "enterprises": sorted(one.firms),
                        "grants": [vars(grant) for grant in one.grants],
                    }
                    for one in agents
                ],
            }
        )
        return
    for line in lines:
        who = line.person
        state = "" if line.active else "  已停用 closed"
        click.echo(
            f"{who.login}  {_ROLE_WORDS[who.role]} {who.role}  {who.uscc or who.agent or '—'}"
            f"  {who.display_name.zh}{state}"
        )
    for one in agents:
        click.echo(f"{one.name}  代报单位 agent  {' '.join(sorted(one.firms)) or '—'}")
    if not lines and not agents:
        click.echo("还没有账号 · no account yet: greenmfg account add LOGIN --role …")


@account.command()
@click.argument("login")
@click.option("--role", required=True, type=click.Choice(_ROLES))
@click.option("--uscc", help="The one enterprise of a firm's account.")
@click.option("--agent", help="The agent as which an agent's account files.")
@click.option("--name", help="Name shown on the pages; default: the login.")
@as_json
def add(
    login: str, role: str, uscc: str | None, agent: str | None, name: str | None, as_json: bool
) -> None:
    """Open an account for LOGIN and show its first password."""
    from greenmfg.access import Person, Role
    from greenmfg.contract import Words

    shown = name or login
    new = Person(
        login, Words(shown, shown), Role(role), uscc, must_change_password=True, agent=agent
    )
    _show_password(login, _desk().open(_by(), new), as_json)


@account.command()
@click.argument("login")
@as_json
def reset(login: str, as_json: bool) -> None:
    """Give LOGIN a new first password; its sessions end."""
    _show_password(login, _desk().reset_password(_by(), login), as_json)


@account.command()
@click.argument("login")
def unlock(login: str) -> None:
    """Let LOGIN sign in without waiting: the wrong passwords so far are forgotten."""
    _desk().unlock(_by(), login)
    click.echo(f"已解除等待 · nobody waits any more: {login}")


@account.command()
@click.argument("login")
def close(login: str) -> None:
    """Close LOGIN: its sessions end at once. What it filed stays."""
    _desk().close(_by(), login)
    click.echo(f"已停用 · closed: {login}")


@account.command()
@click.argument("login")
def reopen(login: str) -> None:
    """Open LOGIN again, with the password it had."""
    _desk().reopen(_by(), login)
    click.echo(f"已启用 · open again: {login}")


@account.command()
@click.argument("login")
@click.argument("identity", required=False)
def identity(login: str, identity: str | None) -> None:
    """Let LOGIN sign in by the identity provider, as IDENTITY: its verified e-mail address or its
    subject. Without IDENTITY it no longer may."""
    _desk().set_identity(_by(), login, identity)
    said = f"{login} ← {identity}" if identity else f"已取消 · no longer: {login}"
    click.echo(said)


@account.command()
@click.argument("name")
@click.option("--for", "enterprises", multiple=True, metavar="USCC", help="A firm, repeatable.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of these grants.")
@click.option("--shown", help="Its name on the pages; default: as it was, or NAME.")
@click.option("--email", help="Where the agent is told of returned filings.")
def agent(
    name: str,
    enterprises: tuple[str, ...],
    until: datetime | None,
    shown: str | None,
    email: str | None,
) -> None:
    """Open the agent NAME (a park, an accountant) and let it file for these firms.

    Calling again adds firms; `account revoke NAME USCC` ends one. It files on the pages, by
    accounts of role `agent`, through inbox/NAME/, or by `receive --as NAME`.
    """
    desk = _desk()
    there = {one.name: one for one in desk.agents()}.get(name)
    if there is None or shown is not None or email is not None:
        kept = (there.shown, there.email) if there is not None else (name, None)
        desk.open_agent(_by(), name, shown or kept[0], email or kept[1])
    for uscc in enterprises:
        desk.grant(_by(), name, uscc, until.date() if until else None)
    firms = len({one.name: one for one in desk.agents()}[name].firms)
    click.echo(f"{name}：可代报 {firms} 家 · may file for {firms}")


@account.command("revoke")
@click.argument("name")
@click.argument("uscc", nargs=-1, required=True)
def revoke_grant(name: str, uscc: tuple[str, ...]) -> None:
    """End at once that the agent NAME may file for these firms. What it filed stays."""
    for one in uscc:
        _desk().revoke_grant(_by(), name, one)
        click.echo(f"已撤销 · revoked: {name} → {one}")


@click.group()
def key() -> None:
    """Keys for firms' own systems: each files for one enterprise over the HTTP API.

    The secret is shown once. See docs/api.md.
    """


@key.command("new")
@click.argument("uscc")
@click.option("--label", required=True, help="Which system it is for, e.g. ERP.")
@click.option("--days", default=365, show_default=True, help="How long it lives.")
@as_json
def new_key(uscc: str, label: str, days: int, as_json: bool) -> None:
    """Make a key for the enterprise USCC and show its secret, once."""
    made, secret = _desk().issue_key(_by(), uscc, label, days)
    if as_json:
        print_json({"id": made.id, "uscc": uscc, "secret": secret, "expires_at": made.expires_at})
        return
    click.echo(f"密钥 key {made.id}（{uscc} {made.label}），有效至 until {stamp(made.expires_at)}")
    click.echo(f"只显示这一次 · shown this once:\n{secret}")


@key.command("list")
@click.option("--uscc", help="Only those of one enterprise.")
@as_json
def list_keys(uscc: str | None, as_json: bool) -> None:
    """All keys, newest first, ended ones too."""
    found = _desk().keys(uscc)
    if as_json:
        print_json([vars(one) for one in found])
        return
    for one in found:
        ended = f"  已吊销 revoked {stamp(one.revoked_at)}" if one.revoked_at else ""
        used = stamp(one.used_at) if one.used_at else "—"
        click.echo(
            f"{one.id}  {one.uscc}  {one.label}  有效至 until {stamp(one.expires_at)}"
            f"  最近使用 used {used}{ended}"
        )
    if not found:
        click.echo("还没有密钥 · no key yet: greenmfg key new USCC --label …")


@key.command()
@click.argument("key_id", metavar="ID")
def revoke(key_id: str) -> None:
    """End the key ID at once."""
    _desk().revoke_key(_by(), key_id)
    click.echo(f"已吊销 · revoked: {key_id}")


def _desk() -> AccountDesk:
    from greenmfg.access import open_desk

    # A home that was never founded has no accounts, and must not get half a registry by asking.
    with open_workshop():
        return open_desk(settings())


def _by() -> str:
    """Who is at the command line, for the event log: the machine's user."""
    try:
        return f"cli:{pwd.getpwuid(os.getuid()).pw_name}"[:64]
    except KeyError:  # a container's user without a name
        return f"cli:{os.getuid()}"


def _show_password(login: str, password: str, as_json: bool) -> None:
    if as_json:
        said: dict[str, Any] = {"login": login, "password": password}
        print_json(said)
        return
    click.echo(
        f"{login} 的初始密码，只显示这一次，首次登录时须修改 · first password, shown this once:"
    )
    click.echo(password)
