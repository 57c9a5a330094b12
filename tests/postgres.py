"""Runs a command with a throw-away PostgreSQL server: `python tests/postgres.py COMMAND…`.

The registry's tests run on it. The command finds the server in GREENMFG_TEST_POSTGRES_URL, or in
GREENMFG_TEST_POSTGRES_MISSING why there is none.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import browser

URL, MISSING = "GREENMFG_TEST_POSTGRES_URL", "GREENMFG_TEST_POSTGRES_MISSING"
SERVER_USER = "postgres"
# Nothing here outlives the tests: no write has to reach the disk.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")


def main(command: list[str]) -> None:
    """Becomes the command, beside a keeper that stops the server when the command ends."""
    environment = dict(os.environ)
    if URL not in environment:
        environment.update(_started())
    os.execvpe(command[0], command, environment)


def _started() -> Mapping[str, str]:
    """Starts the keeper.

    It lives as long as the other end of its standard input, which this process holds and hands on
    to the command it becomes: however the command ends, also killed, the server ends with it.
    """
    lifeline, held = os.pipe()
    keeper = subprocess.Popen(
        [sys.executable, __file__, "--keep"],
        stdin=lifeline,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is the tests' to answer
    )
    os.close(lifeline)
    assert keeper.stdout is not None
    name, _, value = keeper.stdout.readline().strip().partition("=")
    if name not in (URL, MISSING):
        name, value = MISSING, "the keeper of the PostgreSQL server died"
    if name == URL:
        os.set_inheritable(held, True)
    else:
        print(f"PostgreSQL 的测试将跳过 · skipped on PostgreSQL: {value}", file=sys.stderr)
    return {name: value}


def keep() -> None:
    """Says where the server is, runs it until standard input ends, leaves nothing behind."""
    binaries = _binaries() or _installed()
    if isinstance(binaries, str):
        print(f"{MISSING}={binaries}", flush=True)
        return
    folder = Path(tempfile.mkdtemp(prefix="greenmfg-postgres-"))
    try:
        _serve(binaries, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path | None:
    """The folder of the newest server on the machine: Debian puts none on the path."""
    versions = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if versions:
        return max(versions, key=lambda folder: float(folder.parent.name))
    there = shutil.which("initdb")
    return Path(there).resolve().parent if there else None


def _installed() -> Path | str:
    """Installs Debian's server, or says why it cannot be."""
    # Else the package would make and start a server of its own, for good.
    if browser.install(["postgresql-common"]) or not _without_a_cluster_of_its_own():
        return "no PostgreSQL is installed, and apt-get cannot install it"
    if browser.install(["postgresql"]):
        return "apt-get could not install PostgreSQL"
    return _binaries() or "Debian's package postgresql brought no server"


def _without_a_cluster_of_its_own() -> bool:
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    append = subprocess.run(
        [*prefix, "tee", "-a", "/etc/postgresql-common/createcluster.conf"],
        input="\ncreate_main_cluster = false\n",
        stdout=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    return append.returncode == 0


def _serve(binaries: Path, folder: Path) -> None:
    # The server refuses to run as root.
    user = SERVER_USER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    options: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL}
    if os.geteuid() == 0:
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
        options |= {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": ()}
    data, log = folder / "data", folder / "log"
    # Whoever may enter the folder may enter the server: the owner alone may.
    made = subprocess.run(
        [binaries / "initdb", "-D", data, "-U", user, "-A", "trust", "-E", "UTF8", "--no-sync"],
        **options,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        print(f"{MISSING}=initdb: {' '.join(made.stderr.split())}", flush=True)
        return
    settings = [word for one in QUICK for word in ("-c", one)]
    start = [binaries / "pg_ctl", "start", "-w", "-D", data, "-l", log]
    started = subprocess.run(
        [*start, "-o", " ".join(["-k", str(folder), *(f"'{one}'" for one in settings)])],
        **options,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if started.returncode:
        print(f"{MISSING}=pg_ctl: {' '.join(log.read_text().split())}", flush=True)
        return
    try:
        with contextlib.suppress(BrokenPipeError):  # the caller was killed while it waited
            print(f"{URL}=postgresql+psycopg:///postgres?host={folder}&user={user}", flush=True)
        sys.stdin.read()
    finally:
        subprocess.run(
            [binaries / "pg_ctl", "stop", "-m", "immediate", "-D", data],
            **options,
            stdout=subprocess.DEVNULL,
            check=False,
        )


if __name__ == "__main__":
    if sys.argv[1:] == ["--keep"]:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        keep()
    else:
        main(sys.argv[1:])
