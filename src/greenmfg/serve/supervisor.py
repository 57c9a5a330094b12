"""Keeps the parts running: each in a session of its own, started again if it dies, all ended."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from greenmfg.serve import processes
from greenmfg.serve.console import Console, last_lines, roll
from greenmfg.serve.parts import Part

_RESTART_WINDOW_SECONDS = 300.0
_LONGEST_PAUSE_SECONDS = 30.0
# For parts that hold no work. Airflow's triggerer often waits 10 s for a child that has gone.
_IDLE_GRACE = 2.0


class PartGaveUp(RuntimeError):
    """A part died more often than it may; the service cannot go on."""


@dataclass
class _Running:
    part: Part
    process: subprocess.Popen[bytes] | None = None
    log_start: int = 0
    start_again_at: float | None = None
    once: bool = False
    exit_code: int | None = None
    deaths: deque[float] = field(default_factory=deque)


class Supervisor:
    """Owns every process below this one; the process must be a subreaper of its own.

    Call `tick` often, and all else too, from the main thread. Only `stop` waits.
    """

    def __init__(self, console: Console, *, restarts: int, grace: float) -> None:
        self._console = console
        self._restarts = restarts
        self._grace = grace
        self._hurried = False
        self._running: dict[str, _Running] = {}

    def start(self, part: Part) -> None:
        """Starts a part; when it dies, `tick` starts it again.

        Raises:
            OSError: the command cannot be run at all.
        """
        running = self._running[part.name] = _Running(part)
        roll(part.log)
        self._spawn(running)

    def tick(self) -> None:
        """Collects what has ended, says so, and starts again what is due.

        Raises:
            PartGaveUp: a part has used up its restarts.
        """
        ended = processes.reap()
        for running in self._running.values():
            if running.process is not None and running.process.pid in ended:
                self._bury(running, ended[running.process.pid])
            due = running.start_again_at
            if due is not None and time.monotonic() >= due:
                running.start_again_at = None
                self._spawn(running)

    def tail(self, name: str) -> list[str]:
        """The last lines that a part has logged since it was last started."""
        running = self._running[name]
        return last_lines(running.part.log, running.log_start)

    def start_once(self, part: Part) -> None:
        """Starts a program that is meant to end; `exit_code` tells when it has.

        Raises:
            OSError: the command cannot be run at all.
        """
        running = self._running[part.name] = _Running(part, once=True)
        roll(part.log)
        self._spawn(running)

    def exit_code(self, name: str) -> int | None:
        """How a program started with `start_once` ended; None while it runs."""
        return self._running[name].exit_code

    def hurry(self) -> None:
        """Cuts short a `stop` that is under way. Safe to call from a signal handler."""
        self._hurried = True

    def stop(self) -> bool:
        """Ends every process below this one; whether none remains.

        The leaders are asked first, for each knows best in which order to end its own children.
        Whatever is left after its time, in whichever session, is ended by force.
        """
        for last in (False, True):
            self._stop_leaders([r for r in self._running.values() if r.part.stop_last is last])
        nothing_left = processes.end_all(
            lambda: _pids(processes.descendants(os.getpid())),
            grace=0.0 if self._hurried else min(self._grace, 2.0),
            collect=processes.reap,
        )
        self._running.clear()
        return nothing_left

    def _spawn(self, running: _Running) -> subprocess.Popen[bytes]:
        part = running.part
        part.log.parent.mkdir(parents=True, exist_ok=True)
        with part.log.open("ab") as log:
            running.log_start = log.tell()
            running.process = subprocess.Popen(
                part.command,
                cwd=part.folder,
                env=dict(part.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # Safe: the keeper has no threads.
                preexec_fn=processes.die_with_parent(signal.SIGTERM),  # noqa: PLW1509
            )
        return running.process

    def _bury(self, running: _Running, code: int) -> None:
        """Takes note of a death, ends what the dead one left behind, and plans the next start."""
        assert running.process is not None
        # Popen would otherwise wait for a child that has been collected already.
        running.process.returncode = code
        dead, running.process = running.process.pid, None
        name = running.part.name
        if running.once:
            running.exit_code = code
            return
        processes.end_all(lambda: self._left_by(dead), grace=2.0, collect=lambda: None)
        now = time.monotonic()
        while running.deaths and now - running.deaths[0] > _RESTART_WINDOW_SECONDS:
            running.deaths.popleft()
        running.deaths.append(now)
        died_zh, died_en = _how(code)
        self._console.step(f"{name} {died_zh} · {name} {died_en}")
        self._show(name, last_lines(running.part.log, running.log_start))
        if len(running.deaths) > self._restarts:
            raise PartGaveUp(name)
        pause = min(2.0 ** (len(running.deaths) - 1), _LONGEST_PAUSE_SECONDS)
        running.start_again_at = now + pause
        self._console.step(f"{pause:.0f} 秒后重启 {name} · restarting {name} in {pause:.0f} s")

    def _left_by(self, leader: int) -> list[int]:
        """What a dead part left: its session, and orphans that belong to no living part."""
        me = os.getpid()
        table = processes.process_table()
        alive = {r.process.pid for r in self._running.values() if r.process is not None}
        below = processes.descendants(me, table)
        adopted = {p.pid for p in below if p.parent == me and p.session not in alive}
        lost = [q for pid in adopted for q in processes.descendants(pid, table)]
        return _pids(p for p in below if p.session == leader or p.pid in adopted) + _pids(lost)

    def _stop_leaders(self, stopping: list[_Running]) -> None:
        now = time.monotonic()
        deadlines = {
            r.process.pid: now + (self._grace if r.part.has_work else min(self._grace, _IDLE_GRACE))
            for r in stopping
            if r.process is not None
        }
        processes.send(signal.SIGTERM, deadlines)
        while deadlines and not self._hurried:
            for pid in processes.reap():
                deadlines.pop(pid, None)
            late = [pid for pid, deadline in deadlines.items() if time.monotonic() > deadline]
            processes.send(signal.SIGKILL, late)
            for pid in late:
                del deadlines[pid]
            time.sleep(0.05)

    def _show(self, name: str, lines: list[str]) -> None:
        for line in lines:
            self._console.say(f"    {name} | {line}")


def _pids(found: Iterable[processes.Process]) -> list[int]:
    return [process.pid for process in found]


def _how(code: int) -> tuple[str, str]:
    if code < 0:
        name = signal.strsignal(-code) or f"signal {-code}"
        return f"被信号终止（{name}）", f"was ended by a signal ({name})"
    return f"已退出（代码 {code}）", f"ended with exit code {code}"
