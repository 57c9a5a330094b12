"""Faulty reference tables on the whole way: received, decided, sent back with file, line and column.

What was in force before stays in force.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from homes import POTS, SHIPS, Home, form_csv, open_home
from tests.pipeline.test_reference_live import NEW_CODE, delivered

Row = dict[str, object]


@dataclass(frozen=True)
class Fault:
    """A sound row stands in line 2, the faulty one in line 3."""

    table: str
    sound: Row
    changes: Row
    check: str
    column: str
    given: str

    @property
    def file_name(self) -> str:
        return f"{self.table}-{self.check}.csv"


def faults() -> list[Fault]:
    due = delivered("check_parameters", parameter="filing_due_day")
    target = delivered("plan_targets", id="T01")
    electric = delivered("energy_coefficients", item_code="electricity")
    later = {"valid_from": "2027-01-01"}
    deflator: Row = {
        "industry_code": "37", "month": "202610", "index_2020_100": "80", "source": "示例",
    }  # fmt: skip
    calendar: Row = {"period": "202609", "form": "能源月报", "due_on": "2026-10-25"}
    change: Row = {"uscc": POTS, "successor_uscc": NEW_CODE, "valid_from": "2026-10-01"}
    land: Row = {
        "park": "崇明工业园区", "land_area_km2": "0.5", "land_basis": "已供地", "source": "示例",
        "valid_from": "2026-10-01",
    }  # fmt: skip
    return [
        Fault("deflators", deflator, {"month": "202611", "index_2020_100": "约80"},
              "C007", "index_2020_100", "约80"),
        Fault("deflators", deflator, {"month": "202613"}, "C005", "month", "202613"),
        Fault("deflators", deflator, {"month": "202611", "index_2020_100": "0"},
              "C011", "index_2020_100", "0"),
        Fault("deflators", deflator, {"month": "202611", "industry_code": "99"},
              "C013", "industry_code", "99"),
        Fault("enterprise_successors", change,
              {"uscc": SHIPS, "successor_uscc": "91310151MA00000470"},
              "C004", "successor_uscc", "91310151MA00000470"),
        Fault("enterprise_successors", change, {"uscc": SHIPS, "valid_from": "十月"},
              "C006", "valid_from", "十月"),
        Fault("enterprise_successors", change, {"uscc": NEW_CODE, "successor_uscc": POTS},
              "U120", "successor_uscc", POTS),
        Fault("filing_calendar", calendar, {"period": "202610", "due_on": None},
              "C001", "due_on", ""),
        Fault("filing_calendar", calendar, {"form": "水耗月报"}, "C013", "form", "水耗月报"),
        Fault("park_land", land, {"valid_from": "2027-01-01", "land_area_km2": "-1"},
              "C011", "land_area_km2", "-1"),
        Fault("check_parameters", {**due, **later},
              {"valid_from": "2028-01-01", "valid_to": "2027-12-31"},
              "R101", "valid_to", "2027-12-31"),
        Fault("plan_targets", {**target, **later, "valid_to": None},
              {"id": "T02", "target_year": "二〇三〇"}, "C008", "target_year", "二〇三〇"),
        Fault("energy_coefficients", {**electric, **later},
              {"valid_from": "2028-01-01", "tce_per_report_unit_default": "1.3 吨"},
              "C007", "tce_per_report_unit_default", "1.3 吨"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def decided(
    founded: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Home, dict[str, str]]]:
    """A home after one run over every faulty file, and the receipt of each file."""
    folder = tmp_path_factory.mktemp("faults") / "home"
    shutil.copytree(founded, folder)
    with open_home(folder) as home:
        home.file_sample("register.csv")
        home.run()
        receipts = {}
        for fault in faults():
            content = form_csv(
                home.shop.contracts[fault.table], [fault.sound, {**fault.sound, **fault.changes}]
            )
            receipts[fault.file_name] = home.file(fault.file_name, content).number
        outcome = home.run()
        assert (outcome.returned, outcome.check_failed) == (len(faults()), 0)
        yield home, receipts


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: f"{fault.table} {fault.check}")
def test_a_faulty_reference_file_comes_back_with_file_line_and_column(
    decided: tuple[Home, Mapping[str, str]], fault: Fault
) -> None:
    home, receipts = decided
    receipt = receipts[fault.file_name]
    folder = home.settings.outbox / "steward"
    verdict = json.loads((folder / f"{receipt}.json").read_text("utf-8"))
    header = home.shop.contracts[fault.table][fault.column].header
    assert verdict["file"] == fault.file_name
    [found] = [finding for finding in verdict["findings"] if finding["severity"] == "error"]
    assert (found["id"], found["line"], found["column"]) == (fault.check, 3, fault.column)
    assert (found["given"] or "") == fault.given
    assert {filing["verdict"] for filing in verdict["filings"]} == {"returned"}
    text = (folder / f"{receipt}.txt").read_text("utf-8")
    assert fault.file_name in text
    assert f"第 3 行 {header}" in text


def test_what_was_in_force_stays_in_force(
    decided: tuple[Home, Mapping[str, str]], founded: Path
) -> None:
    home, _ = decided

    def in_force(one: Home) -> set[tuple[str, str]]:
        return {
            (filing.form, filing.receipt)
            for filing in one.shop.registry.filings()
            if str(filing.state) == "accepted" and filing.form != "enterprise_register"
        }

    with open_home(founded) as fresh:
        assert in_force(home) == in_force(fresh)
