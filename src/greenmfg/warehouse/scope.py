"""What a build has to make anew, and from which month on.

Two facts are kept in the workbench (schema `built`) once a build has ended well: the project it
was made by, and a fingerprint of every view that rests on filed tables only, by month where its
`month_column` says which month a row is about. The next build compares the views with it before
it makes anything, so whatever moved them (a filing, a withdrawal, a reference row, the clock) is
seen by what it did, not by what it was. From there the change is followed through the models:

- a model none of whose parents changed is left alone;
- a model that declares `looks_back_only` (its rows of a month rest on rows of that month and
  earlier ones) changed from its parents' first changed month on, and so pass it on;
- any other model is made anew whole, and so is all that rests on it.

Without kept facts, or under another project, everything is made anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import duckdb

from greenmfg.settings import Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

# Changed from this month on: all of it. Also the month of rows that are about none.
EVERY_MONTH = date.min
_MAKERS = ("dbt-core", "dbt-duckdb", "duckdb")

# By view and month: number of rows and the sum of their 64-bit hashes.
Fingerprints = Mapping[tuple[str, date], tuple[int, str]]


@dataclass(frozen=True)
class Scope:
    """`rebuild` names what dbt is to build; `from_month` those of it that keep earlier months."""

    rebuild: tuple[str, ...]
    from_month: Mapping[str, date]


def project_of(settings: Settings) -> str:
    """Names the models, tests and macros and the versions of what runs them."""
    content = hashlib.sha256(" ".join(map(version, _MAKERS)).encode())
    folder = settings.dbt_project_dir
    for source in sorted((*folder.rglob("*.sql"), *folder.rglob("*.yml"))):
        content.update(f"\n{source.relative_to(folder)}\n".encode())
        content.update(source.read_bytes())
    return content.hexdigest()


def compared_views(manifest: Manifest) -> dict[str, str | None]:
    """Views that rest on filed tables only, by unique id: their month column, if they have one."""
    views: dict[str, str | None] = {}
    for node_id in _in_order(manifest):
        node = manifest.nodes[node_id]
        parents = node.depends_on.nodes
        if node.config.materialized == "view" and all(
            parent in manifest.sources or parent in views for parent in parents
        ):
            views[node_id] = node.config.meta.get("month_column")
    return views


def fingerprints(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> Fingerprints:
    """What the compared views say now; they have to be there."""
    found: dict[tuple[str, date], tuple[int, str]] = {}
    for node_id, month_column in compared_views(manifest).items():
        node = manifest.nodes[node_id]
        month = f"date_trunc('month', {month_column})" if month_column else "null"
        rows = connection.execute(
            f"""
            select cast({month} as date), count(*), cast(sum(hash(compared)) as varchar)
            from "{node.schema}"."{node.alias}" as compared group by all
            """
        ).fetchall()
        for of_month, count, content in rows:
            found[node_id, of_month or EVERY_MONTH] = (count, content)
    return found


def remembered(connection: duckdb.DuckDBPyConnection, project: str) -> Fingerprints | None:
    """What the views said when the marts were made; None unless this project made them."""
    made = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'built' and table_name = 'project'"
        " and database_name = current_database()"
    ).fetchone()
    if made is None:
        return None
    if connection.execute("select project from built.project").fetchall() != [(project,)]:
        return None
    rows = connection.execute("select view, month, row_count, content from built.views").fetchall()
    return {(view, month): (count, content) for view, month, count, content in rows}


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Called before anything is made: a build that breaks off leaves nothing to rest on."""
    connection.execute("drop schema if exists built cascade")


def remember(connection: duckdb.DuckDBPyConnection, project: str, content: Fingerprints) -> None:
    """Keeps what the marts were made of. Called when they are made and their tests passed."""
    columns: list[list[Any]] = [
        [view for view, _ in content],
        [month for _, month in content],
        [count for count, _ in content.values()],
        [sum_of_hashes for _, sum_of_hashes in content.values()],
    ]
    connection.begin()
    connection.execute("create schema built")
    connection.execute("create table built.project as select ? as project", [project])
    connection.execute(
        "create table built.views as select unnest(?::varchar[]) as view, unnest(?::date[]) as month,"
        " unnest(?::bigint[]) as row_count, unnest(?::varchar[]) as content",
        columns,
    )
    connection.commit()


def scope(manifest: Manifest, before: Fingerprints, now: Fingerprints) -> Scope:
    """Follows what changed in the views through the models."""
    changed: dict[str, date | None] = _first_changed_months(before, now)
    views = compared_views(manifest)
    rebuild: list[str] = []
    from_month: dict[str, date] = {}
    for node_id in _in_order(manifest):
        node = manifest.nodes[node_id]
        if node_id not in views:
            first = _earliest(
                # A model that reads a filed table itself is past comparing.
                EVERY_MONTH if parent in manifest.sources else changed.get(parent)
                for parent in node.depends_on.nodes
            )
            if first is not None and not node.config.meta.get("looks_back_only"):
                first = EVERY_MONTH
            changed[node_id] = first
        first = changed.get(node_id)
        if first is not None:
            rebuild.append(node.name)
        if first is not None and first != EVERY_MONTH and node.config.materialized == "incremental":
            from_month[node.name] = first
    return Scope(tuple(rebuild), from_month)


def _first_changed_months(before: Fingerprints, now: Fingerprints) -> dict[str, date | None]:
    changed: dict[str, date | None] = {}
    for view, month in before.keys() | now.keys():
        if before.get((view, month)) != now.get((view, month)):
            # A February filing may speak of January as well.
            first = month.replace(month=1) if month.month == 2 else month
            changed[view] = _earliest((changed.get(view), first))
    return changed


def _earliest(months: Iterable[date | None]) -> date | None:
    return min((month for month in months if month is not None), default=None)


def _in_order(manifest: Manifest) -> list[str]:
    """The models, parents before children."""
    models = {key: node for key, node in manifest.nodes.items() if node.resource_type == "model"}
    ordered: dict[str, None] = {}

    def place(node_id: str) -> None:
        if node_id in models and node_id not in ordered:
            for parent in models[node_id].depends_on.nodes:
                place(parent)
            ordered[node_id] = None

    for node_id in sorted(models):
        place(node_id)
    return list(ordered)
