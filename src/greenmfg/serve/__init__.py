"""`greenmfg serve`: Airflow's four parts and the front, started, watched and stopped as one.

Needs Linux or macOS. Knows processes, ports, files and environment variables; imports neither
Airflow nor Streamlit.
"""

from __future__ import annotations

import sys

from greenmfg.serve.options import ServeOptions
from greenmfg.serve.preflight import PreflightError, check_everything
from greenmfg.settings import Settings

__all__ = ["PreflightError", "ServeOptions", "serve"]


def serve(settings: Settings, options: ServeOptions | None = None) -> int:
    """Runs the whole service until it is told to stop (Ctrl-C, SIGTERM, a closed terminal).

    Returns 0 after an ordered stop; 2 when the machine cannot run it (one line on stderr says
    why), a part kept dying, or something was left that could not be stopped. Must be called from
    the main thread before others are started, because it forks.

    Raises:
        SettingsError: a port in the environment is not a port.
    """
    options = options or ServeOptions.from_environment()
    try:
        check_everything(settings, options)
        # Modules that exist on POSIX systems only; the preflight has just said that this is one.
        from greenmfg.serve.service import run

        return run(settings, options)
    except PreflightError as trouble:
        print(trouble, file=sys.stderr)
        return 2
