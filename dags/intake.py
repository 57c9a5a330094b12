"""DAG `intake`: from what lies in the inbox to a verdict. Each task is one import and one call."""

from __future__ import annotations

from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from greenmfg_airflow.conventions import DAG_DEFAULTS, DISTRICT_TIMEZONE, FILINGS_IN_FORCE, INBOX

DOC = """
### 收件 · Intake

收件箱里有新文件（或门户有新提交）时，约一秒内被唤醒；另外每十分钟自行巡查一次，并重发没有发出的提醒。
唤醒只是**铃声**，不是工作清单：第一个任务总是重新查看收件箱和登记簿，所以不会漏件。
只有当报表生效或失效时，才会更新资产 `filings_in_force`，从而触发 `indicators`。

Woken about a second after a file lies in the inbox (or the portal has a new submission), and by
itself every ten minutes, when it also sends again the alerts that could not be sent. A wake-up is
a **bell**, not a list of work: the first task looks at the inbox and the registry afresh, so
nothing is lost. The asset `filings_in_force`, which starts `indicators`, is updated only when a
filing came into force or left it.

| 任务 task | 做什么 does |
|---|---|
| `collect_inbox` | 收下完整的文件，给回执 · takes complete files, gives receipts |
| `check_waiting` | 解析、检查、裁定所有等待的提交 · parses, checks and decides all that waits |
| `announce` | 有变化时更新资产，否则跳过 · updates the asset after a change, else is skipped |
| `send_alerts` | 发送提醒摘要，前面失败时也发 · sends the digest, also after a failure |

同一时间只有一次运行。任务可以重复执行而无害。
Only one run at a time; every task may run twice without harm.
"""


@dag(
    dag_id="intake",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("*/10 * * * *", timezone=DISTRICT_TIMEZONE),
        assets=[INBOX],
    ),
    tags=["greenmfg", "收件"],
    doc_md=DOC,
    **DAG_DEFAULTS,
)
def intake() -> None:
    @task
    def collect_inbox() -> list[str]:
        from greenmfg import pipeline, settings

        return pipeline.collect_inbox(settings.Settings.from_environment())

    @task
    def check_waiting() -> dict[str, Any]:
        from greenmfg import pipeline, settings

        return pipeline.check_waiting(settings.Settings.from_environment())

    @task(outlets=[FILINGS_IN_FORCE])
    def announce(outcome: dict[str, Any]) -> None:
        if not outcome["filings_changed"]:
            raise AirflowSkipException("no filing came into force or left it")

    @task
    def send_alerts() -> dict[str, Any]:
        from greenmfg import pipeline, settings

        return pipeline.send_alerts(settings.Settings.from_environment())

    outcome = check_waiting()
    collect_inbox() >> outcome
    announce(outcome)
    outcome >> send_alerts().as_teardown()


intake()
