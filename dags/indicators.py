"""DAG `indicators`: from the filings in force to a published release."""

from __future__ import annotations

from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task

from greenmfg_airflow.conventions import (
    DAG_DEFAULTS,
    DISTRICT_TIMEZONE,
    FILINGS_IN_FORCE,
    WAREHOUSE_POOL,
)

DOC = """
### 指标 · Indicators

`filings_in_force` 更新后运行（`intake` 使报表生效或失效时，或数据管理员审核后）；
另外每小时核对一次，没有变化就不重算。
把新生效（或失效）的报表装入数据仓库，用 dbt 计算指标，检查通过后发布新版本。
检查不通过时，上一版本照旧可读，并提醒数据管理员。
数据仓库一次只许一个任务写，由只有一个名额的池 `warehouse` 保证。

Runs when `filings_in_force` is updated (by `intake`, or after a steward's review), and once an hour
to make sure; without a change nothing is computed. Loads what came into force (or left it) into the
warehouse, computes the indicators with dbt, checks them and publishes a new release. When a check
fails the last release stays as it is and the stewards are alerted. The pool `warehouse` has one
slot, because the warehouse has one writer at a time.

| 任务 task | 做什么 does |
|---|---|
| `build_and_publish` | 装载、计算、检查、发布 · loads, computes, checks, publishes |
| `send_alerts` | 发送提醒摘要，前面失败时也发 · sends the digest, also after a failure |
"""


@dag(
    dag_id="indicators",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("5 * * * *", timezone=DISTRICT_TIMEZONE),
        assets=[FILINGS_IN_FORCE],
    ),
    tags=["greenmfg", "指标"],
    doc_md=DOC,
    **DAG_DEFAULTS,
)
def indicators() -> None:
    # One retry, not three: what fails its checks fails them again.
    @task(pool=WAREHOUSE_POOL, retries=1)
    def build_and_publish() -> dict[str, Any]:
        from greenmfg import pipeline, settings

        return pipeline.build_and_publish(settings.Settings.from_environment())

    @task
    def send_alerts() -> dict[str, Any]:
        from greenmfg import pipeline, settings

        return pipeline.send_alerts(settings.Settings.from_environment())

    build_and_publish() >> send_alerts().as_teardown()


indicators()
