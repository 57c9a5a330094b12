"""The life of the service: prepare, start, say when it is ready, look after it, stop."""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, datetime
from types import FrameType

from greenmfg.serve import health, parts
from greenmfg.serve.console import Console
from greenmfg.serve.guard import EXIT_BROKEN, STOP_SIGNALS, run_guarded
from greenmfg.serve.lock import only_one
from greenmfg.serve.options import ServeOptions
from greenmfg.serve.preflight import owner_only
from greenmfg.serve.supervisor import PartGaveUp, Supervisor
from greenmfg.settings import Settings

_TICK_SECONDS = 0.1
_LOOK_SECONDS = 0.5
_PROGRESS_SECONDS = 1.0
_LOOK_WHEN_READY_SECONDS = 15.0


def run(settings: Settings, options: ServeOptions) -> int:
    """Holds the home folder's lock and runs the service under guard; the exit code.

    Raises:
        PreflightError: a service runs on this home already.
    """
    since = datetime.now(UTC).replace(microsecond=0)
    lock = settings.home / "serve.lock"
    with only_one(lock, since=since, address=parts.front_address(options)):
        owner_only(settings.logs)
        settings.inbox.mkdir(exist_ok=True)
        watcher = os.getpid()
        return run_guarded(lambda: _Service(settings, options, watcher).live(), grace=options.grace)


