"""Commands of the administrator: who may sign in, who may file for whom, which systems may file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from greenmfg.cli.common import as_json, open_workshop, print_json, settings, stamp

if TYPE_CHECKING:
    from greenmfg.access import Door, Keyring

_ROLES = ("officer", "steward", "administrator", "firm")
_ROLE_WORDS = {
    "officer": "主管部门",
    "steward": "数据管理员",
    "administrator": "系统管理员",
    "firm": "企业",
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
    lines = _door().accounts()
    with open_workshop() as shop:
        agents = [one for one in shop.registry.accounts() if one.kind == "agent"]
    if as_json:
        print_json(
            {
                "people": [
                    {
                        "login": line.person.login,
                        "role": str(line.person.role),
                        "uscc": line.person.uscc,
                        "name": line.person.display_name.zh,
                        "active": line.active,
                        "must_change_password": line.person.must_change_password,
                        "created_at": line.created_at.isoformat(),
                    }
                    for line in lines
                ],
                "agents": [
                    {"name": one.name, "enterprises": list(one.enterprises)} for one in agents
                ],
            }
        )
        return
    for line in lines:
        who = line.person
        state = "" if line.active else "  已停用 closed"
        click.echo(
            f"{who.login}  {_ROLE_WORDS[who.role]} {who.role}  {who.uscc or '—'}"
            f"  {who.display_name.zh}{state}"
        )
    for one in agents:
        click.echo(f"{one.name}  代报单位 agent  {' '.join(one.enterprises)}")
    if not lines and not agents:
        click.echo("还没有账号 · no account yet: greenmfg account add LOGIN --role …")


@account.command()
@click.argument("login")
@click.option("--role", required=True, type=click.Choice(_ROLES))
@click.option("--uscc", help="The one enterprise of a firm's account.")
@click.option("--name", help="Name shown on the pages; default: the login.")
@as_json
def add(login: str, role: str, uscc: str | None, name: str | None, as_json: bool) -> None:
    """Open an account for LOGIN and show its first password."""
    from greenmfg.access import Person, Role
    from greenmfg.access.passwords import generated_password
    from greenmfg.contract import Words

    if uscc is not None:
        _require_registered(uscc)
    password = generated_password()
    shown = name or login
    new = Person(login, Words(shown, shown), Role(role), uscc, must_change_password=True)
    _door().create_person(new, password)
    _show_password(login, password, as_json)


@account.command()
@click.argument("login")
@as_json
def reset(login: str, as_json: bool) -> None:
    """Give LOGIN a new first password; its sessions end."""
    from greenmfg.access.passwords import generated_password

    password = generated_password()
    _door().set_password(login, password, must_change=True)
    _show_password(login, password, as_json)


@account.command()
@click.argument("login")
def close(login: str) -> None:
    """Close LOGIN: its sessions end at once. What it filed stays."""
    _set_active(login, False)
    click.echo(f"已停用 · closed: {login}")


@account.command()
@click.argument("login")
def reopen(login: str) -> None:
    """Open LOGIN again, with the password it had."""
    _set_active(login, True)
    click.echo(f"已启用 · open again: {login}")


@account.command()
@click.argument("name")
@click.option("--for", "enterprises", required=True, multiple=True, metavar="USCC")
@click.option("--email", help="Where the agent is told of returned filings.")
def agent(name: str, enterprises: tuple[str, ...], email: str | None) -> None:
    """Let the agent NAME (a park, an accountant) file for these firms, and for no others.

    It files through inbox/NAME/ or `receive --as NAME`. Calling again replaces the list.
    """
    for uscc in enterprises:
        _require_registered(uscc)
    with open_workshop() as shop:
        known = {one.name: one for one in shop.registry.accounts()}
        if name in known and known[name].kind != "agent":
            raise click.BadParameter(f"{name}: 已是其他账号 · is another kind of account")
        shop.registry.ensure_account(
            name,
            "agent",
            enterprises=enterprises,
            email=email,
            display_name=name,
            now=shop.settings.now(),
        )
    click.echo(f"{name}：可代报 {len(enterprises)} 家 · may file for {len(enterprises)}")


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
    _require_registered(uscc)
    made, secret = _keyring().issue(uscc, label, "administrator", days)
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
    found = _keyring().keys(uscc)
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
    _keyring().revoke(key_id)
    click.echo(f"已吊销 · revoked: {key_id}")


def _set_active(login: str, active: bool) -> None:
    _door().set_active(login, active)


def _door() -> Door:
    from greenmfg.access import open_door

    # A home that was never founded has no accounts, and must not get half a registry by asking.
    with open_workshop():
        return open_door(settings())


def _keyring() -> Keyring:
    from greenmfg.access import open_keyring

    with open_workshop():
        return open_keyring(settings())


def _require_registered(uscc: str) -> None:
    """A firm has an account once its register row is in force; a mistyped code never gets one."""
    with open_workshop() as shop:
        if all(one.name != uscc for one in shop.registry.accounts() if one.kind == "firm"):
            raise click.BadParameter(
                f"{uscc!r}: 名录中没有这家企业 · no enterprise of the register",
                param_hint="USCC",
            )


def _show_password(login: str, password: str, as_json: bool) -> None:
    if as_json:
        said: dict[str, Any] = {"login": login, "password": password}
        print_json(said)
        return
    click.echo(
        f"{login} 的初始密码，只显示这一次，首次登录时须修改 · first password, shown this once:"
    )
    click.echo(password)
