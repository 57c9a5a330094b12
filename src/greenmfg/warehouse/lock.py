"""One writer at a time: a lock file beside the workbench."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from greenmfg.settings import Settings


class WarehouseBusy(RuntimeError):
    """Another process writes the workbench; the message says which step and process."""


def lock_path(settings: Settings) -> Path:
    return settings.warehouse.parent / ".lock"


@contextmanager
def one_writer(settings: Settings, step: str, wait_seconds: float = 0.0) -> Iterator[None]:
    """Holds the workbench for one step; the lock goes with the process, however it ends.

    Raises:
        WarehouseBusy: another process holds it and did not let go within `wait_seconds`.
    """
    path = lock_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _acquire(descriptor, path, wait_seconds)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{step}, process {os.getpid()}".encode(), 0)
        yield
    finally:
        # Closing drops the lock; the file stays, or a waiting process would hold a deleted one.
        os.close(descriptor)


def _acquire(descriptor: int, path: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(descriptor, 200, 0).decode(errors="replace") or "?"
                raise WarehouseBusy(
                    f"另一进程正在写入仓库 · the warehouse is being written ({holder}): {path}. "
                    "稍后再试 · try again when it is done."
                ) from None
            time.sleep(0.05)
