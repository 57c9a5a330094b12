"""Files as they are planned, before they are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from greenmfg.contract import Contract
from greenmfg.demo.writers import Layout, Row

STEWARD = "steward"


@dataclass
class Sheet:
    """One file to be: who sends it, when in the story it arrives, and its rows in order.

    `wave` 1 makes the dashboard usable; later waves bring older years, newest first.
    """

    account: str
    stem: str
    wave: int
    arrives_on: date
    form: str
    rows: list[Row]
    layout: Layout = field(default_factory=Layout)

    @property
    def name(self) -> str:
        return f"{self.stem}.{self.layout.kind}"

    def line_of(self, row: Row) -> int:
        """The line of a row as a spreadsheet shows it.

        Raises:
            ValueError: the row is not of this sheet.
        """
        for position, own in enumerate(self.rows):
            if own is row:
                return self.layout.header_line + 1 + position
        raise ValueError(f"{self.name}: the row is not in this file")

    def filings(self, contract: Contract) -> int:
        """How many filings the file makes: subjects, times months in the monthly forms."""
        return len({_filing(row, contract) for row in self.rows})


def _filing(row: Row, contract: Contract) -> tuple[str, str]:
    # A reference table is one filing, whatever its rows.
    subject = next((row[name] for name in contract.subject if row.get(name)), contract.form)
    return subject, row.get(contract.period, "") if contract.period else ""


@dataclass(frozen=True)
class Planted:
    """A flaw put in on purpose, with where it is; `sheet` is None where nothing was filed."""

    kind: str
    form: str
    uscc: str | None
    period: str | None
    sheet: Sheet | None = None
    row: Row | None = None
    expected: str = "accepted"


class Plan:
    """The sheets, findable by what they say of an enterprise in a month."""

    def __init__(self, sheets: Iterable[Sheet]) -> None:
        self.sheets = list(sheets)
        self._by_filing: dict[tuple[str, str, str], Sheet] = {}
        for sheet in self.sheets:
            for row in sheet.rows:
                if "period" in row:
                    key = (sheet.form, row["uscc"], row["period"])
                    self._by_filing.setdefault(key, sheet)

    def sheet(self, form: str, uscc: str, period: str) -> Sheet | None:
        """The file in which an enterprise-month of a form is filed first."""
        return self._by_filing.get((form, uscc, period))

    def add(self, sheet: Sheet) -> None:
        self.sheets.append(sheet)

    def remove_rows(self, form: str, uscc: str, period: str) -> list[Row]:
        """Takes an enterprise-month out of its file, and the file out if nothing is left.

        Raises:
            KeyError: no file holds it.
        """
        sheet = self._by_filing.pop((form, uscc, period))
        taken = [r for r in sheet.rows if r["uscc"] == uscc and r["period"] == period]
        sheet.rows = [r for r in sheet.rows if not any(r is gone for gone in taken)]
        if not sheet.rows:
            self.sheets.remove(sheet)
        return taken
