"""Try: the pipeline's own parse and check of a file that is not filed. Nothing is stored.

The command line's `check` and the portal's check are this one function, so their verdicts are one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from greenmfg.checks import Candidate, World
from greenmfg.contract import Contract
from greenmfg.intake import parse
from greenmfg.pipeline import reports
from greenmfg.pipeline.workshop import checker_of
from greenmfg.records import Account, Explanation, ParsedFile, Refusal, Verdict
from greenmfg.settings import Settings

# Verdicts by candidate key, as `Checker.check` gives them.
Check = Callable[[Sequence[Candidate], World], Mapping[str, Verdict]]

# Sorts behind every month.
_NO_MONTH = "~"


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
    check: Check | None = None,
) -> Trial:
    """Parses and checks one file as if `account` had filed it. `check`: where it waits its turn;
    by itself it asks this process's checker.

    Raises:
        CheckFailed: a rule could not be evaluated; our fault.
    """
    parsed = parse(data, file_name, contracts, world.codes, settings.limits)
    (trial,) = _tried(settings, world, account, [parsed], explanations, check)
    return trial


def try_files(
    settings: Settings,
    contracts: Mapping[str, Contract],
    world: World,
    account: Account,
    files: Sequence[tuple[str, bytes]],
) -> tuple[tuple[int, Trial], ...]:
    """Checks files as if `account` had filed them together, the oldest month first: each then has
    the sound ones before it for its past, as in the official run.

    Returns: position among `files` and trial, in the order in which to file them.
    Raises:
        CheckFailed: a rule could not be evaluated; our fault.
    """
    parsed = [parse(data, name, contracts, world.codes, settings.limits) for name, data in files]
    order = sorted(range(len(files)), key=lambda at: _first_month(parsed[at], contracts))
    trials = _tried(settings, world, account, [parsed[at] for at in order])
    return tuple(zip(order, trials, strict=True))


def _tried(
    settings: Settings,
    world: World,
    account: Account,
    contents: Sequence[ParsedFile | Refusal],
    explanations: tuple[Explanation, ...] = (),
    check: Check | None = None,
) -> list[Trial]:
    candidates = [
        Candidate(str(number), account, content, explanations)
        for number, content in enumerate(contents)
        if isinstance(content, ParsedFile)
    ]
    if not candidates:
        return [Trial(content) for content in contents if isinstance(content, Refusal)]
    checker = checker_of(settings)
    verdicts = (check or checker.check)(candidates, world)
    return [
        Trial(content)
        if isinstance(content, Refusal)
        else Trial(verdicts[str(number)], content, checker.version)
        for number, content in enumerate(contents)
    ]


def _first_month(content: ParsedFile | Refusal, contracts: Mapping[str, Contract]) -> str:
    """The oldest month as stored (2026-10-01); what has none comes last, as it was given."""
    period = None if isinstance(content, Refusal) else contracts[content.form].period
    if period is None or isinstance(content, Refusal):
        return _NO_MONTH
    return min((m for m in content.rows[period].to_pylist() if m), default=_NO_MONTH)
