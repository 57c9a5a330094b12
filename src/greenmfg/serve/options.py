"""What a person may choose when starting the service."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from greenmfg.settings import SettingsError

FRONT_PORT_VARIABLE = "GREENMFG_PORT"
AIRFLOW_PORT_VARIABLE = "GREENMFG_AIRFLOW_PORT"


@dataclass(frozen=True)
class ServeOptions:
    """How `greenmfg serve` runs.

    `front_command` replaces the command that serves the pages (it must listen on `front_port`).
    `errand` is a command that runs beside the service and is meant to end.
    `accounts` is shown below the address. `progress` is asked once a second for one line about
    work that goes on behind the pages, printed whenever it changes; it must answer at once.
    Times are seconds: `patience` until all parts must be healthy, `grace` for an orderly stop.
    A part that dies is started again up to `restarts` times within five minutes.
    """

    front_port: int = 8501
    airflow_port: int = 8080
    front_command: tuple[str, ...] | None = None
    errand: tuple[str, ...] | None = None
    accounts: str = ""
    progress: Callable[[], str | None] | None = None
    patience: float = 240.0
    grace: float = 12.0
    restarts: int = 3

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> ServeOptions:
        """Reads `GREENMFG_PORT` and `GREENMFG_AIRFLOW_PORT`.

        Raises:
            SettingsError: a port is not a number from 1 to 65535.
        """
        env = os.environ if environment is None else environment
        return cls(
            front_port=_port(env, FRONT_PORT_VARIABLE, cls.front_port),
            airflow_port=_port(env, AIRFLOW_PORT_VARIABLE, cls.airflow_port),
        )


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise SettingsError(f"{name}={text!r}: expected a port from 1 to 65535, e.g. {default}")
    return int(text)
