"""The running service: file dropped → verdict → release, with Airflow up and idle."""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.measure import Figure, environment, free_port

SAMPLES = Path(__file__).parent.parent / "samples"
GREENMFG = str(Path(sys.executable).parent / "greenmfg")
_PATIENCE = 180.0


def figures(place: Path) -> Iterator[Figure]:
    home = place / "home"
    env = {
        **environment(str(home)),
        "GREENMFG_PORT": str(free_port()),
        "GREENMFG_AIRFLOW_PORT": str(free_port()),
    }
    subprocess.run([GREENMFG, "init"], env=env, check=True, capture_output=True)
    subprocess.run(
        [GREENMFG, "receive", str(SAMPLES / "register.csv")],
        env=env,
        check=True,
        capture_output=True,
    )
    subprocess.run([GREENMFG, "run"], env=env, check=True, capture_output=True)
    log = (place / "serve.log").open("wb")
    start = time.perf_counter()
    service = subprocess.Popen(
        [GREENMFG, "serve"], env=env, stdout=log, stderr=log, start_new_session=True
    )
    try:
        _until(lambda: b"Ctrl-C" in (place / "serve.log").read_bytes())
        yield Figure("serve: ready", time.perf_counter() - start, "s", 60)
        time.sleep(5)  # idle, as the promise says
        verdicts, releases = [], []
        for number in range(5):
            verdict, release = _drop(home, number)
            verdicts.append(verdict)
            releases.append(release)
        yield Figure("file dropped → verdict, median", statistics.median(verdicts), "s", 10)
        yield Figure("file dropped → release, median", statistics.median(releases), "s", 30)
    finally:
        os.kill(service.pid, signal.SIGTERM)
        start = time.perf_counter()
        service.wait(60)
    yield Figure("serve: stopped", time.perf_counter() - start, "s")


def _drop(home: Path, number: int) -> tuple[float, float]:
    """Drops a new version of one month; (seconds to the verdict, seconds to the release)."""
    outbox = home / "outbox" / "steward"
    pointer = home / "releases" / "CURRENT"
    known, published = set(outbox.glob("*.json")), pointer.read_bytes()
    text = (SAMPLES / "energy_good_gb18030.csv").read_bytes()
    draft = home / f"draft-{number}.csv"
    draft.write_bytes(text.replace(b",100.5,", f",{100 + number}.25,".encode()))
    start = time.perf_counter()
    shutil.move(draft, home / "inbox" / f"energy-{number}.csv")
    _until(lambda: bool(set(outbox.glob("*.json")) - known))
    verdict = time.perf_counter() - start
    _until(lambda: pointer.read_bytes() != published)
    return verdict, time.perf_counter() - start


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("the service did not answer in time")
        time.sleep(0.05)
