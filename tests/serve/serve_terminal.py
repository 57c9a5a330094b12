"""A service with fake parts in a terminal of its own, and a look at what is left of it."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from greenmfg.serve import processes

PROGRAM = Path(__file__).with_name("fake_service.py")
PATIENCE_SECONDS = 40.0


class Terminal:
    """A running `fake_service.py`, and the person in front of it."""

    def __init__(self, folder: Path, kinds: tuple[str, ...]) -> None:
        self.folder = folder
        self.screen = ""
        self._code: int | None = None
        (folder / "pids").mkdir(exist_ok=True)
        arguments = [sys.executable, str(PROGRAM), str(folder), *kinds]
        self.pid, self._line = pty.fork()
        if self.pid == 0:
            os.execv(sys.executable, arguments)

    def wait_for_text(self, text: str) -> None:
        self._wait(lambda: text in self.screen, f"{text!r} on the screen")

    def wait_for_processes(self, count: int) -> None:
        self._wait(lambda: len(self.registered()) >= count, f"{count} processes")

    def wait_for_end(self) -> int:
        self._wait(self._has_ended, "the end")
        assert self._code is not None
        return self._code

    def wait_until_nothing_is_left(self) -> None:
        self._wait(lambda: not self.alive(), "an empty process table")

    def type(self, keys: bytes) -> None:
        os.write(self._line, keys)

    def close_window(self) -> None:
        os.close(self._line)
        self._line = -1

    def kill(self, number: signal.Signals, pid: int | None = None) -> None:
        os.kill(pid or self.pid, number)

    @property
    def keeper(self) -> int:
        table = processes.process_table()
        return next(one.pid for one in table.values() if one.parent == self.pid)

    def registered(self) -> set[int]:
        return {int(path.suffix[1:]) for path in (self.folder / "pids").iterdir()}

    def alive(self) -> set[int]:
        """Processes of the service that still run, wherever they have gone."""
        table = processes.process_table()
        below = {one.pid for one in processes.descendants(self.pid, table)}
        return {pid for pid in self.registered() | below if pid in table and not table[pid].zombie}

    def clean_up(self) -> None:
        if not self._has_ended():
            processes.send(signal.SIGKILL, [*self.alive(), self.pid])
        processes.send(signal.SIGKILL, self.alive())
        if self._line >= 0:
            os.close(self._line)

    def _has_ended(self) -> bool:
        if self._code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code is not None

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"waited for {what}; the screen:\n{self.screen}"
            self._read()
        self._read()

    def _read(self) -> None:
        if self._line < 0:
            time.sleep(0.05)
            return
        with contextlib.suppress(OSError):  # nobody writes to this terminal any more
            while select.select([self._line], [], [], 0.05)[0]:
                chunk = os.read(self._line, 65536)
                if not chunk:
                    return
                self.screen += chunk.decode("utf-8", errors="replace")
