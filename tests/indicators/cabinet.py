"""A registry in miniature: files rows as Parquet and filings, for tests of warehouse and marts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from greenmfg.checks.rules import load_rules
from greenmfg.contract.arrow import parquet_schema
from greenmfg.contract.forms import Column, Contract, load_contracts
from greenmfg.contract.reference import read_reference
from greenmfg.settings import Settings
from greenmfg.warehouse import (
    CheckRow,
    ClockRow,
    FilingRow,
    FindingRow,
    LoadSummary,
    RowsFile,
    load,
)

REPOSITORY = Path(__file__).resolve().parents[2]
CONTRACTS = load_contracts(
    REPOSITORY / "expectations" / "contracts", REPOSITORY / "reference" / "contracts"
)
CHECKS = [
    CheckRow(check.form, check.id, check.name, check.severity)
    for contract in CONTRACTS.values()
    for check in load_rules(REPOSITORY / "expectations" / "checks").declared(contract)
]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

Row = Mapping[str, str | None]


@dataclass
class Cabinet:
    """Rows go in as text by column name; a row's subject and period make its filing."""

    settings: Settings
    today: date
    filings: list[FilingRow] = field(default_factory=list)
    rows_files: dict[str, RowsFile] = field(default_factory=dict)
    findings: list[FindingRow] = field(default_factory=list)
    contracts: dict[str, Contract] = field(default_factory=lambda: dict(CONTRACTS))

    def submit(
        self,
        form: str,
        rows: Sequence[Row],
        *,
        received_at: datetime = LONG_AGO,
        state: str = "accepted",
        file_name: str | None = None,
        version: int = 1,
    ) -> list[FilingRow]:
        """One file; line 1 is its header. Filings are accepted when received, or not at all."""
        contract = self.contracts[form]
        receipt = f"R{len(self.rows_files) + 1:06d}"
        identities = [_identity(contract, row) for row in rows]
        path = self.settings.rows / f"{receipt}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(_table(contract, rows, identities), path)
        self.rows_files[receipt] = RowsFile(str(path), file_name or f"{form}.csv")
        filed = [
            FilingRow(
                filing_id=len(self.filings) + 1 + offset,
                receipt=receipt,
                form=form,
                subject=subject,
                period=period,
                months_covered=_months_covered(identities, rows, (subject, period)),
                state=state,
                version=version,
                received_at=received_at,
                decided_at=None if state == "awaiting_review" else received_at,
                accepted_at=received_at if state == "accepted" else None,
            )
            for offset, (subject, period) in enumerate(dict.fromkeys(identities))
        ]
        self.filings += filed
        return filed

    def submit_reference(self, but: Mapping[str, Sequence[Row]] | None = None) -> None:
        """Files every reference table of the product; `but` replaces a table's rows."""
        for table, rows in read_reference(REPOSITORY / "reference").items():
            chosen = (but or {}).get(table, rows)
            if chosen:
                self.submit(table, chosen)

    def supersede(self, old: FilingRow, at: datetime) -> None:
        self._replace(old, state="superseded", superseded_at=at)

    def withdraw(self, old: FilingRow, at: datetime) -> None:
        self._replace(old, state="withdrawn", withdrawn_at=at)

    def find(self, filing: FilingRow, check_id: str, severity: str, line: int = 2) -> None:
        self.findings.append(
            FindingRow(
                receipt=filing.receipt,
                filing_id=filing.filing_id,
                check_id=check_id,
                severity=severity,
                line=line,
                column_name=None,
                period=filing.period,
                received_at=filing.received_at,
            )
        )

    def load(self, as_of: datetime | None = None) -> LoadSummary:
        end_of_today = datetime.combine(self.today, datetime.min.time(), UTC) + timedelta(hours=15)
        clock = ClockRow(self.today, demonstration=False, as_of=as_of or end_of_today)
        return load(
            self.settings,
            self.contracts,
            self.filings,
            self.rows_files,
            self.findings,
            CHECKS,
            clock,
        )

    def _replace(self, old: FilingRow, **changes: object) -> None:
        position = next(i for i, f in enumerate(self.filings) if f.filing_id == old.filing_id)
        self.filings[position] = replace(self.filings[position], **changes)  # type: ignore[arg-type]


def settings_in(home: Path, rooms: Path = REPOSITORY) -> Settings:
    return Settings.from_environment({"GREENMFG_HOME": str(home), "GREENMFG_ROOMS": str(rooms)})


def _identity(contract: Contract, row: Row) -> tuple[str, date | None]:
    named = [row.get(column) for column in contract.subject]
    subject = next((value for value in named if value), contract.form)
    period = row.get(contract.period) if contract.period else None
    return subject, date.fromisoformat(period) if period else None


def _months_covered(
    identities: Iterable[tuple[str, date | None]],
    rows: Iterable[Row],
    identity: tuple[str, date | None],
) -> int:
    given = [
        row.get("months_covered") for i, row in zip(identities, rows, strict=True) if i == identity
    ]
    return int(given[0] or 1)


def _table(
    contract: Contract, rows: Sequence[Row], identities: Sequence[tuple[str, date | None]]
) -> pa.Table:
    schema = parquet_schema(contract)
    columns: dict[str, list[object]] = {
        "line": list(range(2, len(rows) + 2)),
        "subject": [subject for subject, _ in identities],
        "filing_period": [period for _, period in identities],
    }
    for column in contract.columns:
        columns[column.name] = [_typed(column, row.get(column.name)) for row in rows]
    return pa.table(columns, schema=schema)


def _typed(column: Column, text: str | None) -> object:
    if text is None:
        return None
    match column.type:
        case "month" | "date":
            return date.fromisoformat(text)
        case "integer":
            return int(text)
        case "decimal":
            return Decimal(text)
        case "yes_no":
            return text == "yes"
        case _:
            return text
