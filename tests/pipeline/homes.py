"""Homes for the tests of the pipeline: made fast, filed into by name, read back as plain facts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from greenmfg.contract.forms import Contract
from greenmfg.pipeline import alerting, deciding, receiving
from greenmfg.pipeline.deciding import RunOutcome
from greenmfg.pipeline.workshop import Workshop, workshop
from greenmfg.records import Receipt
from greenmfg.settings import Settings

SAMPLES = Path(__file__).parent.parent / "samples"
SHIPS, POTS, FOOD = "91310151MA00000013", "91310151MA00000026", "91310151MA00000039"


def settings_of(folder: Path, today: str = "2026-11-23") -> Settings:
    return Settings.from_environment({"GREENMFG_HOME": str(folder), "GREENMFG_TODAY": today})


@dataclass(frozen=True)
class Home:
    """One home, open. `file` receives, `run` decides all that waits."""

    shop: Workshop

    @property
    def settings(self) -> Settings:
        return self.shop.settings

    def file(self, name: str, data: bytes, account: str = "steward") -> Receipt:
        arrival = receiving.Arrival(account, name, data)
        return receiving.receive(self.shop, [arrival], "cli")[0]

    def file_sample(self, name: str, account: str = "steward") -> Receipt:
        return self.file(name, (SAMPLES / name).read_bytes(), account)

    def file_rows(
        self, form: str, *rows: Mapping[str, object], account: str = "steward"
    ) -> Receipt:
        return self.file(f"{form}.csv", form_csv(self.shop.contracts[form], rows), account)

    def run(self) -> RunOutcome:
        return deciding.decide_waiting(self.shop, alerting.of_run(self.shop))

    def states(self, form: str = "energy_monthly") -> list[tuple[str, str, int, str]]:
        """(subject, month, version, state) of every filing of a form, oldest first."""
        return [
            (f.subject, f"{f.period:%Y-%m}" if f.period else "", f.version, str(f.state))
            for f in self.shop.registry.filings(form=form)
        ]

    def facts(self) -> set[tuple[object, ...]]:
        """All that the registry says of filings and findings, without numbers and times."""
        registry = self.shop.registry
        out: set[tuple[object, ...]] = set()
        for submission in registry.submissions():
            out.add((submission.file_name, str(submission.state), submission.row_count))
            for finding in registry.findings(receipt=submission.receipt):
                out.add(
                    (submission.file_name, finding.id, finding.line, finding.column, finding.given)
                )
        for filing in registry.filings():
            out.add(
                (filing.file_name, filing.form, filing.subject, filing.period, filing.version,
                 str(filing.state))
            )  # fmt: skip
        return out


def form_csv(contract: Contract, rows: Sequence[Mapping[str, object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.header for column in contract.columns])
    for row in rows:
        writer.writerow(["" if row.get(n) is None else str(row[n]) for n in contract.names])
    return text.getvalue().encode()


@contextmanager
def open_home(folder: Path, today: str = "2026-11-23") -> Iterator[Home]:
    with workshop(settings_of(folder, today), create=True) as shop:
        yield Home(shop)


def electricity(
    month: str, used: object, subject: str = SHIPS, **more: object
) -> dict[str, object]:
    """An electricity row that breaks no rule by itself."""
    return {"uscc": subject, "period": month, "energy_item": "电力", "unit": "万千瓦时",
            "production_use": used, **more}  # fmt: skip


def samples_in(order: Iterable[str]) -> list[str]:
    """Sample files that `steward` may file, the register first."""
    return ["register.csv", *(name for name in order if name != "register.csv")]
