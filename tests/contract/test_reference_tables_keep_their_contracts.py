"""Every table of `reference/` against its own contract: headers, types, limits, keys."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

from greenmfg.contract import Column, Contract
from greenmfg.contract.codes import CodeLists
from greenmfg.contract.reference import read_reference

REFERENCE = Path(__file__).resolve().parents[2] / "reference"
TABLES = sorted(path.stem for path in REFERENCE.glob("*.csv"))


def test_every_table_has_a_contract_and_every_contract_a_table() -> None:
    contracts = sorted(path.stem for path in (REFERENCE / "contracts").glob("*.yml"))
    assert contracts == TABLES


@pytest.mark.parametrize("table", TABLES)
def test_the_columns_are_the_files_header(table: str, contracts: Mapping[str, Contract]) -> None:
    with (REFERENCE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert list(contracts[table].names) == header
    assert [column.header for column in contracts[table].columns] == header


@pytest.mark.parametrize("table", TABLES)
def test_every_cell_is_what_its_column_says(
    table: str, contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    for line, row in enumerate(read_reference(REFERENCE)[table], start=2):
        for column in contracts[table].columns:
            assert fault(column, row[column.name], codes) is None, (line, column.name)


@pytest.mark.parametrize("table", TABLES)
def test_no_two_rows_have_one_key(table: str, contracts: Mapping[str, Contract]) -> None:
    rows = read_reference(REFERENCE)[table]
    keys = [tuple(row[name] for name in contracts[table].key) for row in rows]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("table", TABLES)
def test_labels_and_help_are_words_and_not_the_columns_name(
    table: str, contracts: Mapping[str, Contract]
) -> None:
    for column in contracts[table].columns:
        spelled = column.name.replace("_", " ")
        assert re.search(r"[\u4e00-\u9fff]", column.label.zh), column.name
        assert column.label.zh != column.name
        assert column.help.en.lower() != spelled, column.name
        assert column.help.zh != column.label.zh, column.name


def test_only_documented_keys_may_be_blank(contracts: Mapping[str, Contract]) -> None:
    blank = {
        (contract.form, name)
        for contract in contracts.values()
        for name in contract.key
        if not contract[name].cell_required
    }
    assert blank == {("land_zones", "zone"), ("plan_targets", "valid_from")}
    for form, name in blank:
        comment = contracts[form].source.read_text(encoding="utf-8").splitlines()[0]
        assert comment.startswith("# "), form
        assert name.split("_")[0] in comment, form


def test_the_calendars_forms_are_the_monthly_ones(
    contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    monthly = {c.form: c.title.zh for c in contracts.values() if c.kind == "monthly"}
    assert dict(codes["monthly_form"].names) == monthly


def fault(column: Column, cell: str | None, codes: CodeLists) -> str | None:
    """What a cell is not; None if it is as its column says."""
    if cell is None:
        return "blank" if column.cell_required else None
    try:
        match column.type:
            case "decimal" | "integer":
                return number_fault(column, Decimal(cell))
            case "date":
                date.fromisoformat(cell)
            case "code":
                assert column.code_list is not None
                return None if codes[column.code_list].code_of(cell) else "not in the list"
            case "text":
                return "too long" if len(cell) > (column.max_characters or 0) else None
            case _:
                return f"no delivered table holds a {column.type}"
    except (InvalidOperation, ValueError) as error:
        return repr(error)
    return None


def number_fault(column: Column, number: Decimal) -> str | None:
    places = column.decimals if column.type == "decimal" else 0
    if number != round(number, places):
        return "more decimals than are stored"
    low = Decimal(column.minimum or "-Infinity")
    high = Decimal(column.maximum or "Infinity")
    inside = low <= number <= high and not (column.above_minimum and number == low)
    return None if inside else "outside its limits"
