"""Three years of a published decomposition, filed as forms and taken apart again by the command."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from homes import POTS, SHIPS, Home, open_home

from greenmfg.pipeline import releasing

PUBLISHED = Path(__file__).parent.parent / "indicators" / "us_industry_lmdi.csv"
SECTORS = {SHIPS: "manufacturing", POTS: "nonmanufacturing"}
# Published as 1985 = 1, and filed as if they were these.
YEARS = {"1985": "202012", "1986": "202112", "1987": "202212"}
NINTH_DIGIT = 1e-9


def published(energy_type: str) -> dict[str, dict[str, str]]:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return {
            row["year"]: row
            for row in csv.DictReader(file)
            if row["energy_type"] == energy_type and row["year"] in YEARS
        }


def file_as_forms(home: Home, rows: dict[str, dict[str, str]]) -> None:
    energy, output = [], []
    for year, row in rows.items():
        for firm, sector in SECTORS.items():
            # Forms keep six decimals, these have seven; an index knows no unit.
            tce = Decimal(row[f"{sector}_tbtu"]) * 10
            energy.append({
                "uscc": firm, "period": YEARS[year], "energy_item": "其他燃料", "unit": "吨标准煤",
                "purchased": tce, "production_use": tce, "note": "公开统计数据",
            })  # fmt: skip
            output.append({
                "uscc": firm, "period": YEARS[year], "gross_output_10k_cny": 9_000_000,
                "value_added_10k_cny": row[f"{sector}_value_added_musd"], "note": "公开统计数据",
            })  # fmt: skip
    home.file_rows("energy_monthly", *energy)
    home.file_rows("output_monthly", *output)


@pytest.fixture(params=["elec", "fuels"])
def told(
    request: pytest.FixtureRequest, founded: Path, tmp_path: Path
) -> tuple[dict[str, dict[str, str]], dict[str, Any]]:
    """The published rows, and what the command says of the same after the whole way."""
    rows = published(request.param)
    folder = tmp_path / "home"
    shutil.copytree(founded, folder)
    with open_home(folder) as home:
        home.file_sample("register.csv")
        home.run()
        file_as_forms(home, rows)
        outcome = home.run()
        assert (outcome.returned, outcome.awaiting_review) == (0, 0)
        releasing.build_and_publish(home.shop)
    done = subprocess.run(
        [
            sys.executable, "-m", "greenmfg.cli", "explain", "district", "2022-12",
            "--against", "2020-12", "--window", "ytd", "--json",
        ],
        env={**os.environ, "GREENMFG_HOME": str(folder), "GREENMFG_TODAY": "2026-11-23"},
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    return rows, json.loads(done.stdout)


def test_the_published_indices_come_back_from_filed_forms_to_nine_digits(
    told: tuple[dict[str, dict[str, str]], dict[str, Any]],
) -> None:
    rows, said = told
    assert said["index"]["by"] == "industry"
    assert [link["period"] for link in said["index"]["links"]] == ["2020-12", "2021-12", "2022-12"]
    for row, link in zip(rows.values(), said["index"]["links"], strict=True):
        for index, column in (
            ("aggregate", "published_aggregate_intensity_index"),
            ("structure", "published_structure_index"),
        ):
            assert float(link[index]) == pytest.approx(float(row[column]), abs=NINTH_DIGIT)
        assert float(link["panel"]) == pytest.approx(1, rel=1e-14)
    # Two firms, one in each industry: both ways of looking agree.
    by = said["by"]
    assert by["enterprise"]["effects"] == by["industry"]["effects"]
