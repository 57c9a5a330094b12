"""Releases: the marts of one moment as an immutable DuckDB file, and the pointer to the current one.

Staging and publishing are two steps, so that the staged file can be checked in between.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from greenmfg.settings import Settings
from greenmfg.warehouse.keys import kept_keys
from greenmfg.warehouse.lock import one_writer

_POINTER = "CURRENT"


class NoRelease(LookupError):
    """Nothing has been published yet, or the release asked for was never staged."""


class ReleaseFaulty(RuntimeError):
    """The marts cannot become a release; the message names the mart and the fault."""


@dataclass(frozen=True)
class ReleaseRef:
    """A published release: its id, its file, and when (aware, UTC) the pointer moved to it."""

    release: str
    path: Path
    published_at: datetime


def release_path(settings: Settings, release_id: str) -> Path:
    return settings.releases / f"release_{release_id}.duckdb"


def stage_release(settings: Settings, release_id: str, wait_seconds: float = 0.0) -> Path:
    """Copies the marts, typed and under their constraints, into a new file nobody reads yet.

    A release that is published already is left as it is: readers may have it open.

    Raises:
        WarehouseBusy: another process writes the workbench.
        NoRelease: there is no mart to copy.
        ReleaseFaulty: a mart has no primary key, or its rows violate it.
    """
    path = release_path(settings, release_id)
    published = current(settings)
    if published is not None and published.release == release_id:
        return path
    settings.releases.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    try:
        with one_writer(settings, "release", wait_seconds):
            _copy_marts(settings, partial)
        os.replace(partial, path)
    finally:
        for leftover in (partial, partial.with_name(partial.name + ".wal")):
            leftover.unlink(missing_ok=True)
    return path


def publish(settings: Settings, release_id: str) -> ReleaseRef:
    """Moves the pointer to a staged release: one atomic rename.

    Raises:
        NoRelease: the release was not staged.
    """
    path = release_path(settings, release_id)
    if not path.is_file():
        raise NoRelease(f"发布文件不存在 · release {release_id} was not staged: {path}")
    published = current(settings)
    if published is not None and published.release == release_id:
        return published
    reference = ReleaseRef(release_id, path, settings.now())
    pointer = {
        "release": release_id,
        "file": path.name,
        "published_at": reference.published_at.isoformat(),
    }
    partial = settings.releases / f".{_POINTER}.{os.getpid()}"
    with partial.open("w", encoding="utf-8") as file:
        json.dump(pointer, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, settings.releases / _POINTER)
    return reference


def current(settings: Settings) -> ReleaseRef | None:
    """The release that readers see, or None before the first publication."""
    try:
        pointer = json.loads((settings.releases / _POINTER).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return ReleaseRef(
        release=pointer["release"],
        path=settings.releases / pointer["file"],
        published_at=datetime.fromisoformat(pointer["published_at"]),
    )


def prune(settings: Settings, keep: int) -> tuple[Path, ...]:
    """Deletes all but the newest `keep` releases and the current one; returns what went.

    A reader that has a deleted file open keeps reading it: only the name is gone.
    """
    published = current(settings)
    files = sorted(
        settings.releases.glob("release_*.duckdb"),
        key=lambda path: (path.stat().st_mtime_ns, path.name),
        reverse=True,
    )
    current_path = published.path if published else None
    gone = tuple(path for path in files[keep:] if path != current_path)
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def reader(settings: Settings) -> duckdb.DuckDBPyConnection:
    """A read-only cursor on the current release; take a new one for every query.

    The file is opened once per process and release; a moved pointer is seen by the next call,
    while cursors already given out go on reading their own release.

    Raises:
        NoRelease: nothing has been published yet.
    """
    published = current(settings)
    if published is None:
        raise NoRelease(f"尚未发布任何数据 · nothing has been published yet: {settings.releases}")
    with _OPEN_LOCK:
        # A forked child must not use its parent's connection.
        key = (os.getpid(), str(settings.releases))
        opened = _OPEN.get(key)
        if opened is None or opened[0] != published.path:
            opened = (published.path, open_release(settings, published.path))
            _OPEN[key] = opened
        return opened[1].cursor()


_OPEN: dict[tuple[int, str], tuple[Path, duckdb.DuckDBPyConnection]] = {}
_OPEN_LOCK = threading.Lock()


def open_release(settings: Settings, path: Path) -> duckdb.DuckDBPyConnection:
    """Any release file, read-only; the caller closes it."""
    return duckdb.connect(
        str(path),
        read_only=True,
        config={"memory_limit": settings.duckdb_memory, "threads": settings.duckdb_threads},
    )


def _copy_marts(settings: Settings, target: Path) -> None:
    if not settings.warehouse.is_file():
        raise NoRelease(f"仓库不存在 · there is no workbench yet: {settings.warehouse}")
    with duckdb.connect(
        config={"memory_limit": settings.duckdb_memory, "temp_directory": settings.spill}
    ) as connection:
        connection.execute(f"attach {_literal(settings.warehouse)} as workbench (read_only)")
        connection.execute(f"attach {_literal(target)} as release")
        connection.execute("use release")
        connection.execute("create schema marts")
        marts = _marts(connection)
        if not marts:
            raise NoRelease("没有可发布的指标表 · there is no mart to release: build first")
        keys = kept_keys(connection, "workbench")
        for mart, definition, is_constrained in marts:
            if not is_constrained:
                _require_key(connection, mart, keys.get(mart))
            _copy(connection, mart, definition)
        connection.execute("checkpoint release")
        connection.execute("use memory")
        connection.execute("detach release")


def _marts(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, bool]]:
    """Each mart of the workbench: name, definition, and whether a constraint holds its key."""
    rows = connection.execute(
        """
        select table_name, sql, has_primary_key from duckdb_tables()
        where database_name = 'workbench' and schema_name = 'marts'
        order by table_name
        """
    ).fetchall()
    return [(name, sql, has_key) for name, sql, has_key in rows]


def _copy(connection: duckdb.DuckDBPyConnection, mart: str, definition: str) -> None:
    # The definition names no database, so it creates the same typed table in the release.
    connection.execute(definition)
    try:
        connection.execute(f'insert into marts."{mart}" from workbench.marts."{mart}"')
    except duckdb.ConstraintException as violation:
        raise ReleaseFaulty(f"marts.{mart}: {violation}") from violation


def _require_key(
    connection: duckdb.DuckDBPyConnection, mart: str, columns: Sequence[str] | None
) -> None:
    """Of a mart whose key is no constraint.

    Raises:
        ReleaseFaulty: no key is declared, or two rows have the same.
    """
    if columns is None:
        raise ReleaseFaulty(f"marts.{mart}: 没有主键 · it has no primary key")
    key = ", ".join(f'"{column}"' for column in columns)
    twice = connection.execute(
        f'select {key} from workbench.marts."{mart}" group by all having count(*) > 1 limit 1'
    ).fetchone()
    if twice is not None:
        values = ", ".join(map(str, twice))
        raise ReleaseFaulty(f"marts.{mart}: 主键重复 · more than one row of {key}: {values}")


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
