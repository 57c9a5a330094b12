"""What the tests of the checks share: forms from plain rows, a past, and a warm checker."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pyarrow as pa

from greenmfg.checks import Candidate, Checker, World
from greenmfg.contract.arrow import arrow_type
from greenmfg.contract.forms import Contract
from greenmfg.intake import parse
from greenmfg.records import Account, Finding, ParsedFile, ReferenceRows, Verdict
from greenmfg.settings import Settings

SHIPS, POTS, FOOD = "91310151MA00000013", "91310151MA00000026", "91310151MA00000039"
# In the register since 2019, before the first coefficient and parameter.
OLD = "91310151MA0G000A1N"
STEWARD = Account("steward", "steward")
SHIPS_CLERK = Account(SHIPS, "firm", frozenset([SHIPS]))

Row = Mapping[str, object]

ELECTRICITY: Row = {
    "uscc": SHIPS, "period": "202610", "energy_item": "电力", "unit": "万千瓦时", "purchased": 103,
    "purchase_cost_1k_cny": 721, "production_use": 100.5, "non_production_use": 2.5,
}  # fmt: skip
DIESEL: Row = {
    "uscc": SHIPS, "period": "202610", "energy_item": "柴油", "unit": "吨", "opening_stock": 1.5,
    "purchased": 9, "purchase_cost_1k_cny": 68.4, "production_use": 8, "closing_stock": 2.5,
}  # fmt: skip
OUTPUT: Row = {
    "uscc": SHIPS, "period": "202610", "gross_output_10k_cny": 2150, "value_added_10k_cny": 516,
}  # fmt: skip
STARTED: Row = {
    "uscc": SHIPS, "audit_round": "2025", "stream": "强制性", "category": "双有", "stage": "审核准备",
    "event_date": "2025-05-20",
}  # fmt: skip
LISTED: Row = {**STARTED, "stage": "名单公布", "event_date": "2025-04-01", "document_no": "示例1号"}
REGISTERED: Row = {
    "uscc": SHIPS, "name": "示例船舶配套有限公司", "industry_code": "37", "town_code": "310151116",
    "above_scale": "是", "valid_from": "202001",
}  # fmt: skip
PROJECT: Row = {
    "project_id": "JG-1", "uscc": SHIPS, "kind": "节能改造", "completed_on": "2024-11-15",
}  # fmt: skip

LAND: Row = {
    "park": "崇明工业园区", "land_area_km2": 2, "land_basis": "已供地", "source": "示例",
    "valid_from": "2020-01-01",
}  # fmt: skip
DUE_DAY: Row = {
    "parameter": "filing_due_day", "value": 20, "unit": "day of the following month",
    "basis": "ours", "valid_from": "2020-01-01",
}  # fmt: skip
CHANGE: Row = {
    "uscc": SHIPS, "successor_uscc": POTS, "valid_from": "2024-07-01", "source": "示例",
}  # fmt: skip
EDITION: Row = {
    "item_code": "electricity", "name_zh": "电力", "name_en": "electricity", "category": "power",
    "basis": "当量", "report_unit": "万千瓦时", "tce_per_report_unit_default": "1.229",
    "in_gbt2589_2020": 1, "form_name_zh": "电力", "form_unit": "万千瓦时", "reportable": 1,
    "nbs_code_is_unique": 1, "edition": "示例", "valid_from": "2020-01-01",
}  # fmt: skip


def form_csv(contract: Contract, rows: Sequence[Row], header: Sequence[str] | None = None) -> bytes:
    """A UTF-8 CSV of the form. `header` replaces the contract's own header row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header or [column.header for column in contract.columns])
    for row in rows:
        writer.writerow(["" if row.get(n) is None else str(row[n]) for n in contract.names])
    return text.getvalue().encode()


@dataclass(frozen=True)
class Bench:
    """A checker and the state its verdicts are reached against."""

    settings: Settings
    contracts: Mapping[str, Contract]
    checker: Checker
    world: World

    def with_past(self, form: str, rows: Sequence[Row]) -> Bench:
        """The same with rows in force (typed values) for one form."""
        table = past_table(self.contracts[form], rows)

        def history(asked: str, _subjects: Collection[str], _since: date | None) -> pa.Table | None:
            return table if asked == form else None

        return replace(self, world=replace(self.world, history=history))

    def with_reference(self, **tables: ReferenceRows) -> Bench:
        reference = {**self.world.reference, **tables}
        return replace(self, world=replace(self.world, reference=reference))

    def parse(self, data: bytes) -> ParsedFile:
        parsed = parse(data, "test.csv", self.contracts, self.world.codes, self.settings.limits)
        assert isinstance(parsed, ParsedFile), parsed
        return parsed

    def judge(self, form: str, rows: Sequence[Row], account: Account = STEWARD) -> Verdict:
        return self.judge_bytes(form_csv(self.contracts[form], rows), account)

    def judge_bytes(self, data: bytes, account: Account = STEWARD) -> Verdict:
        candidate = Candidate("file", account, self.parse(data))
        return self.checker.check([candidate], self.world)["file"]


def past_table(contract: Contract, rows: Sequence[Row]) -> pa.Table:
    """Rows in force as the registry's files give them; values are typed already."""
    columns: dict[str, pa.Array] = {
        "subject": pa.array([_subject(contract, row) for row in rows], pa.string()),
        "filing_period": pa.array(
            [row.get("period") if contract.kind == "monthly" else None for row in rows], pa.date32()
        ),
    }
    for column in contract.columns:
        kind = arrow_type(column)
        values = [row.get(column.name) for row in rows]
        if pa.types.is_decimal(kind):
            values = [None if v is None else Decimal(str(v)) for v in values]
        columns[column.name] = pa.array(values, kind)
    return pa.table(columns)


def _subject(contract: Contract, row: Row) -> object:
    return contract.form if contract.kind == "reference" else row["uscc"]


def places(findings: Sequence[Finding]) -> list[tuple[str, int | None, str | None]]:
    """(id, line, column) of each finding."""
    return [(finding.id, finding.line, finding.column) for finding in findings]
