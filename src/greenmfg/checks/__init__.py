"""Checks: what is held against a file, and the verdict that Great Expectations reaches."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from greenmfg.checks.judge import CheckFailed, Judge
from greenmfg.checks.rules import RuleBook, load_rules
from greenmfg.checks.world import Candidate, History, World, no_history
from greenmfg.contract import Contract
from greenmfg.records import Verdict
from greenmfg.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "Candidate",
    "CheckFailed",
    "Checker",
    "History",
    "World",
    "no_history",
]


# What a judge's database and Great Expectations keep of a run is little, and never given back:
# after four hundred runs each took a sixth longer. Another judge is made in 30 ms.
RUNS_OF_A_JUDGE = 100


class Checker:
    """Checks batches of parsed files, one call at a time. Warm: one Great Expectations context for
    many calls."""

    def __init__(
        self,
        settings: Settings,
        contracts: Mapping[str, Contract],
        rule_book: RuleBook | None = None,
    ) -> None:
        self._settings = settings
        self._contracts = contracts
        self.rule_book = rule_book or load_rules(settings.checks_dir)
        self._judge: Judge | None = None
        self._runs = 0
        # Whoever uses the judge has it: there may be another one afterwards.
        self.turn = threading.RLock()

    @property
    def version(self) -> str:
        """The rule set's version, stored with every verdict."""
        return self.rule_book.version

    @property
    def judge(self) -> Judge:
        """The judge, made (and Great Expectations imported) when it is first needed."""
        with self.turn:
            if self._judge is None:
                self._judge = Judge(self._settings)
            return self._judge

    def check(self, candidates: Sequence[Candidate], world: World) -> dict[str, Verdict]:
        """Checks all candidates in one Great Expectations run per form and phase.

        Candidates are in the order of receipt; the verdicts are those that checking them one by
        one would have reached. Returns: verdicts by candidate key.

        Raises:
            CheckFailed: a rule could not be evaluated. Nothing is decided then.
        """
        with self.turn:
            if self._runs >= RUNS_OF_A_JUDGE:
                self.close()
            self._runs += 1
            try:
                return self._check(candidates, world)
            except Exception:
                # A query that failed half-way leaves DuckDB's connection unusable for the next file.
                self.close()
                raise

    def _check(self, candidates: Sequence[Candidate], world: World) -> dict[str, Verdict]:
        from greenmfg.checks.run import FormRun
        from greenmfg.checks.verdicts import verdicts

        out: dict[str, Verdict] = {}
        for form in dict.fromkeys(candidate.parsed.form for candidate in candidates):
            batch = [c for c in candidates if c.parsed.form == form]
            contract = self._contracts[form]
            rules = self.rule_book.for_form(contract, world.codes)
            run = FormRun(self.judge, contract, rules, batch)
            run.check(world)
            found = verdicts(run, self._settings.findings_shown)
            out.update({c.key: v for c, v in zip(batch, found, strict=True)})
        return out

    def typed_rows(self, candidates: Sequence[Candidate], world: World) -> dict[str, pa.Table]:
        """The rows that `check` would keep of each candidate, without judging them."""
        from greenmfg.checks.run import FormRun
        from greenmfg.checks.verdicts import checked_rows

        out: dict[str, pa.Table] = {}
        with self.turn:
            for form in dict.fromkeys(candidate.parsed.form for candidate in candidates):
                batch = [c for c in candidates if c.parsed.form == form]
                rules = self.rule_book.for_form(self._contracts[form], world.codes)
                run = FormRun(self.judge, self._contracts[form], rules, batch)
                run.lay_out(world)
                out.update({c.key: r for c, r in zip(batch, checked_rows(run), strict=True)})
        return out

    def close(self) -> None:
        """Lets go of the checker's in-memory database."""
        with self.turn:
            self._runs = 0
            if self._judge is not None:
                self._judge.close()
                self._judge = None
