"""Reads the district's files back without the simulator's help, and does the arithmetic by hand."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from openpyxl import load_workbook

from greenmfg.contract.codes import CodeLists
from greenmfg.contract.forms import Contract, load_contracts
from greenmfg.demo import DemoManifest, write_district
from greenmfg.records import ReferenceRows

TODAY = date(2026, 11, 23)
REPOSITORY = Path(__file__).resolve().parents[2]

_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"


@dataclass(frozen=True)
class Filed:
    """One row of a file: where it stands, and what it says by English column name."""

    file: str
    line: int
    text: Mapping[str, str]

    def __getitem__(self, column: str) -> Decimal:
        """A number; a blank counts as 0."""
        return Decimal(self.text.get(column, "").replace(",", "") or "0")

    @property
    def key(self) -> tuple[str, str]:
        return self.text["uscc"], self.text["period"]


def plain(text: object) -> str:
    return "" if text is None else unicodedata.normalize("NFKC", str(text)).strip()


def month_of(text: str) -> str:
    """`2026-10` from the spellings that the district's offices use."""
    if named := re.fullmatch(r"([a-z]{3})-(\d\d)", text.lower()):
        return f"20{named[2]}-{_MONTHS.index(named[1]) // 3 + 1:02d}"
    digits = re.fullmatch(r"(\d{4})\D?(\d{1,2})(?:\D1?)?", text.removesuffix(".0"))
    assert digits, text
    return f"{digits[1]}-{int(digits[2]):02d}"


