"""Names and defaults that the DAGs share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, AssetWatcher

from greenmfg_airflow.alerting import report_failed_run, report_failed_task
from greenmfg_airflow.bells import InboxBell, ReviewBell

DISTRICT_TIMEZONE = "Asia/Shanghai"
# DuckDB knows one writer at a time; the pool has one slot.
WAREHOUSE_POOL = "warehouse"

INBOX = Asset(
    name="inbox",
    uri="greenmfg://inbox",
    group="greenmfg",
    watchers=[AssetWatcher(name="inbox_bell", trigger=InboxBell(every_seconds=1.0))],
)
FILINGS_IN_FORCE = Asset(
    name="filings_in_force",
    uri="greenmfg://filings_in_force",
    group="greenmfg",
    watchers=[AssetWatcher(name="review_bell", trigger=ReviewBell(every_seconds=1.0))],
)

TASK_DEFAULTS: dict[str, Any] = {
    "owner": "greenmfg",
    "retries": 3,
    "retry_delay": timedelta(seconds=5),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=5),
    "on_failure_callback": report_failed_task,
}

# No start date: a DAG's first run then waits for its next time instead of making up for the last.
DAG_DEFAULTS: dict[str, Any] = {
    "catchup": False,
    "max_active_runs": 1,
    "default_args": TASK_DEFAULTS,
    # A task that is killed runs no callback of its own; its run's callback runs elsewhere.
    "on_failure_callback": report_failed_run,
}
