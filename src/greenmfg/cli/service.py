"""The command that runs everything: serve."""

from __future__ import annotations

import sys

import click

from greenmfg.cli.common import settings


@click.command()
def serve() -> None:
    """Run Airflow's four parts and the pages until stopped (Ctrl-C, SIGTERM).

    Ports: GREENMFG_PORT (pages, 8501), GREENMFG_AIRFLOW_PORT (Airflow, 8080).
    """
    from greenmfg.serve import serve as run

    sys.exit(run(settings()))
