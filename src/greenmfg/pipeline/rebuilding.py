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
    """Rows that only one of two releases has, by mart; marts that are equal are left out."""
    differences = {}
    with duckdb.connect(config={"temp_directory": settings.spill}) as connection:
        for name, path in (("before", before), ("after", after)):
            place = str(path).replace("'", "''")
            connection.execute(f"attach '{place}' as {name}_release (read_only)")
        marts = [
            mart
            for (mart,) in connection.execute(
                "select distinct table_name from duckdb_tables()"
                " where schema_name = 'marts' and database_name = 'after_release' order by 1"
            ).fetchall()
        ]
        for mart in marts:
            left_out = _OF_THE_MOMENT.get(mart, ())
            columns = f"* exclude ({', '.join(left_out)})" if left_out else "*"
            row = connection.execute(
                f"""
                select count(*) from (
                  (select {columns} from before_release.marts.{mart}
                   except all select {columns} from after_release.marts.{mart})
                  union all
                  (select {columns} from after_release.marts.{mart}
                   except all select {columns} from before_release.marts.{mart}))
                """
            ).fetchone()
            if row and row[0]:
                differences[mart] = row[0]
    return differences
