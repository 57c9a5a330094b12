"""A home with accounts and a release for the front's tests, and the real server on it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import fixture_release
import httpx

from greenmfg.access import SignedIn, ensure_demo_people, open_door
from greenmfg.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
OWN, OTHER = fixture_release.uscc(1), fixture_release.uscc(118)
SILENT = fixture_release.uscc(fixture_release.NEVER_FILED)
NEGATIVE = fixture_release.uscc(fixture_release.NEGATIVE)
HALF = fixture_release.uscc(fixture_release.OUTPUT_ONLY)
FIRMS = (OWN, OTHER, SILENT)


@dataclass
class Home:
    """A home with accounts, and perhaps a release."""

    settings: Settings
    passwords: dict[str, str]

    def token(self, login: str) -> str:
        entered = open_door(self.settings).login(login, self.passwords[login], "127.0.0.1")
        assert isinstance(entered, SignedIn)
        return entered.token


def make_home(folder: Path) -> Home:
    settings = Settings.from_environment(
        {"GREENMFG_HOME": str(folder), "GREENMFG_ROOMS": str(ROOT)}
    )
    people = ensure_demo_people(settings, FIRMS)
    return Home(settings, {login: password for login, password, _ in people})


def publish_fixture(home: Home, release_file: Path) -> None:
    shutil.copytree(release_file.parent, home.settings.releases, dirs_exist_ok=True)


@dataclass
class Front:
    """The real server in its own process."""

    url: str
    home: Home

    def client(self, login: str | None = None) -> httpx.Client:
        client = httpx.Client(base_url=self.url, timeout=30)
        if login is not None:
            client.cookies.set("gm_session", self.home.token(login), path="/")
        return client


def _nothing_more(_url: str) -> Mapping[str, str]:
    return {}


@contextmanager
def served(home: Home, more: Callable[[str], Mapping[str, str]] = _nothing_more) -> Iterator[Front]:
    """The front of a home under uvicorn on a free port, stopped at the end. `more`: what else its
    environment has, by its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = ROOT / "app"
    url = f"http://127.0.0.1:{port}"
    log = home.settings.home / "front.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "uvicorn",
                "server:app",
                "--app-dir",
                str(app),
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
            ],
            cwd=app,
            env={
                **os.environ,
                "GREENMFG_HOME": str(home.settings.home),
                "GREENMFG_ROOMS": str(ROOT),
                "PYTHONPATH": str(ROOT / "src"),
                **(
                    {"GREENMFG_TODAY": home.settings.today_override.isoformat()}
                    if home.settings.today_override
                    else {}
                ),
                **more(url),
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(url, server, log)
            yield Front(url, home)
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            if httpx.get(f"{url}/_stcore/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(f"the front did not start:\n{log.read_text('utf-8')}")
