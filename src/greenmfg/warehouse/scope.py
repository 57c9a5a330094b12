"""What a build has to make anew, and from which month on.

Two facts are kept in the workbench (schema `built`) once a build has ended well: the project it
was made by, and a fingerprint, by month where a `month_column` says which month a row is about,
of every view that rests on filed tables only and of every model marked `verified`. The next build
compares the views with it before it makes anything, so whatever moved them (a filing, a
withdrawal, a reference row, the clock) is seen by what it did, not by what it was. From there the
change is followed through the models:

- a model none of whose parents changed is left alone;
- a model that declares `looks_back_only` (its rows of a month rest on rows of that month and
  earlier ones) changed from its parents' first changed month on, and so pass it on;
- any other model is made anew whole, and so is all that rests on it;
- a model that declares `verified` is made anew by these rules, but what rests on it is told only
  what is likely: that it changed in the months that filings are of (nothing, where its rows have
  no month). A clock, a name or a finding can move any of its months and hardly ever does. Once it
  is made its content is compared, and where the guess was wrong the build goes on from there.

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


# Models by unique id and the first month in which they changed.
Changes = Mapping[str, date]


@dataclass(frozen=True)
class Scope:
    """`rebuild` names what dbt is to build; `from_month` those of it that keep earlier months.

    `retest`: tests of views alone that say something else. The views themselves are there: what
    they are is the project's, and under another project all is built.
    `guessed`: for the `verified` models among them, by unique id, the first month in which they
    are taken to change (None: in none).
    """

    rebuild: tuple[str, ...]
    from_month: Mapping[str, date]
    retest: tuple[str, ...]
    guessed: Mapping[str, date | None]


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


def verified_models(manifest: Manifest) -> dict[str, str | None]:
    """Models whose content is compared once they are made, as `compared_views`."""
    return {
        node_id: manifest.nodes[node_id].config.meta.get("month_column")
        for node_id in _in_order(manifest)
        if manifest.nodes[node_id].config.meta.get("verified")
    }


def fingerprints(
    connection: duckdb.DuckDBPyConnection,
    manifest: Manifest,
    models: Mapping[str, str | None],
) -> Fingerprints:
    """What these models (unique id → month column) say now; they have to be there."""
    found: dict[tuple[str, date], tuple[int, str]] = {}
    for node_id, month_column in models.items():
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
    """What was compared when the marts were made; None unless this project made them."""
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


def changes_in_views(before: Fingerprints, now: Fingerprints) -> Changes:
    """By view, the first month of which it says something else than it did."""
    return {
        # A February filing may speak of January as well.
        view: month.replace(month=1) if month.month == 2 else month
        for view, month in changes(before, now).items()
    }


def changes(before: Fingerprints, now: Fingerprints) -> Changes:
    """By model, the first month of which its content is another."""
    changed: dict[str, date] = {}
    for model, month in before.keys() | now.keys():
        if before.get((model, month)) != now.get((model, month)):
            changed[model] = min(changed.get(model, month), month)
    return changed


def surprises(chosen: Scope, before: Fingerprints, now: Fingerprints) -> Changes:
    """The `verified` models just made that changed earlier than was guessed."""
    return {
        model: first
        for model, first in changes(before, now).items()
        if (guess := chosen.guessed[model]) is None or first < guess
    }


def scope(manifest: Manifest, changed: Changes) -> Scope:
    """Follows what changed through the models. What is in `changed` is there already."""
    told: dict[str, date | None] = dict(changed)
    # As if all looked back only, and what has no month moved none.
    likely: dict[str, date | None] = {
        model: None if first == EVERY_MONTH else first for model, first in changed.items()
    }
    views = compared_views(manifest)
    rebuild: list[str] = []
    from_month: dict[str, date] = {}
    guessed: dict[str, date | None] = {}
    for node_id in _in_order(manifest):
        node = manifest.nodes[node_id]
        parents, meta = node.depends_on.nodes, node.config.meta
        if node_id in views:
            continue
        first = _earliest(
            # A model that reads a filed table itself is past comparing.
            EVERY_MONTH if parent in manifest.sources else told.get(parent)
            for parent in parents
        )
        if first is None:
            continue
        if not meta.get("looks_back_only"):
            first = EVERY_MONTH
        rebuild.append(node.name)
        if first != EVERY_MONTH and node.config.materialized == "incremental":
            from_month[node.name] = first
        likely[node_id] = _earliest(likely.get(parent) for parent in parents)
        if meta.get("verified"):
            guessed[node_id] = likely[node_id] if meta.get("month_column") else None
            first = guessed[node_id]
        told[node_id] = _earliest((first, told.get(node_id)))
    return Scope(tuple(rebuild), from_month, _tests_of_views(manifest, views, changed), guessed)


def _tests_of_views(
    manifest: Manifest, views: Mapping[str, str | None], changed: Changes
) -> tuple[str, ...]:
    return tuple(
        node.name
        for node in manifest.nodes.values()
        if node.resource_type == "test"
        and views.keys() >= set(node.depends_on.nodes)
        and changed.keys() & set(node.depends_on.nodes)
    )


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
