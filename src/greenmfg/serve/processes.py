"""What the operating system offers for keeping hold of processes: sessions, orphans, sudden death.

Linux gives three guarantees that are used here: a *subreaper* becomes the parent of every orphan
below it, so no process can slip away by starting a session of its own; a *parent-death signal*
reaches a child even when its parent is killed with SIGKILL; `/proc` tells who descends from whom.
Elsewhere (macOS) only sessions and `ps` are to be had, so a process that both leaves its session
and loses its parent is out of reach.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Process:
    """One line of the process table. `session` is the pid of the session's leader."""

    pid: int
    parent: int
    session: int
    zombie: bool


def become_subreaper() -> None:
    """From now on orphans below this process become its children (Linux; elsewhere nothing)."""
    if sys.platform == "linux":
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` that has the kernel send `number` to the new process when its parent dies."""
    parent = os.getpid()

    def ask() -> None:
        if sys.platform != "linux":
            return
        _prctl(_PR_SET_PDEATHSIG, int(number))
        # The parent may have died between fork and prctl; then no signal would ever come.
        if os.getppid() != parent:
            os.kill(os.getpid(), number)

    return ask


def process_table() -> dict[int, Process]:
    """All processes that can be seen now, by pid."""
    return _table_from_proc() if sys.platform == "linux" else _table_from_ps()


def descendants(root: int, table: dict[int, Process] | None = None) -> list[Process]:
    """Every living process below `root`, children before grandchildren; zombies are not alive."""
    table = process_table() if table is None else table
    children: dict[int, list[Process]] = {}
    for process in table.values():
        children.setdefault(process.parent, []).append(process)
    found: list[Process] = []
    queue = list(children.get(root, []))
    while queue:
        process = queue.pop(0)
        found.append(process)
        queue.extend(children.get(process.pid, []))
    return [process for process in found if not process.zombie]


def reap() -> dict[int, int]:
    """Collects every child that has ended, adopted orphans too: pid → exit code (-n: signal n)."""
    ended: dict[int, int] = {}
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended[pid] = os.waitstatus_to_exitcode(status)


def send(number: signal.Signals, pids: Iterable[int]) -> None:
    """Sends a signal to each process that is still there."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue  # it ended in the meantime, which is what was wanted


def end_all(find: Callable[[], list[int]], *, grace: float, collect: Callable[[], object]) -> bool:
    """Ends whatever `find` names: SIGTERM, up to `grace` seconds, then SIGKILL until none is left.

    `collect` is called often to reap. Returns whether `find` came up empty in the end; a process
    that is stuck in the kernel outlives even SIGKILL.
    """
    send(signal.SIGTERM, find())
    if wait_until(lambda: (collect(), not find())[1], grace):
        return True
    deadline = time.monotonic() + 5.0
    while (left := find()) and time.monotonic() < deadline:
        send(signal.SIGKILL, left)
        time.sleep(0.05)
        collect()
    return not find()


def wait_until(condition: Callable[[], bool], seconds: float, step: float = 0.05) -> bool:
    """Whether `condition` came true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(step)
    return True


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}) failed")


def _table_from_proc() -> dict[int, Process]:
    table: dict[int, Process] = {}
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            line = Path(entry.path, "stat").read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we were reading
        # The name in brackets may hold spaces and brackets itself.
        state, parent, _group, session = line[line.rindex(")") + 2 :].split()[:4]
        pid = int(entry.name)
        table[pid] = Process(pid, int(parent), int(session), zombie=state in "ZX")
    return table


def _table_from_ps() -> dict[int, Process]:
    columns = ["-o", "pid=", "-o", "ppid=", "-o", "pgid=", "-o", "state="]
    listing = subprocess.run(["ps", "-A", *columns], check=True, capture_output=True, text=True)
    table: dict[int, Process] = {}
    for line in listing.stdout.splitlines():
        pid, parent, group, state = line.split()[:4]
        table[int(pid)] = Process(int(pid), int(parent), int(group), state.startswith("Z"))
    return table
