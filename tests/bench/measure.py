"""How a thing is measured: whole processes and warm calls, medians, beside a yardstick of the same run."""

from __future__ import annotations

import os
import resource
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the report. `limit` is the promise, in the figure's unit; None: for information."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    note: str = ""

    @property
    def kept(self) -> bool:
        return self.limit is None or self.value <= self.limit

    def line(self) -> str:
        promise = "" if self.limit is None else f"  ≤ {self.limit:g} {self.unit}"
        mark = "" if self.limit is None else ("  ✓" if self.kept else "  ✗")
        note = f"  ({self.note})" if self.note else ""
        return f"{self.what:<58} {self.value:>10.3f} {self.unit:<6}{promise}{mark}{note}"


def median_seconds(act: Callable[[], object], times: int) -> float:
    """Median wall time of a warm call."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def process_seconds(command: Sequence[str], times: int, env: dict[str, str]) -> float:
    """Median wall time of a whole process; its exit code may be 0 or 1 (the data has errors)."""

    def run() -> None:
        done = subprocess.run(command, env=env, capture_output=True, check=False)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{command}: exit {done.returncode}: {done.stderr.decode()[-500:]}")

    return median_seconds(run, times)


def environment(home: str) -> dict[str, str]:
    """The environment of a measured process."""
    return {**os.environ, "GREENMFG_HOME": home, "GREENMFG_TODAY": "2026-11-23"}


def peak_gib() -> float:
    """Peak resident memory of this process, GiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**3 if sys.platform == "darwin" else 1024**2)


def load() -> str:
    """The machine's load, said beside the figures."""
    one, five, _ = os.getloadavg()
    return f"load {one:.2f} (1 min), {five:.2f} (5 min), {os.cpu_count()} cores"


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
