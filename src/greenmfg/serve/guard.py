"""Two processes instead of one, so that not even `kill -9` leaves anything running.

The *watcher* is the process that was started: it holds the terminal, forwards signals and waits.
The *keeper* is its child, in a session of its own, and starts everything else. If the watcher is
killed, the kernel tells the keeper, which stops all; if the keeper is killed, everything below it
falls to the watcher, which ends it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from greenmfg.serve import processes

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
EXIT_BROKEN = 2


def run_guarded(keep: Callable[[], int], *, grace: float) -> int:
    """Runs `keep` in the keeper and returns its exit code once no process of it remains.

    Must be called from the main thread, before threads are started: it forks. `grace` is how long,
    in seconds, processes of a killed keeper get to end by themselves.
    """
    wanted = _signals_to_heed()
    processes.become_subreaper()
    sys.stdout.flush()
    sys.stderr.flush()
    # A signal between fork and the installation of handlers must wait, not kill one of the two.
    signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
    tie = processes.die_with_parent(signal.SIGTERM)
    keeper = os.fork()
    if keeper == 0:
        _be_the_keeper(keep, tie)
    before = {number: signal.getsignal(number) for number in wanted}
    try:
        return _watch(keeper, wanted, grace)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _signals_to_heed() -> tuple[signal.Signals, ...]:
    # Under nohup a closed terminal is meant to be ignored.
    return tuple(s for s in STOP_SIGNALS if signal.getsignal(s) is not signal.SIG_IGN)


def _be_the_keeper(keep: Callable[[], int], tie: Callable[[], None]) -> NoReturn:
    """`keep` installs its handlers and unblocks the signals itself."""
    code = EXIT_BROKEN
    try:
        # Out of the terminal's foreground group: a Ctrl-C then comes once, from the watcher.
        os.setsid()
        processes.become_subreaper()
        tie()
        code = keep()
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        # An unforeseen error must not leave parts behind either.
        processes.end_all(
            lambda: [p.pid for p in processes.descendants(os.getpid())],
            grace=2.0,
            collect=processes.reap,
        )
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _watch(keeper: int, wanted: tuple[signal.Signals, ...], grace: float) -> int:
    def forward(number: int, _frame: FrameType | None) -> None:
        processes.send(signal.Signals(number), [keeper])

    for number in wanted:
        signal.signal(number, forward)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, wanted)
    _pid, status = os.waitpid(keeper, 0)
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return code
    clean = processes.end_all(
        lambda: [p.pid for p in processes.descendants(os.getpid())],
        grace=grace,
        collect=processes.reap,
    )
    outcome = "已全部停止 · all stopped" if clean else "仍有残留进程 · some processes remain"
    print(f"监护进程被终止 · the keeper was killed: {outcome}", file=sys.stderr)
    return EXIT_BROKEN
