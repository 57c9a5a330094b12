"""Runs dbt once over the workbench: staging → intermediate → marts, with their data tests."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenmfg.settings import Settings
from greenmfg.warehouse.lock import one_writer

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult


@dataclass(frozen=True)
class FailedNode:
    """One model or test that failed: its dbt name and what dbt said."""

    name: str
    status: str
    message: str


class BuildFailed(RuntimeError):
    """The marts could not be built or a data test failed; `nodes` says which and why."""

    def __init__(self, nodes: Sequence[FailedNode]) -> None:
        self.nodes = tuple(nodes)
        lines = "\n".join(f"- {node.name} ({node.status}): {node.message}" for node in self.nodes)
        super().__init__(f"指标构建失败 · the marts were not built:\n{lines}")


@dataclass(frozen=True)
class BuildSummary:
    """How many models were built and data tests passed; `warnings` are tests that only warn."""

    models: int
    tests: int
    warnings: tuple[FailedNode, ...]
    seconds: float


def build(
    settings: Settings, full_refresh: bool = False, wait_seconds: float = 0.0
) -> BuildSummary:
    """Builds every model and runs every data test, in one dbt invocation.

    dbt's unit tests are of the code, not of the data: they run with the product's tests.

    Raises:
        WarehouseBusy: another process writes the workbench.
        BuildFailed: a model or a data test failed, or dbt could not start.
    """
    arguments = ["build", "--exclude-resource-type", "unit_test"]
    if full_refresh:
        arguments.append("--full-refresh")
    return _summary(run_dbt(settings, arguments, wait_seconds))


def run_dbt(
    settings: Settings, arguments: Sequence[str], wait_seconds: float = 0.0
) -> dbtRunnerResult:
    """One dbt invocation in this process; everything it writes goes under `settings.home`.

    Raises:
        WarehouseBusy: another process writes the workbench.
        BuildFailed: dbt could not run at all.
    """
    # dbt is an extra of the package: `greenmfg check` must start without it.
    from dbt.cli.main import dbtRunner

    state = settings.warehouse.parent / "dbt"
    command = [
        *("--quiet", "--log-level", "none", "--log-level-file", "info"),
        *("--no-use-colors", "--no-version-check", "--no-send-anonymous-usage-stats"),
        # The manifest as JSON is for documentation; writing it costs a second of each build.
        "--no-write-json",
        *arguments,
        *("--project-dir", str(settings.dbt_project_dir)),
        *("--profiles-dir", str(settings.dbt_project_dir)),
        *("--target-path", str(state), "--log-path", str(settings.logs)),
        *("--threads", str(settings.duckdb_threads)),
    ]
    with one_writer(settings, "build", wait_seconds), _environment(settings):
        result = dbtRunner().invoke(command)
    if result.exception is not None:
        raise BuildFailed([FailedNode("dbt", "error", str(result.exception))])
    return result


@contextmanager
def _environment(settings: Settings) -> Iterator[None]:
    """What `profiles.yml` reads. dbt takes it from the process's environment only."""
    wanted = {
        "GREENMFG_WAREHOUSE": str(settings.warehouse),
        "GREENMFG_DUCKDB_MEMORY": settings.duckdb_memory,
        "GREENMFG_DUCKDB_THREADS": str(settings.duckdb_threads),
        "DO_NOT_TRACK": "1",
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _summary(result: dbtRunnerResult) -> BuildSummary:
    from dbt.artifacts.schemas.run import RunExecutionResult

    run = result.result
    if not isinstance(run, RunExecutionResult):
        raise BuildFailed([FailedNode("dbt", "error", "no run result")])
    nodes = [
        (FailedNode(r.node.name, str(r.status), _message(r.message)), r.node.resource_type)
        for r in run.results
    ]
    failed = [n for n, _ in nodes if n.status in ("error", "fail", "runtime error")]
    if failed or not result.success:
        raise BuildFailed(failed or [FailedNode("dbt", "error", "dbt reported no success")])
    return BuildSummary(
        models=sum(kind == "model" for _, kind in nodes),
        tests=sum(kind == "test" for _, kind in nodes),
        warnings=tuple(n for n, _ in nodes if n.status == "warn"),
        seconds=run.elapsed_time,
    )


def _message(text: str | None) -> str:
    # What follows is the stack of dbt's own macros.
    return " ".join((text or "").partition("> in macro")[0].split())
