"""The schema of checked rows is the contract's, as DuckDB reads it back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from greenmfg.contract import Contract
from greenmfg.contract.arrow import parquet_schema

FORMS = (
    *("energy_monthly", "output_monthly", "audit_progress"),
    *("enterprise_register", "plan_projects", "energy_coefficients", "deflators"),
)


@pytest.mark.parametrize("form", FORMS)
def test_duckdb_reads_every_column_as_the_warehouse_types_it(
    form: str, contracts: Mapping[str, Contract], tmp_path: Path
) -> None:
    contract = contracts[form]
    file = tmp_path / "rows.parquet"
    pq.write_table(parquet_schema(contract).empty_table(), file)
    with duckdb.connect(":memory:") as connection:
        described = connection.execute(f"describe from '{file}'").fetchall()
    types = {name: str(kind).lower() for name, kind, *_ in described}
    lead = {"line": "bigint", "subject": "varchar", "filing_period": "date"}
    assert types == lead | {column.name: column.sql_type for column in contract.columns}
    assert list(types) == [*lead, *contract.names]


def test_steam_keeps_every_digit_of_its_coefficient(contracts: Mapping[str, Contract]) -> None:
    field = parquet_schema(contracts["energy_monthly"]).field("own_coefficient_tce")
    assert field.type == pa.decimal128(16, 12)


def test_each_field_carries_its_words_and_unit(contracts: Mapping[str, Contract]) -> None:
    field = parquet_schema(contracts["output_monthly"]).field("gross_output_10k_cny")
    words = {key.decode(): value.decode() for key, value in field.metadata.items()}
    assert words == {
        "header": "工业总产值(万元)",
        "label_zh": "工业总产值(万元)",
        "label_en": "Gross industrial output (10,000 CNY)",
        "unit": "10,000 CNY",
    }
