"""Backup and restore: what cannot be derived again, that is raw files, checked rows and the registry.

Warehouse and releases are left out: `greenmfg rebuild` makes them from these.
"""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from greenmfg.pipeline.founding import HomeUnusable, prepare_home
from greenmfg.settings import Settings

_ROOMS = ("raw", "rows")


@dataclass(frozen=True)
class Copied:
    files: int
    bytes: int


def backup(settings: Settings, folder: Path) -> Copied:
    """Copies the registry (as of one instant) first and the immutable files after it, so that
    every file the copied registry names is there.

    Raises:
        HomeUnusable: the folder is not empty, or the registry is not a SQLite file.
    """
    if folder.exists() and any(folder.iterdir()):
        raise HomeUnusable(f"{folder} 不是空目录 · is not empty")
    folder.mkdir(parents=True, exist_ok=True)
    with (
        sqlite3.connect(_registry_file(settings)) as source,
        sqlite3.connect(folder / "registry.sqlite") as target,
    ):
        source.backup(target)
    for room in _ROOMS:
        place = settings.home / room
        if place.is_dir():
            shutil.copytree(place, folder / room, dirs_exist_ok=True)
    return _counted(folder)


def restore(settings: Settings, folder: Path) -> Copied:
    """Makes an empty home from a backup.

    Raises:
        HomeUnusable: the home already holds a registry, or the folder is no backup.
    """
    registry = _registry_file(settings)
    if registry.exists():
        raise HomeUnusable(f"{settings.home} 已有登记库 · already holds a registry")
    if not (folder / "registry.sqlite").is_file():
        raise HomeUnusable(f"{folder} 不是备份 · is not a backup: registry.sqlite is missing")
    prepare_home(settings)
    for room in _ROOMS:
        if (folder / room).is_dir():
            shutil.copytree(folder / room, settings.home / room, dirs_exist_ok=True)
    shutil.copy2(folder / "registry.sqlite", registry)
    return _counted(folder)


def _registry_file(settings: Settings) -> Path:
    prefix = "sqlite:///"
    if not settings.registry_url.startswith(prefix):
        raise HomeUnusable(
            "登记库不是 SQLite 文件，请用数据库自己的备份工具"
            " · the registry is no SQLite file: use its own backup tool (pg_dump)"
        )
    return Path(settings.registry_url.removeprefix(prefix))


def _counted(folder: Path) -> Copied:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return Copied(len(files), sum(path.stat().st_size for path in files))
