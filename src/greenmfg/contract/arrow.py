"""The Parquet schema of a form's checked rows."""

from __future__ import annotations

import pyarrow as pa

from greenmfg.contract.forms import DECIMAL_WIDTH, Column, Contract


def parquet_schema(contract: Contract) -> pa.Schema:
    """The schema of one submission's checked rows.

    Before the contract's columns stand `line` (the line as a spreadsheet shows it), `subject`
    (whom the row is about) and `filing_period` (first of the month; null unless monthly).
    Each filed column carries its header, labels and unit as field metadata, in UTF-8.
    """
    return pa.schema(
        [
            pa.field("line", pa.int64(), nullable=False),
            pa.field("subject", pa.string(), nullable=False),
            pa.field("filing_period", pa.date32()),
            *(
                pa.field(column.name, arrow_type(column), metadata=_metadata(column))
                for column in contract.columns
            ),
        ],
        metadata={
            "form": contract.form,
            "title_zh": contract.title.zh,
            "title_en": contract.title.en,
        },
    )


def arrow_type(column: Column) -> pa.DataType:
    """The Arrow type that DuckDB reads as `Column.sql_type`."""
    match column.type:
        case "month" | "date":
            return pa.date32()
        case "integer":
            return pa.int64()
        case "decimal":
            return pa.decimal128(DECIMAL_WIDTH[column.decimals], column.decimals)
        case "yes_no":
            return pa.bool_()
        case _:
            return pa.string()


def _metadata(column: Column) -> dict[str, str]:
    words = {
        "header": column.header,
        "label_zh": column.label.zh,
        "label_en": column.label.en,
        "unit": column.unit,
    }
    return {name: word for name, word in words.items() if word is not None}
