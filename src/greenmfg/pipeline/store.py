"""Immutable files: raw bytes as they came, and the checked rows of each attempt."""

from __future__ import annotations

import hashlib
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from greenmfg.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class StoredFile:
    """`path` is relative to its room of the home folder, so that a home can be moved."""

    path: str
    sha256: str
    size: int


def store_raw(settings: Settings, data: bytes) -> StoredFile:
    """Keeps bytes under their own hash; the same bytes are kept once."""
    digest = hashlib.sha256(data).hexdigest()
    relative = f"{digest[:2]}/{digest}"
    _write_once(settings.raw / relative, data)
    return StoredFile(relative, digest, len(data))


def read_raw(settings: Settings, path: str, sha256: str) -> bytes:
    """The bytes as they came.

    Raises:
        RawFileDamaged: they are gone, or are no longer what was received.
    """
    try:
        data = (settings.raw / path).read_bytes()
    except FileNotFoundError:
        raise RawFileDamaged(f"raw file {path} is missing from {settings.raw}") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise RawFileDamaged(f"raw file {path} is not what was received: its hash differs")
    return data


class RawFileDamaged(RuntimeError):
    """A raw file was lost or changed under our hands: ours to mend, from a backup."""


def store_rows(settings: Settings, receipt: str, attempt: int, rows: pa.Table) -> str:
    """Writes the checked rows of one attempt. Returns the path relative to `settings.rows`."""
    import pyarrow.parquet as pq

    relative = f"{receipt[:-3]}/{receipt}-{attempt}.parquet"
    target = settings.rows / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    pq.write_table(rows, partial, compression="zstd")
    os.replace(partial, target)
    return relative


def _write_once(target: Path, data: bytes) -> None:
    if target.exists() and target.stat().st_size == len(data):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, target)
