"""Whether this machine can run the service at all: one clear line for each thing that it lacks."""

from __future__ import annotations

import errno
import importlib.util
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path

from greenmfg.serve.options import AIRFLOW_PORT_VARIABLE, FRONT_PORT_VARIABLE, ServeOptions
from greenmfg.settings import Settings

LOOPBACK = "127.0.0.1"
LEAST_FREE_BYTES = 2 * 1024**3


class PreflightError(RuntimeError):
    """The machine cannot run the service; the message is the one line to show."""


def check_everything(settings: Settings, options: ServeOptions) -> None:
    """Runs all checks, the cheapest and most fundamental first.

    Raises:
        PreflightError: the first thing that is missing.
    """
    check_platform(sys.platform)
    check_python(sys.version_info[:2])
    check_parts_installed()
    check_writable(settings.home)
    check_disk(settings.home)
    check_ports_differ(options)
    check_port(options.front_port, FRONT_PORT_VARIABLE)
    check_port(options.airflow_port, AIRFLOW_PORT_VARIABLE)


def check_platform(platform: str) -> None:
    """Airflow runs on Linux and macOS only."""
    if platform not in ("linux", "darwin"):
        raise PreflightError(
            f"需要 Linux、macOS 或 WSL 2，本机为 {platform} · "
            f"Linux, macOS or WSL 2 is needed, this is {platform}"
        )


def check_python(version: tuple[int, ...]) -> None:
    """The pinned packages are built for Python 3.11 to 3.13."""
    if not (3, 11) <= version[:2] <= (3, 13):
        found = ".".join(map(str, version[:2]))
        raise PreflightError(
            f"需要 Python 3.11–3.13，当前为 {found} · "
            f"Python 3.11 to 3.13 is needed, this is {found}"
        )


def check_parts_installed() -> None:
    """The workshop installs without orchestration and front; serving needs both."""
    for module, extra in (("airflow", "orchestration"), ("streamlit", "front")):
        if importlib.util.find_spec(module) is None:
            raise PreflightError(
                f"未安装 {module} · {module} is not installed: pip install 'greenmfg[{extra}]'"
            )


def check_writable(home: Path) -> None:
    """The home folder exists, or can be made, and takes new files."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as trouble:
        raise PreflightError(
            f"无法写入目录 {home}（{trouble.strerror}），请改设 GREENMFG_HOME · "
            f"cannot write to {home} ({trouble.strerror}): set GREENMFG_HOME to another folder"
        ) from trouble


def check_disk(home: Path, least: int = LEAST_FREE_BYTES) -> None:
    """Raw files, warehouse, releases and logs want room; a full disk stops all."""
    free = shutil.disk_usage(home).free
    if free < least:
        left, wanted = free / 1024**3, least / 1024**3
        raise PreflightError(
            f"磁盘空间不足：{home} 仅余 {left:.1f} GiB，需要 {wanted:.0f} GiB · too little disk: "
            f"{left:.1f} GiB free at {home}, {wanted:.0f} GiB needed (GREENMFG_HOME moves it)"
        )


def check_ports_differ(options: ServeOptions) -> None:
    """The pages and Airflow cannot share a port."""
    if options.front_port == options.airflow_port:
        raise PreflightError(
            f"{FRONT_PORT_VARIABLE} 与 {AIRFLOW_PORT_VARIABLE} 不能同为 {options.front_port} · "
            f"{FRONT_PORT_VARIABLE} and {AIRFLOW_PORT_VARIABLE} cannot both be {options.front_port}"
        )


def check_port(port: int, variable: str) -> None:
    """Nothing else listens on this port of the loopback address, and we may."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except OSError as trouble:
            taken = trouble.errno == errno.EADDRINUSE
            why_zh = "已被占用" if taken else f"不可用（{trouble.strerror}）"
            why_en = "is taken" if taken else f"cannot be used ({trouble.strerror})"
            raise PreflightError(
                f"端口 {port} {why_zh}，请用 {variable} 另选 · "
                f"port {port} {why_en}: choose another with {variable}=…"
            ) from trouble


def owner_only(path: Path) -> None:
    """Makes a folder that only its owner may enter.

    Raises:
        OSError: the folder cannot be made or changed.
    """
    path.mkdir(parents=True, exist_ok=True)
    os.chmod(path, 0o700)
