"""Checking together: files of several firms that are checked at the same moment share one run.

A run takes Great Expectations about half a second however few rows it has: ten clerks one after the
other would wait for five, and together for one. The verdicts are those of each file alone: files of
one run are each other's past only where they are about the same subject (`checks.past`), and such
files never share a run here.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from greenmfg.checks import Candidate, World
from greenmfg.contract import Contract
from greenmfg.pipeline.workshop import checker_of
from greenmfg.records import ParsedFile, Verdict
from greenmfg.settings import Settings

# A clerk's twelve rows must not wait for somebody's ten thousand, unless those came first.
MOST_ROWS = 2_000

# Form and subject as the file has them.
Subjects = frozenset[tuple[str, str]]


@dataclass(eq=False)
class _Asked:
    """One file that waits for its verdict, and what came of it."""

    candidate: Candidate
    world: World
    subjects: Subjects
    answer: Verdict | Exception | None = None

    @property
    def rows(self) -> int:
        count: int = self.candidate.parsed.rows.num_rows
        return count


class CheckingTogether:
    """Checks for many threads: one run at a time, and whose turn it is takes along who waits."""

    def __init__(self, settings: Settings, contracts: Mapping[str, Contract]) -> None:
        self._settings = settings
        self._contracts = contracts
        self._turn = threading.Lock()
        self._queue = threading.Lock()
        self._waiting: list[_Asked] = []

    def check(self, candidates: Sequence[Candidate], world: World) -> dict[str, Verdict]:
        """What `Checker.check` says of each candidate alone, whoever else asks at the same time.

        Raises:
            CheckFailed: a rule could not be evaluated; our fault.
        """
        return {
            one.key: self._verdict(_Asked(one, world, self._subjects(one.parsed)))
            for one in candidates
        }

    def _subjects(self, parsed: ParsedFile) -> Subjects:
        contract = self._contracts[parsed.form]
        # A reference table is about itself (`checks.facts`).
        named = [] if contract.subject else [(parsed.form, "")]
        for column in contract.subject:
            texts = parsed.rows[column].unique().to_pylist()
            named += [(parsed.form, text) for text in texts if text is not None]
        return frozenset(named)

    def _verdict(self, mine: _Asked) -> Verdict:
        with self._queue:
            self._waiting.append(mine)
        with self._turn:
            # Whoever had the turn before may have taken this file along.
            while mine.answer is None:
                self._answer(self._taken_along())
        if isinstance(mine.answer, Exception):
            raise mine.answer
        return mine.answer

    def _taken_along(self) -> list[_Asked]:
        """The file that waits longest and those behind it that may share its run."""
        with self._queue:
            batch = _that_go_together(self._waiting)
            self._waiting = [one for one in self._waiting if one not in batch]
        return batch

    def _answer(self, batch: Sequence[_Asked]) -> None:
        candidates = [replace(one.candidate, key=str(n)) for n, one in enumerate(batch)]
        try:
            verdicts = checker_of(self._settings).check(candidates, batch[0].world)
        except Exception as error:
            if len(batch) == 1:
                batch[0].answer = error
                return
            # One of them breaks the check: it must not break the others'.
            for one in batch:
                self._answer([one])
            return
        for number, one in enumerate(batch):
            one.answer = verdicts[str(number)]


def _that_go_together(waiting: Sequence[_Asked]) -> list[_Asked]:
    first, *later = waiting
    batch, subjects, rows = [first], first.subjects, first.rows
    for one in later:
        alone = rows + one.rows > MOST_ROWS or not subjects.isdisjoint(one.subjects)
        if one.world is first.world and not alone:
            batch.append(one)
            subjects |= one.subjects
            rows += one.rows
    return batch
