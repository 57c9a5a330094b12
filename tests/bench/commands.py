"""Commands from a cold start, beside the time of an empty interpreter and of Great Expectations' import."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Figure, environment, process_seconds

SAMPLES = Path(__file__).parent.parent / "samples"
GREENMFG = str(Path(sys.executable).parent / "greenmfg")


def figures(place: Path) -> Iterator[Figure]:
    env = environment(str(place / "home"))
    for command in (
        ["init"],
        ["receive", str(SAMPLES / "register.csv"), str(SAMPLES / "energy_good_gb18030.csv")],
        ["run"],
    ):
        subprocess.run([GREENMFG, *command], env=env, check=True, capture_output=True)
    empty = process_seconds([sys.executable, "-c", "pass"], 5, env)
    yield Figure("python -c pass", empty, "s")
    bare = process_seconds([sys.executable, "-c", "import great_expectations"], 3, env)
    yield Figure("import great_expectations", bare, "s")
    cold = process_seconds([GREENMFG, "check", str(SAMPLES / "energy_good_gb18030.csv")], 3, env)
    yield Figure("greenmfg check, cold", cold, "s", bare + 1.5, f"{cold / bare:.2f} × the import")
    for command in (
        ["--help"],
        ["status"],
        ["review", "list"],
        ["explain", "district", "2026-10"],
        ["template", "energy_monthly"],
        ["receive", str(SAMPLES / "energy_good_utf8bom.csv")],
    ):
        taken = process_seconds([GREENMFG, *command], 5, env)
        yield Figure(
            f"greenmfg {' '.join(c if '/' not in c else 'FILE' for c in command)}",
            taken,
            "s",
            0.4,
            f"{taken / empty:.1f} × an empty interpreter",
        )
