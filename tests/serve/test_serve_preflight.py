"""What the machine lacks is said in one line that names the way out."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from greenmfg.serve import ServeOptions, preflight, serve
from greenmfg.serve.preflight import PreflightError
from greenmfg.settings import Settings, SettingsError


@pytest.fixture
def taken_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def one_line(error: pytest.ExceptionInfo[PreflightError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    return text


def test_a_taken_port_is_named_with_the_variable_that_moves_it(taken_port: int) -> None:
    with pytest.raises(PreflightError) as error:
        preflight.check_port(taken_port, "GREENMFG_PORT")
    line = one_line(error)
    assert f"端口 {taken_port} 已被占用" in line
    assert f"port {taken_port} is taken: choose another with GREENMFG_PORT=" in line


def test_a_port_that_was_free_is_still_free_after_the_check(taken_port: int) -> None:
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        free = finder.getsockname()[1]
    preflight.check_port(free, "GREENMFG_PORT")
    preflight.check_port(free, "GREENMFG_PORT")


def test_pages_and_airflow_cannot_share_a_port() -> None:
    with pytest.raises(PreflightError, match="GREENMFG_PORT and GREENMFG_AIRFLOW_PORT"):
        preflight.check_ports_differ(ServeOptions(front_port=9000, airflow_port=9000))


@pytest.mark.parametrize("version", [(3, 10), (3, 14), (4, 0)])
def test_a_wrong_python_is_refused(version: tuple[int, int]) -> None:
    with pytest.raises(PreflightError) as error:
        preflight.check_python(version)
    found = f"{version[0]}.{version[1]}"
    assert f"Python 3.11 to 3.13 is needed, this is {found}" in one_line(error)


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_the_supported_pythons_pass(version: tuple[int, int]) -> None:
    preflight.check_python(version)


def test_windows_is_refused() -> None:
    with pytest.raises(PreflightError, match="Linux, macOS or WSL 2 is needed, this is win32"):
        preflight.check_platform("win32")


def test_too_little_disk_says_how_much_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(PreflightError) as error:
        preflight.check_disk(tmp_path, least=10**18)
    assert "GiB needed (GREENMFG_HOME moves it)" in one_line(error)


def test_a_home_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("I am a file")
    with pytest.raises(PreflightError) as error:
        preflight.check_writable(home)
    line = one_line(error)
    assert f"cannot write to {home}" in line
    assert "GREENMFG_HOME" in line


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_without_permission_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(PreflightError, match="cannot write to"):
        preflight.check_writable(tmp_path / "home")


def test_ports_come_from_the_environment() -> None:
    options = ServeOptions.from_environment(
        {"GREENMFG_PORT": "9001", "GREENMFG_AIRFLOW_PORT": " 9002 "}
    )
    assert (options.front_port, options.airflow_port) == (9001, 9002)
    plain = ServeOptions.from_environment({})
    assert (plain.front_port, plain.airflow_port) == (8501, 8080)


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", "80 80"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="GREENMFG_PORT="):
        ServeOptions.from_environment({"GREENMFG_PORT": text})


def test_serving_on_a_taken_port_ends_at_once_with_2(
    tmp_path: Path, taken_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings.from_environment({"GREENMFG_HOME": str(tmp_path / "home")})
    assert serve(settings, ServeOptions(front_port=taken_port)) == 2
    assert capsys.readouterr().err.count("\n") == 1
