"""Runs dbt over the workbench: staging → intermediate → marts, with their data tests."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from greenmfg.settings import Settings
from greenmfg.warehouse.garbage import collected_later
from greenmfg.warehouse.keys import declared_keys, keep_keys, tests_of_constrained_keys
from greenmfg.warehouse.lock import one_writer
from greenmfg.warehouse.scope import (
    Fingerprints,
    Scope,
    changes_in_views,
    compared_views,
    fingerprints,
    forget,
    project_of,
    remember,
    remembered,
    scope,
    surprises,
    verified_models,
)

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest


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

    def with_another(self, later: BuildSummary) -> BuildSummary:
        """Both builds as one; a model made in both counts in both."""
        return BuildSummary(
            self.models + later.models,
            self.tests + later.tests,
            (*self.warnings, *later.warnings),
            self.seconds + later.seconds,
        )


def build(
    settings: Settings, full_refresh: bool = False, wait_seconds: float = 0.0
) -> BuildSummary:
    """Builds what can have changed since the last build, and runs the data tests of what it built.

    What that is `scope` says; the marts are those of a full build. dbt's unit tests are of the
    code, not of the data: they run with the product's tests.

    Raises:
        WarehouseBusy: another process writes the workbench.
        BuildFailed: a model or a data test failed, or dbt could not start. The next build is full.
    """
    with one_writer(settings, "build", wait_seconds), _environment(settings), collected_later():
        manifest = _parsed(settings)
        with _held_open(settings) as workbench:
            project = project_of(settings)
            before = None if full_refresh else remembered(workbench, project)
            views = None if before is None else _legible(workbench, manifest)
            forget(workbench)
            if before is None or views is None:
                summary = _built(settings, manifest, ["--full-refresh"])
                content = fingerprints(
                    workbench, manifest, {**compared_views(manifest), **verified_models(manifest)}
                )
            else:
                summary, content = _followed(settings, workbench, manifest, before, views)
            remember(workbench, project, content)
            keep_keys(workbench, declared_keys(manifest))
    return summary


def _legible(workbench: duckdb.DuckDBPyConnection, manifest: Manifest) -> Fingerprints | None:
    """What the compared views say; None where one is gone or broken, which dbt mends or names."""
    try:
        return fingerprints(workbench, manifest, compared_views(manifest))
    except (duckdb.CatalogException, duckdb.BinderException):
        return None


def _followed(
    settings: Settings,
    workbench: duckdb.DuckDBPyConnection,
    manifest: Manifest,
    before: Fingerprints,
    views: Fingerprints,
) -> tuple[BuildSummary, Fingerprints]:
    """Builds what rests on what changed, until nothing is otherwise than it was taken to be."""
    summary = BuildSummary(0, 0, (), 0.0)
    verified = verified_models(manifest)
    known = _of(before, verified)
    changed = changes_in_views(_of(before, compared_views(manifest)), views)
    while (chosen := scope(manifest, changed)).rebuild or chosen.retest:
        summary = summary.with_another(_built_of(settings, manifest, chosen))
        made = {model: verified[model] for model in chosen.guessed}
        now = fingerprints(workbench, manifest, made)
        changed = surprises(chosen, _of(known, made), now)
        known = {**_of(known, verified.keys() - made.keys()), **now}
    return summary, {**known, **views}


def _of(content: Fingerprints, models: Collection[str]) -> Fingerprints:
    return {key: said for key, said in content.items() if key[0] in models}


def _built_of(settings: Settings, manifest: Manifest, chosen: Scope) -> BuildSummary:
    months = {name: f"{first:%Y-%m-%d}" for name, first in chosen.from_month.items()}
    told = [
        "--vars",
        json.dumps({"rebuild_from": months}),
        "--select",
        *chosen.rebuild,
        *chosen.retest,
    ]
    return _built(settings, manifest, told)


def _built(settings: Settings, manifest: Manifest, arguments: Sequence[str]) -> BuildSummary:
    command = ["build", "--exclude-resource-type", "unit_test"]
    command += ["--exclude", *tests_of_constrained_keys(manifest)]
    return _summary(_invoke(settings, [*command, *arguments], manifest))


def run_dbt(
    settings: Settings, arguments: Sequence[str], wait_seconds: float = 0.0
) -> dbtRunnerResult:
    """One dbt invocation in this process; everything it writes goes under `settings.home`.

    Raises:
        WarehouseBusy: another process writes the workbench.
        BuildFailed: dbt could not run at all.
    """
    with one_writer(settings, "build", wait_seconds), _environment(settings), _held_open(settings):
        return _invoke(settings, arguments)


def _parsed(settings: Settings) -> Manifest:
    from dbt.contracts.graph.manifest import Manifest

    parsed = _invoke(settings, ["parse"])
    if not isinstance(parsed.result, Manifest):
        raise BuildFailed([FailedNode("dbt", "error", "no manifest")])
    return parsed.result


def _invoke(
    settings: Settings, arguments: Sequence[str], manifest: Manifest | None = None
) -> dbtRunnerResult:
    # dbt is an extra of the package: `greenmfg check` must start without it.
    from dbt.cli.main import dbtRunner

    state = settings.warehouse.parent / "dbt"
    command = [
        *("--quiet", "--log-level", "none", "--log-level-file", "none"),
        *("--no-use-colors", "--no-version-check", "--no-send-anonymous-usage-stats"),
        # The manifest as JSON is for documentation; writing it costs a second of each build.
        "--no-write-json",
        *arguments,
        *("--project-dir", str(settings.dbt_project_dir)),
        *("--profiles-dir", str(settings.dbt_project_dir)),
        *("--target-path", str(state), "--log-path", str(settings.logs)),
        *("--threads", str(settings.duckdb_threads)),
    ]
    result = dbtRunner(manifest=manifest).invoke(command)
    if result.exception is not None:
        raise BuildFailed([FailedNode("dbt", "error", str(result.exception))])
    return result


@contextmanager
def _held_open(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The workbench, open for the whole build: dbt opens and closes it around every model and
    test, and with it held open that is a matter of a handle, not of the file."""
    connection = duckdb.connect(
        str(settings.warehouse),
        # As in profiles.yml: connections of one process to one file have one configuration.
        config={"autoinstall_known_extensions": False},
    )
    try:
        connection.execute("set memory_limit = ?", [settings.duckdb_memory])
        connection.execute("set threads = ?", [settings.duckdb_threads])
        # Checkpoints rewrite every index; one at the end does what one after each model did.
        connection.execute("set checkpoint_threshold = '16GB'")
        yield connection
    finally:
        connection.close()


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
