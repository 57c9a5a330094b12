"""Runs the benches named on the command line, or all but the service's, and prints what was kept."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.bench import commands, district, million, portal, service, warm
from tests.bench.measure import load

BENCHES = {
    "warm": warm.figures,
    "commands": commands.figures,
    "million": million.figures,
    "district": district.figures,
    "portal": portal.figures,
    "service": service.figures,
}


def main(names: list[str]) -> int:
    """Exit 1 if a promise was not kept."""
    unknown = set(names) - BENCHES.keys()
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; choose from {', '.join(BENCHES)}")
        return 2
    kept = True
    with tempfile.TemporaryDirectory(prefix="greenmfg-bench-") as folder:
        for name in names or list(BENCHES):
            print(f"\n{name}  [{load()}]", flush=True)
            place = Path(folder) / name
            place.mkdir()
            for figure in BENCHES[name](place):
                print("  " + figure.line(), flush=True)
                kept = kept and figure.kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