class _Service:
    """The keeper's work. `watcher` is the pid that a person stops."""

    def __init__(self, settings: Settings, options: ServeOptions, watcher: int) -> None:
        self._settings = settings
        self._options = options
        self._watcher = watcher
        self._console = Console(settings.logs / "serve.log")
        self._supervisor = Supervisor(self._console, restarts=options.restarts, grace=options.grace)
        self._stop_asked: signal.Signals | None = None
        self._unwell: frozenset[str] = frozenset()
        self._silent: frozenset[str] = frozenset()
        self._started_at = datetime.now(UTC)
        self._look_at = 0.0
        self._progress_at = 0.0
        self._progress_shown: str | None = None

    def live(self) -> int:
        """From the first process to the last; the exit code of the service."""
        self._heed_signals()
        code = 0
        try:
            self._start()
            if self._stop_asked is None and not self._wait_until_ready():
                code = EXIT_BROKEN
            while code == 0 and self._stop_asked is None:
                self._look_after()
        except PartGaveUp as gone:
            self._console.step(
                f"{gone} 反复退出，全部停止；日志见 {self._settings.logs} · {gone} keeps dying, "
                f"stopping everything; the logs are in {self._settings.logs}"
            )
            code = EXIT_BROKEN
        return self._stop(code)

    def _heed_signals(self) -> None:
        def ask(number: int, _frame: FrameType | None) -> None:
            if self._stop_asked is not None and number == signal.SIGINT:
                self._supervisor.hurry()
            self._stop_asked = self._stop_asked or signal.Signals(number)

        for number in STOP_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, ask)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)

    # Starting ----------------------------------------------------------------------------------

    def _start(self) -> None:
        self._console.step(
            f"启动，数据目录 {self._settings.home} · starting on {self._settings.home}"
        )
        # The pages need no Airflow, so they need not wait for its database.
        self._supervisor.start(parts.front(self._settings, self._options))
        if not parts.is_prepared(self._settings) and not self._prepare():
            return
        for part in parts.airflow(self._settings, self._options):
            self._supervisor.start(part)
        if errand := parts.errand(self._settings, self._options):
            self._supervisor.start_once(errand)

    def _prepare(self) -> bool:
        """Brings Airflow's database up to date; False when asked to stop meanwhile."""
        self._console.step("准备 Airflow 元数据库 · preparing Airflow's metadata database")
        preparation = parts.preparation(self._settings, self._options)
        self._supervisor.start_once(preparation)
        while (code := self._supervisor.exit_code(preparation.name)) is None:
            if self._stop_asked is not None:
                return False
            self._tick()
        if code != 0:
            self._show_tail(preparation.name)
            raise PartGaveUp(preparation.name)
        parts.mark_prepared(self._settings)
        return True

    def _wait_until_ready(self) -> bool:
        """Says which part is ready when; False when patience runs out."""
        deadline = time.monotonic() + self._options.patience
        everything = {"front", "api-server", "scheduler", "triggerer", "dag-processor"}
        waiting = frozenset(everything)
        while waiting and self._stop_asked is None:
            self._tick()
            if time.monotonic() < self._look_at:
                continue
            self._look_at = time.monotonic() + _LOOK_SECONDS
            unwell = self._ask_all()
            for name in sorted(waiting - unwell):
                self._console.step(f"{name} 就绪 · {name} is ready")
            waiting = waiting & unwell
            if waiting and time.monotonic() > deadline:
                self._give_up_waiting(waiting)
                return False
        if self._stop_asked is None:
            self._greet()
        return True

    def _give_up_waiting(self, waiting: frozenset[str]) -> None:
        names, seconds = ", ".join(sorted(waiting)), self._options.patience
        self._console.step(
            f"{seconds:.0f} 秒后仍未就绪：{names} · not ready after {seconds:.0f} s: {names}"
        )
        for name in sorted(waiting):
            self._show_tail(name)

    def _greet(self) -> None:
        airflow, secrets = parts.airflow_address(self._options), parts.airflow_home(self._settings)
        self._console.step("全部就绪 · everything is ready")
        self._console.say(
            f"\n  页面 Pages    {parts.front_address(self._options)}\n"
            f"  Airflow       {airflow}  (admin, {secrets / 'passwords.json'})\n"
            f"  收件箱 Inbox  {self._settings.inbox}\n"
            f"  日志 Logs     {self._settings.logs}"
        )
        if self._options.accounts:
            self._console.say("\n" + self._options.accounts.rstrip())
        self._console.say(
            f"\n  停止：按 Ctrl-C，或 kill {self._watcher} · "
            f"to stop: Ctrl-C, or kill {self._watcher}\n"
        )

    # Looking after -----------------------------------------------------------------------------

    def _look_after(self) -> None:
        self._tick()
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + _LOOK_WHEN_READY_SECONDS
        silent = self._ask_all()
        # One missed answer is a busy machine; two in a row are worth a word.
        unwell = silent & (self._silent | self._unwell)
        self._silent = silent
        for name in sorted(unwell - self._unwell):
            self._console.step(f"{name} 无响应 · {name} does not answer")
        for name in sorted(self._unwell - unwell):
            self._console.step(f"{name} 已恢复 · {name} is well again")
        self._unwell = unwell

    def _ask_all(self) -> frozenset[str]:
        airflow = health.airflow_unwell(self._options.airflow_port, self._started_at)
        return airflow | health.front_unwell(self._options.front_port)

    def _tick(self) -> None:
        self._supervisor.tick()
        self._show_progress()
        time.sleep(_TICK_SECONDS)

    def _show_progress(self) -> None:
        if self._options.progress is None or time.monotonic() < self._progress_at:
            return
        self._progress_at = time.monotonic() + _PROGRESS_SECONDS
        line = self._options.progress()
        if line and line != self._progress_shown:
            self._progress_shown = line
            self._console.step(line)

    def _show_tail(self, name: str) -> None:
        for line in self._supervisor.tail(name):
            self._console.say(f"    {name} | {line}")

    # Stopping ----------------------------------------------------------------------------------

    def _stop(self, code: int) -> int:
        self._console.step("正在停止…（再按 Ctrl-C 立即停止）· stopping (Ctrl-C again: at once)")
        if self._supervisor.stop():
            self._console.step("已停止，没有残留进程 · stopped, nothing is left running")
            return code
        self._console.step("仍有残留进程无法停止 · some processes could not be stopped")
        return EXIT_BROKEN
