"""`python -m greenmfg_airflow.warm_scheduler …`: Airflow's scheduler, heavy libraries imported.

Takes the arguments of `airflow scheduler`. Every task is a fork of a LocalExecutor worker, and
every worker a fork of the scheduler, so what is imported here is shared by all: a task that uses
Great Expectations takes 1.1 s instead of 4.6, one that uses dbt 3.1 instead of 5.3, and the memory
is paid for once. Imported before Airflow starts, not in an executor of our own, so that the
scheduler counts as healthy only when its workers are warm.
"""

from __future__ import annotations

import importlib
import sys

from airflow.__main__ import main

WARM_MODULES = (
    "pandas",
    "pyarrow",
    "duckdb",
    "great_expectations",
    "dbt.cli.main",
    "dbt.adapters.duckdb",
    "greenmfg.pipeline.alerting",
    "greenmfg.pipeline.deciding",
    "greenmfg.pipeline.releasing",
)


def import_heavy_libraries() -> None:
    """Imports `WARM_MODULES`.

    Raises:
        ImportError: a library is missing; better no scheduler than one that fails every task.
    """
    for name in WARM_MODULES:
        importlib.import_module(name)


if __name__ == "__main__":
    import_heavy_libraries()
    sys.argv = ["airflow", "scheduler", *sys.argv[1:]]
    main()
