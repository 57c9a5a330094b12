"""Rebuild: rows, warehouse and release once more, from nothing but raw files and the registry."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from greenmfg import warehouse
from greenmfg.checks import Candidate, World, no_history
from greenmfg.contract.codes import ReferenceRows
from greenmfg.contract.reference import read_reference
from greenmfg.intake import parse
from greenmfg.pipeline.reference import reference_in_force
from greenmfg.pipeline.releasing import Release, build_and_publish
from greenmfg.pipeline.store import read_raw, store_rows
from greenmfg.pipeline.workshop import Workshop, checker_of
from greenmfg.records import ParsedFile
from greenmfg.registry import Filing
from greenmfg.settings import Settings

_FILES_PER_BATCH = 400
# What says when a release was made, not what is in it.
_OF_THE_MOMENT = {"release_facts": ("as_of", "built_today")}


class RawNoLongerReadable(RuntimeError):
    """A raw file that was accepted cannot be read as its form any more: ours to mend."""


@dataclass(frozen=True)
class Rebuilding:
    """`differences`: marts whose rows differ from the release before, with how many rows do."""

    release: Release
    submissions: int
    differences: dict[str, int]


def rebuild(shop: Workshop) -> Rebuilding:
    """Derives everything anew and compares the marts with those of the release before.

    Raises:
        RawFileDamaged, RawNoLongerReadable: a raw file is lost, or cannot be read as it was.
        BuildFailed, ReleaseRefused: the last release stays in force.
    """
    before = warehouse.current(shop.settings)
    filings = [f for f in shop.registry.filings() if f.accepted_at and f.rows_path]
    attempts = {(f.receipt, f.attempt): f for f in filings}
    _derive_all(shop, list(attempts.values()))
    shutil.rmtree(shop.settings.warehouse.parent, ignore_errors=True)
    shop.settings.warehouse.parent.mkdir(parents=True)
    release = build_and_publish(shop, force=True)
    after = warehouse.current(shop.settings)
    differences = (
        compare(shop.settings, before.path, after.path)
        if before and after and before.path.exists()
        else {}
    )
    return Rebuilding(release, len(attempts), differences)


def _derive_all(shop: Workshop, filings: Sequence[Filing]) -> None:
    """Reference tables first: the delivered ones say how to read them, they how to read the rest."""
    tables = [f for f in filings if shop.contracts[f.form].kind == "reference"]
    reports = [f for f in filings if shop.contracts[f.form].kind != "reference"]
    for batch in _batches(tables):
        _derive_rows(shop, batch, _world(shop, read_reference(shop.settings.reference_dir)))
    in_force = reference_in_force(shop.settings, shop.contracts, shop.registry)
    for batch in _batches(reports):
        _derive_rows(shop, batch, _world(shop, in_force))


def _world(shop: Workshop, reference: Mapping[str, ReferenceRows]) -> World:
    """What typing rows needs; nothing is judged, so neither register nor past."""
    return World(shop.settings.today(), reference, None, no_history)


def _batches(filings: Sequence[Filing]) -> Iterator[Sequence[Filing]]:
    for start in range(0, len(filings), _FILES_PER_BATCH):
        yield filings[start : start + _FILES_PER_BATCH]


def _derive_rows(shop: Workshop, batch: Sequence[Filing], world: World) -> None:
    candidates = []
    for filing in batch:
        submission = shop.registry.submission(filing.receipt)
        data = read_raw(shop.settings, submission.raw_path, submission.sha256)
        parsed = parse(data, filing.file_name, shop.contracts, world.codes, shop.settings.limits)
        if not isinstance(parsed, ParsedFile) or parsed.form != filing.form:
            raise RawNoLongerReadable(
                f"{filing.receipt} ({filing.file_name}) was accepted as {filing.form}"
                " and cannot be read as that any more"
            )
        account = shop.registry.account(filing.account, shop.settings.now())
        candidates.append(Candidate(filing.receipt, account, parsed))
    rows = checker_of(shop.settings).typed_rows(candidates, world)
    for filing in batch:
        store_rows(shop.settings, filing.receipt, filing.attempt, rows[filing.receipt])


def compare(settings: Settings, before: Path, after: Path) -> dict[str, int]:
    """Rows that only one of two releases has, by mart; marts that are equal are left out.

    A mart that only one of them has, or that has other columns in the other (releases of two
    versions of the software), differs in all of its rows, and is named even when it is empty.
    """
    differences = {}
    with duckdb.connect(config={"temp_directory": settings.spill}) as connection:
        for name, path in (("before", before), ("after", after)):
            place = str(path).replace("'", "''")
            connection.execute(f"attach '{place}' as {name}_release (read_only)")
        then, now = (_columns(connection, f"{name}_release") for name in ("before", "after"))
        for mart in sorted(then.keys() | now.keys()):
            if then.get(mart) == now.get(mart):
                rows = _rows_apart(connection, mart)
                if rows:
                    differences[mart] = rows
            else:
                differences[mart] = sum(
                    _count(connection, f"select count(*) from {release}.marts.{mart}")
                    for release, marts in (("before_release", then), ("after_release", now))
                    if mart in marts
                )
    return differences


def _columns(
    connection: duckdb.DuckDBPyConnection, release: str
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Name and type of each column in its place, by mart."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for mart, column, kind in connection.execute(
        "select table_name, column_name, data_type from duckdb_columns()"
        " where schema_name = 'marts' and database_name = ? order by table_name, column_index",
        [release],
    ).fetchall():
        found[mart] = (*found.get(mart, ()), (column, kind))
    return found


def _rows_apart(connection: duckdb.DuckDBPyConnection, mart: str) -> int:
    left_out = _OF_THE_MOMENT.get(mart, ())
    columns = f"* exclude ({', '.join(left_out)})" if left_out else "*"
    return _count(
        connection,
        f"""
        select count(*) from (
          (select {columns} from before_release.marts.{mart}
           except all select {columns} from after_release.marts.{mart})
          union all
          (select {columns} from after_release.marts.{mart}
           except all select {columns} from before_release.marts.{mart}))
        """,
    )


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
