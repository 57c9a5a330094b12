"""What the commands share: settings, options, and the words for trouble that is known."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from greenmfg.settings import DISTRICT_TIME, Settings, SettingsError

if TYPE_CHECKING:
    from greenmfg.contract import Words
    from greenmfg.pipeline.workshop import Workshop

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")


class Month(click.ParamType[date]):
    """A month written 2026-10 (or 202610)."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        found = re.fullmatch(r"(\d{4})-?(0[1-9]|1[0-2])", str(value))
        if not found:
            self.fail(f"{value!r} 不是月份 · is not a month: 写成 · write 2026-10", param, ctx)
        return date(int(found[1]), int(found[2]), 1)


def settings() -> Settings:
    """The settings of this call. Raises SettingsError, which `main` explains."""
    return Settings.from_environment()


@contextmanager
def open_workshop(create: bool = False) -> Iterator[Workshop]:
    """The home's workshop for one command."""
    from greenmfg.pipeline.workshop import workshop

    with workshop(settings(), create=create) as shop:
        yield shop


def renew_release(shop: Workshop) -> None:
    """After an upgrade, makes the release anew. Where that fails the last one stays, and is said."""
    from greenmfg.pipeline.releasing import HOLDS_BACK, renew_after_upgrade
    from greenmfg.warehouse import WarehouseBusy

    try:
        renewed = renew_after_upgrade(shop)
    except (*HOLDS_BACK, WarehouseBusy) as error:
        click.echo(
            "软件已更新，但新版本未能发布，沿用上一版本"
            f" · upgraded, but the release could not be made anew and stays: {error}",
            err=True,
        )
        return
    if renewed is not None:
        click.echo(
            f"软件已更新，已重新发布 · upgraded, and published anew: {renewed.release}", err=True
        )


def stamp(moment: datetime) -> str:
    """An instant (aware) in the district's civil time, to the minute."""
    return f"{moment.astimezone(DISTRICT_TIME):%Y-%m-%d %H:%M}"


def print_json(value: object) -> None:
    """JSON on stdout; Chinese stays readable, decimals and dates become text."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def known_trouble(error: Exception) -> str | None:
    """One line for trouble that a person can mend; None for a fault of ours."""
    if isinstance(error, SettingsError):
        return f"设置有误 · a setting is wrong: {error}"
    if type(error).__name__ in _KNOWN:
        return str(error)
    if type(error).__name__ == "AccessError":
        words: Words = error.words  # type: ignore[attr-defined]
        return f"{words.zh} · {words.en}"
    if isinstance(error, ModuleNotFoundError) and error.name in _EXTRAS:
        return (
            f"这个命令需要 · this command needs {error.name}: pip install"
            f" 'greenmfg[{_EXTRAS[error.name]}]'"
        )
    if isinstance(error, _FILE_TROUBLE):
        return f"{error.filename}: {error.strerror}"
    return None


_FILE_TROUBLE = (PermissionError, FileNotFoundError, IsADirectoryError, NotADirectoryError)
# By name: importing the rooms that define them would cost every command their start.
_KNOWN = {
    "BundleUnreadable",
    "RegistryMissing",
    "RegistryNewer",
    "RegistryOutdated",
    "ReviewRefused",
    "UnknownAccount",
    "UnknownFiling",
    "UnknownLine",
    "UnknownRelease",
    "UnknownSubmission",
    "HomeUnusable",
    "NoRelease",
    "WarehouseBusy",
    "WarehouseOutdated",
    "LoadError",
    "BuildFailed",
    "ReleaseRefused",
    "ReleaseFaulty",
    "RawFileDamaged",
    "RawNoLongerReadable",
    "UnknownSubject",
    "NotPublic",
    "UnknownMart",
    "UnknownMonth",
    "MomentUnknown",
    "ContractError",
    "RuleError",
}
_EXTRAS = {
    "dbt": "indicators",
    "airflow": "orchestration",
    "streamlit": "front",
    "uvicorn": "front",
}
