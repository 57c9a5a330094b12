"""One file of a million energy rows: parse and all checks, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
from tests.bench.measure import Figure, environment, peak_gib

from greenmfg.checks import Candidate, Checker, World, no_history
from greenmfg.contract.forms import Contract, load_contracts
from greenmfg.contract.reference import read_reference
from greenmfg.intake import parse
from greenmfg.records import Account, ParsedFile
from greenmfg.settings import Settings

ROWS = 1_000_000
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ITEMS = (
    ("电力", "万千瓦时"),
    ("天然气", "万立方米"),
    ("柴油", "吨"),
    ("热力", "百万千焦"),
    ("汽油", "吨"),
)


def figures(place: Path) -> Iterator[Figure]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.million", str(place)],
        env=environment(str(place)),
        capture_output=True,
        check=True,
        text=True,
    )
    measured = json.loads(done.stdout.splitlines()[-1])
    yield Figure("1,000,000 rows, parse", measured["parse"], "s")
    yield Figure("1,000,000 rows, all checks", measured["check"], "s")
    yield Figure(
        "1,000,000 rows, parse + all checks", measured["parse"] + measured["check"], "s", 60
    )
    yield Figure("peak memory", measured["peak_gib"], "GiB", 3.0)
    rate = ROWS * measured["checks"] / measured["check"] / 1e6
    yield Figure("rows × checks a second", rate, "M/s", None, f"{measured['checks']} checks")


def uscc(number: int) -> str:
    """A valid, fictitious code (GB 32100-2015)."""
    base = f"91310151MA{number:07d}"
    total = sum(_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(base))
    return base + _ALPHABET[(31 - total % 31) % 31]


def write_file(path: Path, contract: Contract, codes: list[str]) -> None:
    """5,000 enterprises × 40 months × 5 items, one row in a hundred ill-typed."""
    with path.open("w", encoding="gb18030", newline="") as file:
        file.write(",".join(column.header for column in contract.columns) + "\r\n")
        row = 0
        for month in range(ROWS // len(codes) // len(_ITEMS)):
            period = f"{2023 + month // 12}{month % 12 + 1:02d}"
            for code in codes:
                for item, unit in _ITEMS:
                    quantity = round(100 + row % 977 / 7, 2)
                    used = f"{quantity}x" if row % 100 == 7 else f"{quantity}"
                    file.write(
                        f"{code},{period},1,{item},{unit},,{quantity},,{used},,0,,,,,,,,,\r\n"
                    )
                    row += 1


def main(place: Path) -> None:
    settings = Settings.from_environment(environment(str(place)))
    contracts = load_contracts(settings.contracts_dir, settings.reference_dir / "contracts")
    codes = [uscc(number) for number in range(5_000)]
    path = place / "million.csv"
    write_file(path, contracts["energy_monthly"], codes)
    register = pa.table(
        {
            "uscc": codes,
            "valid_from": pa.array([date(2020, 1, 1)] * len(codes), pa.date32()),
            "valid_to": pa.array([None] * len(codes), pa.date32()),
        }
    )
    reference = read_reference(settings.reference_dir)
    world = World(settings.today(), reference, register, no_history)
    checker = Checker(settings, contracts)
    # Imports Great Expectations: what is measured is the file.
    print(checker.judge, file=sys.stderr)
    start = time.perf_counter()
    parsed = parse(path.read_bytes(), path.name, contracts, world.codes, settings.limits)
    parsed_at = time.perf_counter()
    if not isinstance(parsed, ParsedFile):
        raise TypeError(f"refused: {parsed.message.en}")
    steward = Account("steward", "steward")
    verdict = checker.check([Candidate("million", steward, parsed)], world)["million"]
    checked_at = time.perf_counter()
    rules = checker.rule_book.for_form(contracts["energy_monthly"], world.codes)
    measured = {
        "parse": parsed_at - start,
        "check": checked_at - parsed_at,
        "peak_gib": peak_gib(),
        "checks": len(rules.checks),
        "filings": len(verdict.filings),
    }
    print(json.dumps(measured), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
