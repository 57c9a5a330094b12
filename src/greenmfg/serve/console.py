"""What the service says while it runs: on the screen, and with times in `serve.log`."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from pathlib import Path

from greenmfg.settings import DISTRICT_TIME

_KEEP_BYTES = 10 * 1024 * 1024


class Console:
    """Prints lines and keeps them in a log file."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._started = time.monotonic()

    def say(self, text: str) -> None:
        """One or more lines for a person."""
        stamp = datetime.now(DISTRICT_TIME).isoformat(timespec="seconds")
        with self._log.open("a", encoding="utf-8") as file:
            file.write(f"{stamp} {text}\n")
        try:
            print(text, flush=True)
        except OSError:
            # The terminal was closed: there is nobody to tell, and stopping must go on.
            sys.stdout = self._log.open("a", encoding="utf-8")

    def step(self, text: str) -> None:
        """A line of progress, with the seconds since the start."""
        self.say(f"[{time.monotonic() - self._started:5.1f} s] {text}")


def roll(log: Path) -> None:
    """Puts a log that has grown large aside as `<name>.1`, replacing the one before."""
    if log.exists() and log.stat().st_size > _KEEP_BYTES:
        log.replace(log.with_name(log.name + ".1"))


def last_lines(log: Path, since: int, count: int = 12) -> list[str]:
    """The last non-empty lines of a log written after byte `since`."""
    with log.open("rb") as file:
        file.seek(max(since, log.stat().st_size - 64 * 1024))
        lines = file.read().decode("utf-8", errors="replace").splitlines()
    return [line for line in lines if line.strip()][-count:]
