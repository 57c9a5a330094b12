"""One running service per home folder."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from greenmfg.serve.preflight import PreflightError


@contextmanager
def only_one(path: Path, *, since: datetime, address: str) -> Iterator[None]:
    """Holds the home folder's lock; forked children hold it too, so it outlives a killed parent.

    Raises:
        PreflightError: a service runs on this home already; the line says which.
    """
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise PreflightError(_who(path)) from held
        file.seek(0)
        file.truncate()
        running = {"pid": os.getpid(), "since": since.isoformat(), "address": address}
        file.write(json.dumps(running) + "\n")
        file.flush()
        yield


def _who(path: Path) -> str:
    text = path.read_text(encoding="utf-8").strip()
    # The other one may have locked but not yet written.
    running = json.loads(text) if text else {"pid": "?", "since": "?", "address": "?"}
    pid, since, address = running["pid"], running["since"], running["address"]
    if isinstance(pid, int) and not _is_alive(pid):
        # Killed by force: its keeper still holds the lock while it ends the parts.
        return (
            f"此目录上一次的服务正在停止，请稍候再试：{path.parent} · "
            f"the last service on this home is still stopping, try again in a few seconds"
        )
    return (
        f"此目录已有服务在运行：{path.parent}，进程 {pid}，始于 {since}，{address} · "
        f"already running on this home: pid {pid} since {since} at {address}; kill {pid} stops it"
    )


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
