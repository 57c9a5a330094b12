"""A home in which firms file: founded, three sample firms registered, one of them with a September."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from front_home import ROOT, Home

from greenmfg.access import ensure_demo_people
from greenmfg.pipeline import alerting, deciding, founding
from greenmfg.pipeline.receiving import Arrival, receive
from greenmfg.pipeline.workshop import contracts_of, workshop
from greenmfg.settings import Settings

SAMPLES = ROOT / "tests" / "samples"
SHIPS, POTS, FOOD = "91310151MA00000013", "91310151MA00000026", "91310151MA00000039"
TODAY = "2026-11-23"

ELECTRICITY = {
    "uscc": SHIPS, "period": "202609", "energy_item": "电力", "unit": "万千瓦时", "purchased": "101",
    "purchase_cost_1k_cny": "707", "production_use": "99", "non_production_use": "2",
}  # fmt: skip
DIESEL = {
    "uscc": SHIPS, "period": "202609", "energy_item": "柴油", "unit": "吨", "opening_stock": "1",
    "purchased": "9", "purchase_cost_1k_cny": "68.4", "production_use": "8.5", "closing_stock": "1.5",
}  # fmt: skip
OCTOBER = (
    {**ELECTRICITY, "period": "202610"},
    {**DIESEL, "period": "202610", "opening_stock": "1.5", "closing_stock": "2"},
)


def odd_stock() -> bytes:
    """The mended sample with an opening stock that is not September's closing stock: one warning."""
    text = (SAMPLES / "energy_corrected.csv").read_bytes().decode("gb18030")
    before, after = "柴油,吨,1.5,9.0,68.4,8.0,,0,,,,,2.5", "柴油,吨,4.5,9.0,68.4,8.0,,0,,,,,5.5"
    assert before in text
    return text.replace(before, after).encode("gb18030")


@dataclass
class FilingHome(Home):
    """A home with a registry."""

    def file(self, account: str, name: str, data: bytes) -> str:
        with workshop(self.settings) as shop:
            return receive(shop, [Arrival(account, name, data)], "cli")[0].number

    def waiting(self) -> list[str]:
        with workshop(self.settings) as shop:
            return [submission.receipt for submission in shop.registry.waiting()]

    def run(self) -> None:
        """The official run, as Airflow's intake calls it."""
        with workshop(self.settings) as shop:
            deciding.decide_waiting(shop, alerting.of_run(shop))


def settings_of(folder: Path) -> Settings:
    return Settings.from_environment(
        {
            "GREENMFG_HOME": str(folder),
            "GREENMFG_ROOMS": str(ROOT),
            "GREENMFG_TODAY": TODAY,
        }
    )


def form_csv(form: str, *rows: Mapping[str, str]) -> bytes:
    contract = contracts_of(settings_of(Path("unused")))[form]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.header for column in contract.columns])
    for row in rows:
        writer.writerow([row.get(name, "") for name in contract.names])
    return text.getvalue().encode("utf-8-sig")


def make_filing_home(folder: Path) -> FilingHome:
    settings = settings_of(folder)
    founding.prepare_home(settings)
    with workshop(settings, create=True) as shop:
        founding.found(shop)
    people = ensure_demo_people(settings, [SHIPS, POTS])
    home = FilingHome(settings, {login: password for login, password, _ in people})
    home.file("steward", "register.csv", (SAMPLES / "register.csv").read_bytes())
    home.run()
    home.file(SHIPS, "september.csv", form_csv("energy_monthly", ELECTRICITY, DIESEL))
    home.run()
    return home
