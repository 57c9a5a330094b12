"""The warehouse: rows in force come in, dbt computes the marts, releases go out.

`load` brings the schema `filed` of the workbench up to date, `build` runs dbt over what changed,
`stage_release` copies the marts into a new file, `publish` moves the pointer, `reader` reads.
"""

from __future__ import annotations

from greenmfg.warehouse.build import BuildFailed, BuildSummary, build
from greenmfg.warehouse.garbage import collected_later
from greenmfg.warehouse.inputs import CheckRow, ClockRow, FilingRow, FindingRow, RowsFile
from greenmfg.warehouse.load import LoadError, LoadSummary, load
from greenmfg.warehouse.lock import WarehouseBusy
from greenmfg.warehouse.release import (
    NoRelease,
    ReleaseFaulty,
    ReleaseRef,
    current,
    open_release,
    prune,
    publish,
    reader,
    release_path,
    stage_release,
)
from greenmfg.warehouse.schema import WarehouseOutdated
from greenmfg.warehouse.scope import project_of

__all__ = [
    "BuildFailed",
    "BuildSummary",
    "CheckRow",
    "ClockRow",
    "FilingRow",
    "FindingRow",
    "LoadError",
    "LoadSummary",
    "NoRelease",
    "ReleaseFaulty",
    "ReleaseRef",
    "RowsFile",
    "WarehouseBusy",
    "WarehouseOutdated",
    "build",
    "collected_later",
    "current",
    "load",
    "open_release",
    "project_of",
    "prune",
    "publish",
    "reader",
    "release_path",
    "stage_release",
]
