"""DAG `upkeep`: the nightly housekeeping."""

from __future__ import annotations

from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, task

from greenmfg_airflow.conventions import DAG_DEFAULTS, DISTRICT_TIMEZONE, WAREHOUSE_POOL

DOC = """
### 维护 · Upkeep

每天 03:10（北京时间）让因系统故障未能检查的提交重新排队，清理旧版本，并删除三十天以前的任务日志。
（没有发出的提醒由 `intake` 每十分钟重发一次。）

Every day at 03:10 district time: submissions whose check failed on our side are tried again, old
releases are removed, and so are Airflow's logs older than thirty days. (Alerts that could not be
sent are sent again by `intake` every ten minutes already.)
"""


@dag(
    dag_id="upkeep",
    schedule=CronTriggerTimetable("10 3 * * *", timezone=DISTRICT_TIMEZONE),
    tags=["greenmfg", "维护"],
    doc_md=DOC,
    **DAG_DEFAULTS,
)
def upkeep() -> None:
    # In the pool because releases are not to be cleared while one is being published.
    @task(pool=WAREHOUSE_POOL)
    def retry_and_clear() -> dict[str, Any]:
        from greenmfg import pipeline, settings

        return pipeline.upkeep(settings.Settings.from_environment())

    @task
    def delete_old_logs() -> int:
        from greenmfg_airflow import logs

        return logs.delete_older_than(days=30)

    retry_and_clear()
    delete_old_logs()


upkeep()
