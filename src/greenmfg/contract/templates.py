"""Templates to download: an empty form with its exact header row, as CSV or as a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from greenmfg.contract.codes import CodeLists
from greenmfg.contract.forms import Column, Contract
from greenmfg.contract.wording import list_name

Language = Literal["zh", "en"]
# One row to fill in: column name → stored value; codes are written in the form's own words.
TemplateRow = Mapping[str, str]


def csv_template(
    contract: Contract,
    codes: CodeLists,
    *,
    enterprise: str | None = None,
    period: date | None = None,
    language: Language = "zh",
    rows: Sequence[TemplateRow] = (),
) -> bytes:
    """The header row, and the rows to fill in, as UTF-8 with BOM so that Excel reads it.

    `enterprise` and `period` (first of the month) are written into every row, and into one row
    where `rows` is empty. Headers are the form's own in both languages: they are what is filed.
    """
    del language  # taken so that callers choose between the two templates by format alone
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.header for column in contract.columns])
    writer.writerows(_cells(contract, codes, enterprise, period, rows))
    return text.getvalue().encode("utf-8-sig")


def xlsx_template(
    contract: Contract,
    codes: CodeLists,
    *,
    enterprise: str | None = None,
    period: date | None = None,
    language: Language = "zh",
    rows: Sequence[TemplateRow] = (),
) -> bytes:
    """A workbook with a data-entry sheet, the code lists and a help sheet.

    Takes the same rows as `csv_template`; the same arguments give the same bytes.
    """
    # openpyxl takes longer to import than a CSV template takes to write.
    from greenmfg.contract.workbook import write_workbook

    cells = _cells(contract, codes, enterprise, period, rows)
    return write_workbook(contract, codes, cells, language)


def _cells(
    contract: Contract,
    codes: CodeLists,
    enterprise: str | None,
    period: date | None,
    rows: Sequence[TemplateRow],
) -> list[list[str]]:
    """Text cells in the contract's order; no row at all for a plain empty form."""
    fixed: dict[str, str] = {}
    if enterprise is not None and "uscc" in contract.by_name:
        fixed["uscc"] = enterprise
    if period is not None and contract.period is not None:
        fixed[contract.period] = f"{period:%Y%m}"
    filled = [{**row, **fixed} for row in rows] or [fixed] * bool(fixed)
    return [[_word(column, row, codes) for column in contract.columns] for row in filled]


def _word(column: Column, row: TemplateRow, codes: CodeLists) -> str:
    value = row.get(column.name, "")
    name = list_name(column)
    return codes[name].names.get(value, value) if name else value
