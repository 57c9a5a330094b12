"""A firm's ordinary file in a warm process: from its bytes to the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Figure, environment, median_seconds

from greenmfg.checks import Candidate, Checker, World, no_history
from greenmfg.contract.forms import load_contracts
from greenmfg.contract.reference import read_reference
from greenmfg.intake import parse
from greenmfg.records import Account, ParsedFile
from greenmfg.settings import Settings

SAMPLES = Path(__file__).parent.parent / "samples"


def figures(place: Path) -> Iterator[Figure]:
    settings = Settings.from_environment(environment(str(place)))
    contracts = load_contracts(settings.contracts_dir, settings.reference_dir / "contracts")
    world = World(
        today=settings.today(),
        reference=read_reference(settings.reference_dir),
        register=None,
        history=no_history,
        register_known=False,
    )
    checker = Checker(settings, contracts)
    steward = Account("steward", "steward")

    def verdict(name: str) -> None:
        data = (SAMPLES / name).read_bytes()
        parsed = parse(data, name, contracts, world.codes, settings.limits)
        if not isinstance(parsed, ParsedFile):
            raise TypeError(f"{name} was refused")
        checker.check([Candidate(name, steward, parsed)], world)

    for name in ("energy_good_gb18030.csv", "energy_many_errors.csv", "output_good.xlsx"):
        verdict(name)
        yield Figure(
            f"verdict, warm, {name}", median_seconds(lambda n=name: verdict(n), 9), "s", 0.5
        )
