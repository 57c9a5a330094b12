"""The five forms against the bureau's own list of their columns (`form_columns.csv`)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from greenmfg.contract import Column, Contract

ISSUED = Path(__file__).with_name("form_columns.csv")
FORMS = (
    *("energy_monthly", "output_monthly", "audit_progress"),
    *("enterprise_register", "plan_projects"),
)


@pytest.fixture(scope="module")
def issued() -> dict[str, list[dict[str, str]]]:
    forms: dict[str, list[dict[str, str]]] = {}
    with ISSUED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            forms.setdefault(row["form"], []).append(row)
    return forms


def test_the_list_has_these_five_forms(issued: Mapping[str, object]) -> None:
    assert set(issued) == set(FORMS)


@pytest.mark.parametrize("form", FORMS)
def test_names_headers_and_their_order_are_as_issued(
    form: str, issued: Mapping[str, list[dict[str, str]]], contracts: Mapping[str, Contract]
) -> None:
    ours = [(column.name, column.header) for column in contracts[form].columns]
    assert ours == [(row["name"], row["header_zh"]) for row in issued[form]]


@pytest.mark.parametrize("form", FORMS)
def test_types_units_and_what_is_required_are_as_issued(
    form: str, issued: Mapping[str, list[dict[str, str]]], contracts: Mapping[str, Contract]
) -> None:
    for row in issued[form]:
        column = contracts[form][row["name"]]
        assert issued_type(column) == row["type"], row["name"]
        assert int(column.column_required) == int(row["column_required"]), row["name"]
        assert int(column.cell_required) == int(row["cell_required"]), row["name"]
        assert (column.unit or "") == row["unit"].replace("yuan", "CNY"), row["name"]


@pytest.mark.parametrize("form", FORMS)
def test_limits_and_defaults_are_as_the_notes_say(
    form: str, issued: Mapping[str, list[dict[str, str]]], contracts: Mapping[str, Contract]
) -> None:
    defaults = {
        "blank = 1": "1",
        "blank = 否": "no",
        "blank = 其他": "其他",
        "blank = 园区外": "园区外",
    }
    for row in issued[form]:
        column, note = contracts[form][row["name"]], row["note"]
        if note.startswith(">= 0"):
            assert (column.minimum, column.above_minimum) == ("0", False), row["name"]
        elif note.startswith("> 0"):
            assert (column.minimum, column.above_minimum) == ("0", True), row["name"]
        elif note == "-1 .. 1":
            assert (column.minimum, column.maximum) == ("-1", "1"), row["name"]
        elif note.startswith("may be negative"):
            assert column.minimum is None, row["name"]
        assert column.default == defaults.get(note), row["name"]


def issued_type(column: Column) -> str:
    if column.name == "unit":
        return "code unit of the item"
    if column.code_list:
        return f"code {column.code_list}"
    if column.max_characters:
        return f"text {column.max_characters}"
    if column.name == "months_covered":
        return f"integer {column.minimum}..{column.maximum}"
    return column.type
