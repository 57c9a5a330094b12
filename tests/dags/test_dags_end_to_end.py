"""Real Airflow under the real supervisor: files dropped in the inbox become a release."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from greenmfg import warehouse
from greenmfg.records import SubmissionState
from greenmfg.registry import Registry, open_registry
from greenmfg.serve import processes
from greenmfg.settings import Settings

PATIENCE_SECONDS = 240.0


class Service:
    """A running service and the person who files with it."""

    def __init__(self, home: Path) -> None:
        environment = {
            **os.environ,
            "GREENMFG_HOME": str(home),
            "GREENMFG_TODAY": "2026-11-23",
            "GREENMFG_PORT": str(free_port()),
            "GREENMFG_AIRFLOW_PORT": str(free_port()),
        }
        self.settings = Settings.from_environment(environment)
        self.output = home.with_name("screen.txt")
        with self.output.open("w") as screen:
            self.process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("real_service.py"))],
                env=environment,
                stdout=screen,
                stderr=subprocess.STDOUT,
            )

    def file(self, path: Path) -> None:
        """Puts a file into the inbox as one should: complete, then renamed into place."""
        hidden = self.settings.inbox / f".{path.name}"
        shutil.copyfile(path, hidden)
        hidden.replace(self.settings.inbox / path.name)

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            screen = self.output.read_text()
            assert self.process.poll() is None, f"the service ended:\n{screen}"
            assert time.monotonic() < deadline, f"waited in vain for {what}; the screen:\n{screen}"
            time.sleep(0.2)

    def alive(self) -> set[int]:
        return {one.pid for one in processes.descendants(self.process.pid)}


def free_port() -> int:
    with closing(socket.socket()) as finder:
        finder.bind(("127.0.0.1", 0))
        return int(finder.getsockname()[1])


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path / "home")
    yield running
    if running.process.poll() is None:
        running.process.terminate()
        try:
            running.process.wait(60)
        except subprocess.TimeoutExpired:
            processes.send(signal.SIGKILL, [*running.alive(), running.process.pid])


def states(registry: Registry, names: set[str]) -> dict[str, SubmissionState]:
    return {s.file_name: s.state for s in registry.submissions() if s.file_name in names}


def published_mart_has(settings: Settings, uscc: str) -> bool:
    current = warehouse.current(settings)
    if current is None:
        return False
    with duckdb.connect(str(current.path), read_only=True) as release:
        query = "select count(*) from marts.enterprise_energy_months where uscc = ?"
        row = release.execute(query, [uscc]).fetchone()
    return row is not None and row[0] > 0


@pytest.mark.timeout(600)
def test_files_in_the_inbox_become_a_release_and_stopping_leaves_nothing(
    service: Service, samples: Path
) -> None:
    service.wait_for(lambda: "to stop: Ctrl-C" in service.output.read_text(), "the address")
    started = service.alive()
    assert len(started) >= 8

    names = {"register.csv", "energy_corrected.csv", "output_good.xlsx"}
    for name in sorted(names):
        service.file(samples / name)
    with open_registry(service.settings) as registry:
        service.wait_for(
            lambda: (
                set(states(registry, names).values()) == {SubmissionState.CHECKED}
                and len(states(registry, names)) == len(names)
            ),
            "three verdicts",
        )
        (filing, *_) = registry.filings_in_force("energy_monthly")
        service.wait_for(
            lambda: published_mart_has(service.settings, filing.subject), "a release with the rows"
        )
    assert list((service.settings.outbox / "steward").iterdir())

    service.process.terminate()
    assert service.process.wait(60) == 0
    assert not started & processes.process_table().keys()
    assert "nothing is left running" in service.output.read_text()