def cells(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    if path.suffix == ".xlsx":
        sheet = load_workbook(io.BytesIO(raw), read_only=True).worksheets[0]
        return [[plain(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    if raw.startswith(b"\xff\xfe"):
        text = raw.decode("utf-16")
    elif raw.startswith(b"\xef\xbb\xbf"):
        text = raw.decode("utf-8-sig")
    else:
        text = raw.decode("gb18030")
    delimiter = max("\t;,", key=text.count)
    return [
        [plain(cell) for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)
    ]


class District:
    """The written files, by form."""

    def __init__(
        self,
        folder: Path,
        manifest: DemoManifest,
        contracts: Mapping[str, Contract],
        codes: CodeLists,
        tables: Mapping[str, ReferenceRows],
    ) -> None:
        self.folder, self.manifest, self.contracts = folder, manifest, contracts
        self.codes, self.tables = codes, tables
        self.by_form: dict[str, list[Filed]] = {}
        for file in manifest.files:
            rows = self._rows(file.relative_path, contracts[file.form])
            self.by_form.setdefault(file.form, []).extend(rows)

    def _rows(self, file: str, contract: Contract) -> Iterator[Filed]:
        names = {
            plain(spelling): column.name
            for column in contract.columns
            for spelling in (column.header, *column.aliases)
        }
        table = cells(self.folder / file)
        first = plain(contract.columns[0].header)
        spellings = {first, *(plain(alias) for alias in contract.columns[0].aliases)}
        header = next(i for i, row in enumerate(table) if row and row[0] in spellings)
        columns = [names[text] for text in table[header] if text]
        for line, row in enumerate(table[header + 1 :], header + 2):
            if len([cell for cell in row if cell]) > 1:
                said = {name: text for name, text in zip(columns, row, strict=False) if text}
                if contract.period:
                    said["period"] = month_of(said["period"])
                yield Filed(file, line, said)

    @cached_property
    def not_in_force(self) -> set[tuple[str, str, str, str]]:
        """File, form, enterprise and month of what is returned or waits for review."""
        return {
            (flaw.file, flaw.form, flaw.enterprise or "", month_of(flaw.period))
            for flaw in self.manifest.flaws
            if flaw.expected in ("returned", "awaiting_review") and flaw.file and flaw.period
        }

    def in_force(self, form: str) -> list[Filed]:
        """Rows of the newest accepted version of each enterprise-month."""
        versions: dict[tuple[str, str], list[Filed]] = {}
        for row in self.by_form[form]:
            if (row.file, form, *row.key) not in self.not_in_force:
                held = versions.setdefault(row.key, [])
                if held and held[0].file != row.file:
                    held.clear()
                held.append(row)
        return [row for rows in versions.values() for row in rows]

    @cached_property
    def register(self) -> dict[str, list[Filed]]:
        """Enterprise → its rows, in order of validity."""
        found: dict[str, list[Filed]] = {}
        for row in self.by_form["enterprise_register"]:
            found.setdefault(row.text["uscc"], []).append(row)
        for rows in found.values():
            rows.sort(key=lambda row: row.text["valid_from"])
        return found

    def registered(self, uscc: str, month: str) -> Filed:
        """The register row of a month: the newest that has begun, if it has not ended."""
        begun = [r for r in self.register[uscc] if month_of(r.text["valid_from"]) <= month]
        assert begun, f"{uscc} files {month} before its register row begins"
        last = begun[-1].text.get("valid_to")
        assert last is None or month <= month_of(last), f"{uscc} files {month} after it ended"
        return begun[-1]

    def above_scale(self, uscc: str, month: str) -> bool:
        return self.registered(uscc, month).text["above_scale"] == "是"

    @cached_property
    def coefficients(self) -> dict[str, Mapping[str, str | None]]:
        rows = self.tables["energy_coefficients"]
        return {str(row["item_code"]): row for row in rows if row["reportable"] == "1"}

    def item(self, row: Filed) -> str:
        code = self.codes["energy_item"].code_of(row.text["energy_item"])
        assert code, row
        return code

    def tce(self, row: Filed) -> Decimal:
        """(production − transformation − recovered) × coefficient."""
        reference = self.coefficients[self.item(row)]
        coefficient = row["own_coefficient_tce"] or Decimal(
            reference["tce_per_report_unit_default"] or "0"
        )
        if not coefficient:
            gigajoules = Decimal(reference["gj_per_report_unit"] or "0")
            coefficient = gigajoules * Decimal("0.03412")
        quantity = row["production_use"] - row["transformation_output"] - row["recovered"]
        return quantity * coefficient

    def value_added(self, row: Filed) -> Decimal:
        """Given before derived before estimated, 万元."""
        if "value_added_10k_cny" in row.text:
            return row["value_added_10k_cny"]
        if "intermediate_input_10k_cny" in row.text:
            output, used = row["gross_output_10k_cny"], row["intermediate_input_10k_cny"]
            return output - used + row["vat_payable_10k_cny"]
        rate = self.registered(*row.key)["value_added_rate"]
        return row["gross_output_10k_cny"] * rate

    def intensity_by_year(self) -> dict[str, tuple[Decimal, Decimal]]:
        """Year → energy (tce) and value added (万元) of matched above-scale firm-months."""
        energy: dict[tuple[str, str], Decimal] = {}
        for row in self.in_force("energy_monthly"):
            energy[row.key] = energy.get(row.key, Decimal(0)) + self.tce(row)
        totals: dict[str, tuple[Decimal, Decimal]] = {}
        for row in self.in_force("output_monthly"):
            nil = row.text.get("nil_return") == "是"
            if self.above_scale(*row.key) and (nil or row.key in energy):
                year = row.key[1][:4]
                tce, value_added = totals.get(year, (Decimal(0), Decimal(0)))
                tce += energy.get(row.key, Decimal(0))
                totals[year] = (tce, value_added + self.value_added(row))
        return totals


def tables_of_the_repository() -> dict[str, ReferenceRows]:
    tables: dict[str, ReferenceRows] = {}
    for path in sorted((REPOSITORY / "reference").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            tables[path.stem] = tuple({k: v or None for k, v in row.items()} for row in rows)
    return tables


def write_again(folder: str) -> None:
    """Writes the district in a process of its own."""
    contracts = load_contracts(
        REPOSITORY / "expectations" / "contracts", REPOSITORY / "reference" / "contracts"
    )
    codes = CodeLists.of(tables_of_the_repository())
    write_district(Path(folder), contracts, codes, TODAY)
