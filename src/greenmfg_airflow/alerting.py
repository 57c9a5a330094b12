"""What happens when a task or a run fails: an alert, the same way as any other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def report_failed_task(context: Mapping[str, Any]) -> None:
    """For tasks whose retries are used up; runs in the task's own process."""
    task = context["ti"].task_id
    _report(context, f"{task}: {context.get('exception')}")


def report_failed_run(context: Mapping[str, Any]) -> None:
    """For runs; runs in the DAG processor, so also when the task was killed."""
    _report(context, str(context.get("reason") or "the run failed"))


def _report(context: Mapping[str, Any], error: str) -> None:
    # Imported here: this module is read at every parse of the DAGs.
    from greenmfg.pipeline import report_failure
    from greenmfg.settings import Settings

    # One name for both callbacks, so that one failed run is one alert. The context of a run's
    # callback holds little more than these two.
    what = f"{context['run_id']} {context['dag'].dag_id}"
    report_failure(Settings.from_environment(), what, error)
