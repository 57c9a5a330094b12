"""A part for tests: `fake_part.py FOLDER NAME KIND`. Each of its processes leaves its pid there."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

folder, name, kind = Path(sys.argv[1]), sys.argv[2], sys.argv[3]


def register(role: str) -> None:
    (folder / f"{name}.{role}.{os.getpid()}").touch()


def deaf() -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def run_away() -> None:
    """A grandchild in a session of its own, deaf, whose parent has gone."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            deaf()
            register("runaway")
            time.sleep(300)
        os._exit(0)
    os.wait()


if kind == "stubborn":
    deaf()
if kind in ("runaway", "dies-once", "dies"):
    run_away()
lives = len(list(folder.glob(f"{name}.leader.*")))
register("leader")
print(f"{name} says hello in its life {lives + 1}", flush=True)
if kind == "dies" or (kind == "dies-once" and lives == 0):
    print("ValueError: something broke", flush=True)
    sys.exit(3)
time.sleep(300)
