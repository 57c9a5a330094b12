"""dbt's view of the filed tables, generated whole from the contracts."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from greenmfg.contract.forms import Column, Contract

_NOTICE = """\
# Generated whole from expectations/contracts and reference/contracts by `greenmfg generate`;
# a test holds it to them. Do not edit by hand: change the contract.
"""

_PROVENANCE = (
    ("filing_id", "bigint", "Number of the filing that the row belongs to."),
    ("receipt", "varchar", "Receipt number of the submission."),
    ("file_name", "varchar", "Name under which the file came."),
    ("line", "bigint", "Line of the row as a spreadsheet shows it."),
)

# The registry's own tables: no contract declares them, the loader creates them.
_REGISTRY_TABLES = {
    "filings": "Each row is one filing, in any state. Times are UTC.",
    "findings": "Each row is one failed check of a submission.",
    "checks": "Each row is one check that filings of a form are held against, by the rules as they are now.",
    "clock": "Each row is the clock of the build: one row.",
}


def render_sources(contracts: Mapping[str, Contract]) -> str:
    """The text of `dbt_project/models/staging/_sources.yml`.

    Every filed table with its columns: type, unit, and the description in both languages.
    """
    tables: list[dict[str, object]] = [
        {"name": name, "description": description} for name, description in _REGISTRY_TABLES.items()
    ]
    tables += [_table(contract) for _, contract in sorted(contracts.items())]
    document = {
        "version": 2,
        "sources": [
            {
                "name": "filed",
                "schema": "filed",
                "description": "Rows of every filing that was ever in force, as filed.",
                "tables": tables,
            }
        ],
    }
    return _NOTICE + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)


def _table(contract: Contract) -> dict[str, object]:
    return {
        "name": contract.form,
        "description": (
            f"{contract.title.zh} · {contract.title.en}. "
            f"每行是{contract.each_row_is.zh} · Each row is {contract.each_row_is.en}."
        ),
        "columns": [
            *(_column(column) for column in contract.columns),
            *(
                {"name": name, "data_type": kind, "description": description}
                for name, kind, description in _PROVENANCE
            ),
        ],
    }


def _column(column: Column) -> dict[str, str]:
    unit = f" [{column.unit}]" if column.unit and column.unit not in column.label.en else ""
    return {
        "name": column.name,
        "data_type": column.sql_type,
        "description": f"{column.label.zh} · {column.label.en}{unit}",
    }
