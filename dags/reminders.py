"""DAG `reminders`: who has not filed, every morning."""

from __future__ import annotations

from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, task

from greenmfg_airflow.conventions import DAG_DEFAULTS, DISTRICT_TIMEZONE

DOC = """
### 催报 · Reminders

每天 08:30（北京时间）查看填报日历，提醒将到期和已逾期的企业，并发出摘要。

Every day at 08:30 district time: reads the filing calendar, reminds firms whose filings fall due or
are overdue, and sends the digest.
"""


@dag(
    dag_id="reminders",
    schedule=CronTriggerTimetable("30 8 * * *", timezone=DISTRICT_TIMEZONE),
    tags=["greenmfg", "催报"],
    doc_md=DOC,
    **DAG_DEFAULTS,
)
def reminders() -> None:
    @task
    def remind() -> dict[str, Any]:
        from greenmfg import pipeline, settings

        return pipeline.remind(settings.Settings.from_environment())

    @task
    def send_alerts() -> dict[str, Any]:
        from greenmfg import pipeline, settings

        return pipeline.send_alerts(settings.Settings.from_environment())

    remind() >> send_alerts().as_teardown()


reminders()
