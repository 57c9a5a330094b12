"""House rules of the dbt project, read from its files."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from tests.indicators.cabinet import CONTRACTS, REPOSITORY

PROJECT = REPOSITORY / "dbt_project"
MODELS = sorted((PROJECT / "models").rglob("*.sql"))
MARTS = sorted((PROJECT / "models" / "marts").rglob("*.sql"))


def code_of(path: Path) -> str:
    """The SQL without comments and Jinja comments."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"--.*", "", text)


@cache
def described_models() -> dict[str, dict[str, object]]:
    return {
        model["name"]: model
        for path in (PROJECT / "models").rglob("*.yml")
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
    }


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.stem)
def test_no_target_or_threshold_is_written_in_sql(model: Path) -> None:
    forbidden = {"0.08", "0.8", "45", "0.0800", "0.03412", "1.229", "2025", "15"}
    assert not forbidden & set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?", code_of(model)))


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.stem)
def test_the_sql_stays_open_for_spark(model: Path) -> None:
    not_on_both = r"::|\bqualify\b|\bexclude\b|//|\basof\b|\bstring_agg\b|\bvarchar\b|\blog\("
    assert re.findall(not_on_both, code_of(model)) == []
    without_nulls = re.findall(r"\b(?:asc|desc)\b(?!\s+nulls)", code_of(model))
    assert without_nulls == [], "always say nulls last"


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.stem)
def test_only_staging_reads_what_was_filed(model: Path) -> None:
    if model.parent.name != "staging":
        assert "source(" not in code_of(model)


@pytest.mark.parametrize("mart", MARTS, ids=lambda path: path.stem)
def test_a_mart_names_every_column_it_gives(mart: Path) -> None:
    last_select = re.split(r"\n\)\n", code_of(mart))[-1]
    assert not re.search(r"^\s*(\w+\.)?\*", last_select, flags=re.MULTILINE)


def test_every_model_says_what_each_row_is() -> None:
    described = described_models()
    assert described.keys() == {path.stem for path in MODELS}
    for name, model in described.items():
        assert str(model["description"]).startswith("Each row is "), name


@pytest.mark.parametrize("mart", MARTS, ids=lambda path: path.stem)
def test_every_column_of_a_mart_is_described_and_a_quantity_names_its_unit(mart: Path) -> None:
    model = described_models()[mart.stem]
    units = {"_tce": "tce", "_10k_cny": "10,000 CNY", "_1k_cny": "1,000 CNY"}
    for column in model["columns"]:  # type: ignore[attr-defined]
        assert column["description"], column["name"]
        for ending, unit in units.items():
            if column["name"].endswith(ending) and column["data_type"] != "boolean":
                assert unit in column["description"], column["name"]


# Of a number: its unit, what it counts, or that it is a fraction, a date's part or a number on paper.
UNITS = re.compile(
    r"\b(tce|CNY|t CO2|tCO2|fraction|share|units?|days?|months?|firm-months|years?|firms|members"
    r"|enterprises|persons|filings|findings|rounds|audits|lines?|version|number|2020 = 100)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("mart", MARTS, ids=lambda path: path.stem)
def test_every_number_of_a_mart_says_what_it_is_a_number_of(mart: Path) -> None:
    numbers = ("decimal", "double", "bigint", "integer")
    columns: list[dict[str, str]] = described_models()[mart.stem]["columns"]  # type: ignore[assignment]
    without = [
        column["name"]
        for column in columns
        if column["data_type"].startswith(numbers) and not UNITS.search(column["description"])
    ]
    assert without == []


STAGED = [form for form in sorted(CONTRACTS) if f"stg_{form}" in {path.stem for path in MODELS}]


@pytest.mark.parametrize("form", STAGED)
def test_staging_takes_the_newest_row_by_the_key_of_the_contract(form: str) -> None:
    path = PROJECT / "models" / "staging" / f"stg_{form}.sql"
    contract = CONTRACTS[form]
    keys = re.findall(r"newest_rows_in_force\(\s*source\([^)]*\),\s*\[([^\]]*)\]", code_of(path))
    if contract.replaces == "key":
        assert keys == [", ".join(f"'{column}'" for column in contract.key)]
    else:
        assert keys == []
        assert "rows_in_force(" in code_of(path)


@pytest.mark.parametrize(
    ("mart", "form", "computed"),
    [
        ("enterprise_energy_months", "energy_monthly", {"months_covered"}),
        ("enterprise_months", "output_monthly", {"months_covered", "value_added_10k_cny"}),
    ],
)
def test_a_filed_column_that_passes_through_keeps_its_type(
    mart: str, form: str, computed: set[str]
) -> None:
    passed = 0
    for column in described_models()[mart]["columns"]:  # type: ignore[attr-defined]
        filed = CONTRACTS[form].by_name.get(column["name"])
        if filed is None or column["name"] in computed:
            continue
        passed += 1
        assert column["data_type"] == filed.sql_type.replace("varchar", "string"), column["name"]
    assert passed > 4
