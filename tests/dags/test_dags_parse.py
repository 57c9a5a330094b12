"""The DAGs as Airflow reads them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TASKS = {
    "intake": {"collect_inbox", "check_waiting", "announce", "send_alerts"},
    "indicators": {"build_and_publish", "send_alerts"},
    "reminders": {"remind", "send_alerts"},
    "upkeep": {"retry_and_clear", "delete_old_logs"},
}


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    program = Path(__file__).with_name("describe_dags.py")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW")}
    environment |= {
        "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
    }
    run = subprocess.run(
        [sys.executable, str(program), str(REPOSITORY / "dags")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def dags(bag: dict[str, Any]) -> dict[str, Any]:
    return bag["dags"]  # type: ignore[no-any-return]


def tasks(dags: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{d}.{t}", task) for d, dag in dags.items() for t, task in dag["tasks"].items()]


def test_every_file_parses(bag: dict[str, Any]) -> None:
    assert bag["errors"] == {}


def test_there_are_these_dags_with_these_tasks_and_no_others(dags: dict[str, Any]) -> None:
    assert {dag_id: set(dag["tasks"]) for dag_id, dag in dags.items()} == TASKS


def test_intake_is_woken_by_the_inbox_or_every_ten_minutes(dags: dict[str, Any]) -> None:
    assert dags["intake"]["assets"] == {"inbox": ["InboxBell"]}
    assert dags["intake"]["cron"] == "*/10 * * * *"


def test_indicators_are_woken_by_filings_in_force_or_every_hour(dags: dict[str, Any]) -> None:
    assert dags["indicators"]["assets"] == {"filings_in_force": ["ReviewBell"]}
    assert dags["indicators"]["cron"] == "5 * * * *"


def test_only_announce_updates_the_asset(dags: dict[str, Any]) -> None:
    outlets = {name: task["outlets"] for name, task in tasks(dags) if task["outlets"]}
    assert outlets == {"intake.announce": ["filings_in_force"]}


def test_reminders_go_out_at_half_past_eight_district_time(dags: dict[str, Any]) -> None:
    assert dags["reminders"]["cron"] == "30 8 * * *"
    assert {dag["timezone"] for dag in dags.values()} == {"Asia/Shanghai"}


def test_what_writes_warehouse_or_releases_takes_the_one_slot(dags: dict[str, Any]) -> None:
    pooled = {name for name, task in tasks(dags) if task["pool"] == "warehouse"}
    assert pooled == {"indicators.build_and_publish", "upkeep.retry_and_clear"}


def test_one_run_at_a_time_and_no_catching_up(dags: dict[str, Any]) -> None:
    assert {dag["max_active_runs"] for dag in dags.values()} == {1}
    assert {dag["catchup"] for dag in dags.values()} == {False}


def test_every_task_is_retried_with_growing_pauses(dags: dict[str, Any]) -> None:
    for name, task in tasks(dags):
        assert task["retries"] == (1 if name == "indicators.build_and_publish" else 3), name
        assert task["retry_delay"] > 0
        assert task["backoff"] >= 2


def test_a_failed_task_and_a_failed_run_both_raise_an_alert(dags: dict[str, Any]) -> None:
    for name, task in tasks(dags):
        assert task["on_failure"] == "greenmfg_airflow.alerting.report_failed_task", name
    for dag_id, dag in dags.items():
        assert dag["on_failure"] == "greenmfg_airflow.alerting.report_failed_run", dag_id


def test_alerts_go_out_after_a_failure_and_do_not_hide_it(dags: dict[str, Any]) -> None:
    # A teardown runs whatever came before, and does not count when a run succeeds or fails.
    for dag_id in ("intake", "indicators", "reminders"):
        sender = dags[dag_id]["tasks"]["send_alerts"]
        assert sender["teardown"]
        assert sender["upstream"]


def test_every_dag_is_documented_in_both_languages(dags: dict[str, Any]) -> None:
    for dag_id, dag in dags.items():
        assert len(re.findall(r"[\u4e00-\u9fff]", dag["doc"])) > 20, dag_id
        assert len(re.findall(r"[A-Za-z]{3,}", dag["doc"])) > 20, dag_id
        assert "greenmfg" in dag["tags"]
