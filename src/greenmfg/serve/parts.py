"""The programs that make up the service: their command lines and their environment.

Airflow is known here by its command line and its variables alone; nothing of it is imported.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from greenmfg.serve import keys
from greenmfg.serve.options import AIRFLOW_PORT_VARIABLE, FRONT_PORT_VARIABLE, ServeOptions
from greenmfg.serve.preflight import LOOPBACK, owner_only
from greenmfg.settings import Settings

WARM_SCHEDULER = "greenmfg_airflow.warm_scheduler"
# Raised when `greenmfg_airflow.prepare` prepares something more than it did before.
PREPARATION = 1


@dataclass(frozen=True)
class Part:
    """One program of the service.

    A part that `has_work` gets the full time to finish it when the service stops. `stop_last`
    parts are stopped when the others are gone, because the others report to them.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    has_work: bool = False
    stop_last: bool = False


def airflow_home(settings: Settings) -> Path:
    """Where the embedded Airflow keeps its metadata database and its secrets."""
    return settings.home / "airflow"


def front_address(options: ServeOptions) -> str:
    return f"http://{LOOPBACK}:{options.front_port}"


def airflow_address(options: ServeOptions) -> str:
    return f"http://{LOOPBACK}:{options.airflow_port}"


def front(settings: Settings, options: ServeOptions) -> Part:
    """The pages: `app/server.py` exposes `app`."""
    command = options.front_command or (
        sys.executable,
        *("-m", "uvicorn", "server:app", "--app-dir", str(settings.app_dir)),
        *("--host", LOOPBACK, "--port", str(options.front_port)),
    )
    environment = _common_environment(settings, options)
    return Part("front", command, environment, settings.app_dir, settings.logs / "front.log")


def airflow(settings: Settings, options: ServeOptions) -> tuple[Part, ...]:
    """Airflow's four parts. Makes the secrets on the first start.

    Raises:
        OSError: the home folder cannot be written.
    """
    environment = airflow_environment(settings, options)

    def part(name: str, *command: str) -> Part:
        log = settings.logs / f"{name}.log"
        return Part(
            name, (sys.executable, "-m", *command), environment, airflow_home(settings), log
        )

    scheduler = part("scheduler", WARM_SCHEDULER, "--skip-serve-logs")
    return (
        replace(scheduler, has_work=True),
        replace(part("api-server", "airflow", "api-server"), stop_last=True),
        part("dag-processor", "airflow", "dag-processor"),
        part("triggerer", "airflow", "triggerer", "--skip-serve-logs"),
    )


def errand(settings: Settings, options: ServeOptions) -> Part | None:
    """What runs beside the service until it is done, if anything was asked for."""
    if options.errand is None:
        return None
    environment = _common_environment(settings, options)
    return Part("errand", options.errand, environment, settings.home, settings.logs / "errand.log")


def preparation(settings: Settings, options: ServeOptions) -> Part:
    """The one-off that brings the metadata database up to date and makes the pool."""
    command = (sys.executable, "-m", "greenmfg_airflow.prepare")
    environment = airflow_environment(settings, options)
    log = settings.logs / "prepare.log"
    return Part("prepare", command, environment, airflow_home(settings), log)


def is_prepared(settings: Settings) -> bool:
    """Whether the metadata database was prepared by this very version; saves 6 s at each start."""
    home = airflow_home(settings)
    stamp = home / "prepared"
    if not (stamp.exists() and (home / "airflow.db").exists()):
        return False
    return stamp.read_text(encoding="utf-8") == _stamp()


def mark_prepared(settings: Settings) -> None:
    (airflow_home(settings) / "prepared").write_text(_stamp(), encoding="utf-8")


def airflow_environment(settings: Settings, options: ServeOptions) -> dict[str, str]:
    """All variables of Airflow's parts. An `AIRFLOW_…` inherited from elsewhere is not passed on.

    Raises:
        OSError: the home folder cannot be written.
    """
    home = airflow_home(settings)
    owner_only(home)
    secrets = keys.shared_keys(home)
    address = airflow_address(options)
    return {
        **_common_environment(settings, options),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API__HOST": LOOPBACK,
        "AIRFLOW__API__PORT": str(options.airflow_port),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": secrets.api,
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.jwt,
        # Without it the executor calls port 8080, whatever [api] port says, and every task fails.
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__CORE__FERNET_KEY": secrets.fernet,
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        # 32 idle workers, the default, cost 300 MB.
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__DAGS_FOLDER": str(settings.dags_dir),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "false",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{keys.ADMINISTRATOR}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(keys.password_file(home)),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS": "false",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(settings.logs / "airflow"),
        # At the default of 5 s a worker stays busy for that long after its task has ended.
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.25",
        # A service that was killed leaves tasks "running"; look for them soon after the restart.
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "30",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "300",
        "AIRFLOW__TRIGGERER__CAPACITY": "20",
    }


def _common_environment(settings: Settings, options: ServeOptions) -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIRFLOW__", "AIRFLOW_"))
    }
    if "PYTHONPATH" in inherited:
        # The parts run in other folders than the one this path was written for.
        entries = inherited["PYTHONPATH"].split(os.pathsep)
        inherited["PYTHONPATH"] = os.pathsep.join(os.path.abspath(entry) for entry in entries)
    return {
        **inherited,
        "GREENMFG_HOME": str(settings.home),
        "GREENMFG_ROOMS": str(settings.rooms),
        "GREENMFG_REGISTRY_URL": settings.registry_url,
        FRONT_PORT_VARIABLE: str(options.front_port),
        AIRFLOW_PORT_VARIABLE: str(options.airflow_port),
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
        # No part reports its use to anyone.
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "GX_ANALYTICS_ENABLED": "false",
        "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    }


def _stamp() -> str:
    return f"apache-airflow {metadata.version('apache-airflow')}, preparation {PREPARATION}\n"
