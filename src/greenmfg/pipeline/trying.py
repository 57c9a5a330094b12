"""Try: the pipeline's own parse and check of a file that is not filed. Nothing is stored.

The command line's `check` and the portal's check are this one function, so their verdicts are one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from greenmfg.checks import Candidate, World
from greenmfg.contract import Contract
from greenmfg.intake import parse
from greenmfg.pipeline import reports
from greenmfg.pipeline.workshop import checker_of
from greenmfg.records import Account, Explanation, ParsedFile, Refusal, Verdict
from greenmfg.settings import Settings


@dataclass(frozen=True)
class Trial:
    """What would become of a file. `parsed` and `rules_version` are None for a refused one."""

    outcome: Verdict | Refusal
    parsed: ParsedFile | None = None
    rules_version: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The object that `greenmfg check --json` prints."""
        if isinstance(self.outcome, Refusal):
            return reports.refusal_json(self.outcome)
        return reports.verdict_json(self.outcome)

    @property
    def has_errors(self) -> bool:
        """Whether the file is refused or has an error."""
        if isinstance(self.outcome, Refusal):
            return True
        return any(finding.severity == "error" for finding in self.outcome.findings)


def try_file(
    settings: Settings,
    contracts: Mapping[str, Contract],
    world: World,
    account: Account,
    file_name: str,
    data: bytes,
    explanations: tuple[Explanation, ...] = (),
) -> Trial:
    """Parses and checks one file as if `account` had filed it.

    Raises:
        CheckFailed: a rule could not be evaluated; our fault.
    """
    parsed = parse(data, file_name, contracts, world.codes, settings.limits)
    if isinstance(parsed, Refusal):
        return Trial(parsed)
    checker = checker_of(settings)
    candidate = Candidate("file", account, parsed, explanations)
    return Trial(checker.check([candidate], world)["file"], parsed, checker.version)
