"""The keys of the marts: declared by the project, kept in the workbench for the release.

A mart's key is what its `primary_key` test names. Most marts have it as a constraint of their
contract too, and then the test is left out of a build. The marts by group, month and window have
not: the index of some 250,000 keys of five texts costs a build more than a month's rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

_TEST = "primary_key"

# Mart → the columns of its key.
Keys = Mapping[str, Sequence[str]]


def declared_keys(manifest: Manifest) -> Keys:
    """The keys of the models of the schema `marts`."""
    found: dict[str, Sequence[str]] = {}
    for test in manifest.nodes.values():
        if test.resource_type != "test" or _name(test) != _TEST:
            continue
        model = manifest.nodes[test.attached_node]
        if model.schema == "marts":
            found[model.name] = test.test_metadata.kwargs["columns"]
    return found


def tests_of_constrained_keys(manifest: Manifest) -> tuple[str, ...]:
    """Tests of keys that a constraint holds as well: it refuses such rows before they are there."""
    return tuple(
        test.name
        for test in manifest.nodes.values()
        if test.resource_type == "test"
        and _name(test) == _TEST
        and any(one.type == _TEST for one in manifest.nodes[test.attached_node].constraints)
    )


def keep_keys(connection: duckdb.DuckDBPyConnection, keys: Keys) -> None:
    """Writes them into the schema `built`, for whoever copies the marts."""
    connection.execute(
        "create table built.keys as"
        " select unnest(?::varchar[]) as mart, unnest(?::varchar[][]) as columns",
        [list(keys), [list(columns) for columns in keys.values()]],
    )


def kept_keys(connection: duckdb.DuckDBPyConnection, database: str) -> Keys:
    """What the last build that ended well kept; none before it."""
    made = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'built' and table_name = 'keys'"
        " and database_name = ?",
        [database],
    ).fetchone()
    if made is None:
        return {}
    return dict(connection.execute(f"select mart, columns from {database}.built.keys").fetchall())


def _name(test: object) -> str | None:
    metadata = getattr(test, "test_metadata", None)
    return None if metadata is None else str(metadata.name)
