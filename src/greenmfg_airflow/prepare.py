"""`python -m greenmfg_airflow.prepare`: the metadata database up to date, the pool there.

Done in one process because each start of Airflow's command line costs four seconds.
"""

from __future__ import annotations

from airflow.models.pool import Pool
from airflow.utils import db

from greenmfg_airflow.conventions import WAREHOUSE_POOL


def prepare() -> None:
    """Creates or migrates the schema, and the pool with one slot for the warehouse's one writer."""
    db.initdb()
    Pool.create_or_update_pool(
        WAREHOUSE_POOL,
        slots=1,
        description="一次只有一个任务写数据仓库 · one writer of the warehouse at a time",
        include_deferred=False,
    )


if __name__ == "__main__":
    prepare()
