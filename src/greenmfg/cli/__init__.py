"""The command line: conventional, scriptable; exit 0 done, 1 the data has errors, 2 the call or the machine is wrong.

Modules of commands are imported when a command of theirs is called: `greenmfg status` must not
wait for Great Expectations.
"""

from __future__ import annotations

import atexit
import importlib
import os
import sys
import traceback
from typing import Any

import click

# command → (module below this package, help line)
COMMANDS = {
    "init": ("home", "Make the home folder and file the delivered reference tables."),
    "demo": ("demonstration", "File the demonstration district through the inbox (模拟数据)."),
    "serve": ("service", "Run Airflow and the pages until stopped."),
    "template": ("forms", "Write the template of a form, CSV or XLSX."),
    "check": ("forms", "Check a file; nothing is filed."),
    "receive": ("filing", "Receive files: each gets a receipt and waits for the next run."),
    "run": ("filing", "Take in the inbox, check, decide, build and publish."),
    "rebuild": ("filing", "Derive everything anew from raw files and the registry."),
    "status": ("home", "What was received, what waits, what is published."),
    "review": ("reviewing", "List, accept or return the filings that wait for a steward."),
    "withdraw": ("reviewing", "Take a filing out of force, with a reason."),
    "account": ("accounts", "Who may sign in, and who may file for whom."),
    "key": ("accounts", "Keys by which firms' own systems file over HTTP."),
    "generate": ("forms", "Write (or check) what is generated from the contracts."),
    "export": ("reading", "Write a mart as CSV, XLSX or Parquet."),
    "explain": ("reading", "One figure, its arithmetic and the filed rows behind it."),
    "trace": ("tracing", "The figures that a filed row moved, or why it moved none."),
    "scoreboard": ("reading", "Every target and baseline of the plan as of a month."),
    "audits": ("standings", "Audits against the plan: count, forecast, clocks, savings."),
    "benchmark": ("standings", "Industries and firms against benchmarks; resource efficiency."),
    "quality": ("standings", "Data quality: checks by month, and firms by score."),
    "backup": ("home", "Copy the home's registry and files into a folder."),
    "restore": ("home", "Make an empty home from a backup."),
    "doctor": ("home", "Look for what is wrong with this home, and say what to do."),
}


class _LazyGroup(click.Group):
    # Click hands every method the context; these need none.
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"greenmfg.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="greenmfg")
def cli() -> None:
    """绿色制造监测 · Green-manufacturing monitoring: from a firm's file to the bureau's number.

    The home folder is GREENMFG_HOME (default ./var); GREENMFG_TODAY sets the clock.
    """


def main() -> None:
    """Entry point. No traceback reaches a person: it goes to the home's log."""
    atexit.register(_quiet_at_exit)
    try:
        code: Any = cli.main(prog_name="greenmfg", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("已中断 · interrupted", err=True)
        code = 130
    except click.ClickException as error:
        from greenmfg.cli.calling import wrong_call

        click.echo(wrong_call(error), err=True)
        code = 2
    except Exception as error:
        code = _explained(error)
    sys.exit(code if isinstance(code, int) else 0)


def _explained(error: Exception) -> int:
    from greenmfg.cli.common import known_trouble

    line = known_trouble(error)
    if line is None:
        place = _write_traceback(error)
        line = f"内部错误 · internal error: {type(error).__name__}: {error}{place}"
    click.echo(line, err=True)
    return 2


def _write_traceback(error: Exception) -> str:
    from greenmfg.settings import Settings, SettingsError

    try:
        folder = Settings.from_environment().logs
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "command.log"
        with path.open("a", encoding="utf-8") as file:
            traceback.print_exception(error, file=file)
    except (OSError, SettingsError) as trouble:
        return f"\n（日志无法写入 · the log could not be written: {trouble}）"
    return f"\n详见 · details: {path}"


def _quiet_at_exit() -> None:
    """DuckDB's binding reports objects that other libraries keep to the end as "leaked", on the
    process's stderr, after Python's own exit. Everything of ours has been written by then."""
    sys.stdout.flush()
    sys.stderr.flush()
    if "duckdb" in sys.modules:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
