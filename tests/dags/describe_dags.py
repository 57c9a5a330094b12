"""Prints what Airflow makes of `dags/`, as JSON. Run apart: Airflow configures a whole process."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from airflow.dag_processing.dagbag import BundleDagBag

folder = Path(sys.argv[1])
bag = BundleDagBag(folder, bundle_path=folder, bundle_name="greenmfg")


def name(callback: Any) -> str | None:
    found = callback[0] if isinstance(callback, list) else callback
    return f"{found.__module__}.{found.__name__}" if found else None


def describe_task(task: Any) -> dict[str, Any]:
    return {
        "pool": task.pool,
        "retries": task.retries,
        "retry_delay": task.retry_delay.total_seconds(),
        "backoff": task.retry_exponential_backoff,
        "on_failure": name(task.on_failure_callback),
        "upstream": sorted(task.upstream_task_ids),
        "outlets": sorted(outlet.name for outlet in task.outlets),
        "teardown": task.is_teardown,
    }


def describe(dag: Any) -> dict[str, Any]:
    condition = getattr(dag.timetable, "asset_condition", None)
    assets = condition.objects if condition else []
    timer = getattr(dag.timetable, "timetable", dag.timetable)
    return {
        "assets": {
            asset.name: sorted(type(watcher.trigger).__name__ for watcher in asset.watchers)
            for asset in assets
        },
        "cron": timer.expression,
        "timezone": str(timer.timezone),
        "max_active_runs": dag.max_active_runs,
        "catchup": dag.catchup,
        "tags": sorted(dag.tags),
        "doc": dag.doc_md,
        "on_failure": name(dag.on_failure_callback),
        "tasks": {task.task_id: describe_task(task) for task in dag.tasks},
    }


print(
    json.dumps(
        {
            "errors": bag.import_errors,
            "dags": {dag_id: describe(dag) for dag_id, dag in bag.dags.items()},
        }
    )
)
