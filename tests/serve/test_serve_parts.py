"""The parts' command lines, environment and secrets."""

from __future__ import annotations

import base64
import dataclasses
import json
import stat
from pathlib import Path

import pytest

from greenmfg.serve import ServeOptions, keys, parts
from greenmfg.settings import Settings

OPTIONS = ServeOptions(front_port=9001, airflow_port=9002)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"GREENMFG_HOME": str(tmp_path)})


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_everything_listens_on_the_loopback_address_only(settings: Settings) -> None:
    environment = parts.airflow_environment(settings, OPTIONS)
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    front = parts.front(settings, OPTIONS).command
    assert front[front.index("--host") + 1] == "127.0.0.1"
    skipping = [
        p.name for p in parts.airflow(settings, OPTIONS) if "--skip-serve-logs" in p.command
    ]
    assert skipping == ["scheduler", "triggerer"]


def test_tasks_report_to_the_port_that_was_chosen(settings: Settings) -> None:
    environment = parts.airflow_environment(settings, OPTIONS)
    assert environment["AIRFLOW__API__PORT"] == "9002"
    url = environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"]
    assert url == "http://127.0.0.1:9002/execution/"


def test_settings_of_another_airflow_are_not_passed_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_HOME", "/elsewhere")
    monkeypatch.setenv("AIRFLOW__CORE__PLUGINS_FOLDER", "/elsewhere/plugins")
    environment = parts.airflow_environment(settings, OPTIONS)
    assert environment["AIRFLOW_HOME"] == str(settings.home / "airflow")
    assert "AIRFLOW__CORE__PLUGINS_FOLDER" not in environment
    front = parts.front(settings, OPTIONS).environment
    assert not [name for name in front if name.startswith("AIRFLOW_")]


def test_the_parts_see_the_same_home_wherever_they_run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENMFG_HOME", "var")
    monkeypatch.setenv("PYTHONPATH", "src")
    environment = parts.front(settings, OPTIONS).environment
    assert environment["GREENMFG_HOME"] == str(settings.home)
    assert environment["GREENMFG_REGISTRY_URL"] == settings.registry_url
    assert environment["PYTHONPATH"] == str(Path("src").absolute())


def test_secrets_are_made_once_and_only_their_owner_reads_them(settings: Settings) -> None:
    first = parts.airflow_environment(settings, OPTIONS)
    second = parts.airflow_environment(settings, OPTIONS)
    assert first == second
    home = settings.home / "airflow"
    assert (mode(home), mode(home / "keys.json"), mode(home / "passwords.json")) == (
        0o700,
        0o600,
        0o600,
    )
    assert len(base64.urlsafe_b64decode(first["AIRFLOW__CORE__FERNET_KEY"])) == 32
    assert len(json.loads((home / "passwords.json").read_text())["admin"]) >= 16


def test_two_homes_have_different_secrets(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    one, other = (dataclasses.astuple(keys.shared_keys(tmp_path / name)) for name in ("a", "b"))
    assert not set(one) & set(other)


def test_a_damaged_key_file_is_reported_and_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text("{}")
    with pytest.raises(ValueError, match=r"keys\.json is damaged"):
        keys.shared_keys(tmp_path)
    assert path.read_text() == "{}"


def test_the_database_is_prepared_again_after_an_upgrade_or_a_loss(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = settings.home / "airflow"
    home.mkdir()
    (home / "airflow.db").touch()
    assert not parts.is_prepared(settings)
    parts.mark_prepared(settings)
    assert parts.is_prepared(settings)
    monkeypatch.setattr(parts.metadata, "version", lambda name: "99.0")
    assert not parts.is_prepared(settings)
    monkeypatch.undo()
    (home / "airflow.db").unlink()
    assert not parts.is_prepared(settings)
