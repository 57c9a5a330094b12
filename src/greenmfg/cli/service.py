"""The command that runs everything: serve."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import click

from greenmfg.cli.common import settings


@click.command()
@click.option("--demo", is_flag=True, help="Load the demonstration district (模拟数据) behind it.")
def serve(demo: bool) -> None:
    """Run Airflow's four parts and the pages until stopped (Ctrl-C, SIGTERM).

    Ports: GREENMFG_PORT (pages, 8501), GREENMFG_AIRFLOW_PORT (Airflow, 8080).
    """
    from greenmfg.serve import PreflightError, ServeOptions
    from greenmfg.serve import serve as run
    from greenmfg.serve.preflight import check_everything

    chosen = settings()
    options = ServeOptions.from_environment()
    try:
        check_everything(chosen, options)
    except PreflightError as trouble:
        click.echo(str(trouble), err=True)
        sys.exit(2)
    # In a process of its own: serving forks, and must not inherit the threads of what prepares.
    me = [sys.executable, "-m", "greenmfg.cli"]
    click.echo("准备数据目录… · preparing the home folder…")
    prepared = subprocess.run([*me, *(["demo", "--prepare"] if demo else ["init"])], check=False)
    if prepared.returncode:
        sys.exit(prepared.returncode)
    if demo:
        from greenmfg.showing import feeding

        options = replace(
            options,
            errand=(*me, "demo", "--feed"),
            accounts=feeding.accounts_text(chosen),
            progress=lambda: feeding.progress_line(chosen),
        )
    sys.exit(run(chosen, options))
