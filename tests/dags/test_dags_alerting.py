"""A broken run reaches the steward."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from greenmfg.registry import open_registry
from greenmfg.settings import Settings
from greenmfg_airflow import alerting, logs

CONTEXT: dict[str, Any] = {
    "dag": SimpleNamespace(dag_id="intake"),
    "run_id": "manual__2026-11-23T08:00:00+00:00",
}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("GREENMFG_HOME", str(tmp_path))
    made = Settings.from_environment()
    open_registry(made, create=True).close()
    return made


def alerts(settings: Settings) -> list[str]:
    with open_registry(settings) as registry:
        return [
            f"{alert.subject_zh} {alert.body_en}" for alert in registry.alerts(recipient="steward")
        ]


def test_a_failed_task_is_reported_with_its_error(settings: Settings) -> None:
    broken = SimpleNamespace(task_id="check_waiting")
    alerting.report_failed_task({**CONTEXT, "ti": broken, "exception": ValueError("no such month")})
    (alert,) = alerts(settings)
    assert "intake" in alert
    assert "check_waiting: no such month" in alert


def test_a_run_whose_task_was_killed_is_reported_too(settings: Settings) -> None:
    alerting.report_failed_run({**CONTEXT, "reason": "task_failure"})
    (alert,) = alerts(settings)
    assert "task_failure" in alert


def test_one_broken_run_is_one_alert(settings: Settings) -> None:
    broken = SimpleNamespace(task_id="check_waiting")
    alerting.report_failed_task({**CONTEXT, "ti": broken, "exception": ValueError("no such month")})
    alerting.report_failed_run({**CONTEXT, "reason": "task_failure"})
    assert len(alerts(settings)) == 1
    alerting.report_failed_run({**CONTEXT, "run_id": "another", "reason": "task_failure"})
    assert len(alerts(settings)) == 2


def test_old_logs_are_deleted_and_new_ones_kept(tmp_path: Path) -> None:
    for name in ("old/run/1.log", "new/run/1.log", "new/run/2.log"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    for path in (tmp_path / "old/run/1.log", tmp_path / "new/run/1.log"):
        os.utime(path, (1000, 1000))
    assert logs.delete_files_older_than(tmp_path, 2000) == 2
    assert [p.name for p in tmp_path.rglob("*.log")] == ["2.log"]
