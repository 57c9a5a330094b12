"""A template that was filled in is read as its own form, without anything to tidy."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from greenmfg.contract import Contract
from greenmfg.contract.codes import CodeLists
from greenmfg.contract.templates import Language, csv_template, xlsx_template
from greenmfg.intake import parse
from greenmfg.records import ParsedFile, Refusal
from greenmfg.settings import Limits

FIRM = "91310151MA00000013"
OCTOBER = date(2026, 10, 1)
# What is typed into the row of one firm; and what is stored of it where that differs.
TYPED = {
    "energy_monthly": {"energy_item": "电力", "unit": "万千瓦时", "production_use": 100.5},
    "output_monthly": {"gross_output_10k_cny": 2150, "nil_return": "否"},
    "audit_progress": {
        **{"audit_round": "2025", "stream": "强制性", "category": "双有"},
        **{"stage": "审核准备", "event_date": date(2025, 5, 20)},
    },
    "enterprise_register": {
        **{"name": "示例船舶配套有限公司", "industry_code": "37", "town_code": "长兴镇"},
        **{"land_zone": "104", "above_scale": "是", "valid_from": "202001"},
    },
    "plan_projects": {
        **{"project_id": "JG-2024-03", "kind": "节能改造", "completed_on": date(2024, 11, 15)}
    },
}
STORED = {
    "energy_monthly": {"energy_item": "electricity", "production_use": "100.5"},
    "output_monthly": {"gross_output_10k_cny": "2150", "nil_return": "false"},
    "audit_progress": {"stream": "mandatory", "category": "toxic", "event_date": "2025-05-20"},
    "enterprise_register": {
        **{"town_code": "310151116", "above_scale": "true", "valid_from": "2020-01-01"}
    },
    "plan_projects": {"kind": "retrofit", "completed_on": "2024-11-15"},
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("form", list(TYPED))
def test_a_workbook_filled_in_is_its_own_form(
    form: str, language: Language, contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    template = xlsx_template(
        contracts[form], codes, enterprise=FIRM, period=OCTOBER, language=language
    )
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    for name, value in TYPED[form].items():
        sheet.cell(row=2, column=contracts[form].names.index(name) + 1).value = value
    saved = io.BytesIO()
    book.save(saved)
    parsed = parse(saved.getvalue(), "filled.xlsx", contracts, codes, Limits())
    assert isinstance(parsed, ParsedFile), parsed
    assert_row_is_stored(parsed, form)


@pytest.mark.parametrize("form", list(TYPED))
def test_a_csv_filled_in_is_its_own_form(
    form: str, contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    row = {name: str(value) for name, value in TYPED[form].items()}
    filled = csv_template(contracts[form], codes, enterprise=FIRM, period=OCTOBER, rows=[row])
    parsed = parse(filled, "filled.csv", contracts, codes, Limits())
    assert isinstance(parsed, ParsedFile), parsed
    assert_row_is_stored(parsed, form)


@pytest.mark.parametrize("form", list(TYPED))
def test_a_template_with_a_row_begun_in_it_is_recognised(
    form: str, contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    for make in (csv_template, xlsx_template):
        data = make(contracts[form], codes, enterprise=FIRM, period=OCTOBER)
        parsed = parse(data, "template", contracts, codes, Limits())
        assert isinstance(parsed, ParsedFile), parsed
        assert (parsed.form, parsed.rows.num_rows) == (form, 1)


@pytest.mark.parametrize("form", list(TYPED))
def test_an_empty_template_is_refused_as_empty_and_not_as_unknown(
    form: str, contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    for make in (csv_template, xlsx_template):
        refusal = parse(make(contracts[form], codes), "template", contracts, codes, Limits())
        assert isinstance(refusal, Refusal)
        assert contracts[form].title.zh in refusal.message.zh


def test_every_delivered_reference_table_is_read_as_itself(
    contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    folder = Path(__file__).resolve().parents[2] / "reference"
    for path in sorted(folder.glob("*.csv")):
        parsed = parse(path.read_bytes(), path.name, contracts, codes, Limits())
        if isinstance(parsed, Refusal):
            # Four tables are delivered as a header alone.
            assert path.stem in (
                *("deflators", "enterprise_successors", "filing_calendar", "park_land"),
            )
            assert contracts[path.stem].title.zh in parsed.message.zh
        else:
            assert parsed.form == path.stem


def assert_row_is_stored(parsed: ParsedFile, form: str) -> None:
    assert parsed.form == form
    assert parsed.header_line == 1
    assert parsed.tidied == ()
    (row,) = parsed.rows.to_pylist()
    expected = {"uscc": FIRM, **STORED[form]}
    assert {name: row[name] for name in expected} == expected
    assert row["line"] == 2
    if "period" in row:
        assert row["period"] == "2026-10-01"
