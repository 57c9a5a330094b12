"""One form's batch through the four phases: file → columns → rows → history."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import pyarrow as pa

from greenmfg.checks import context, facts, hits, past
from greenmfg.checks.judge import CheckFailed, Judge
from greenmfg.checks.rules import Check, FormRules, Phase
from greenmfg.checks.world import Candidate, World
from greenmfg.contract import Contract


class FormRun:
    """Lays out the facts of one form's candidates and has them judged.

    Afterwards the judge's database holds `facts`, `headers`, `standing` and the form's relations,
    from which `verdicts.py` reads.
    """

    def __init__(
        self, judge: Judge, contract: Contract, rules: FormRules, candidates: Sequence[Candidate]
    ) -> None:
        self.judge = judge
        self.database = judge.database
        self.contract = contract
        self.rules = rules
        self.candidates = candidates
        self.token = uuid.uuid4().hex
        sizes = [candidate.parsed.rows.num_rows for candidate in candidates]
        self.first_rids = [sum(sizes[:position]) for position in range(len(sizes))]
        self._numbers = {id(check): n for n, check in enumerate(rules.checks)}

    def check(self, world: World) -> None:
        """Runs all phases. Raises CheckFailed when a rule cannot be evaluated."""
        hits.prepare(self.database, self.rules.checks)
        self.lay_out(world)
        self._judge("headers", self.rules.of(Phase.FILE, "headers"))
        early = (Phase.FILE, Phase.COLUMNS, Phase.ROWS)
        self._judge("facts", [c for phase in early for c in self.rules.of(phase, "rows")])
        self._settle(*early)
        self._unseat_subjects()
        past.number_filings(self.database)
        if self.looks_back:
            self._judge_history(world)

    def lay_out(self, world: World) -> None:
        """Lays out the facts of all candidates, judging nothing."""
        self.judge.lay_out_once(world, context.lay_out_reference)
        facts.lay_out_text(self.database, self.candidates, self.contract)
        facts.lay_out_accounts(self.database, self.candidates)
        facts.lay_out_explanations(self.database, self.candidates)
        facts.lay_out_typed(self.database, self.contract)
        context.lay_out_months(self.database, self.contract)
        facts.lay_out_facts(self.database, self.contract, self.rules, self.token)
        self._lay_out_headers()
        named = "uscc_text" if "uscc" in self.contract.by_name else "subject"
        self.database.execute(
            "create or replace table row_places as select rid, submission, line, filing_period,"
            f" coalesce(subject, {named}) as named from facts"
        )

    def _lay_out_headers(self) -> None:
        rows: list[dict[str, object]] = []
        for position, candidate in enumerate(self.candidates):
            present = [cell.name for cell in candidate.parsed.header]
            for column in self.contract.columns:
                rows.append(
                    {
                        "rid": len(rows),
                        "submission": position,
                        "line": candidate.parsed.header_line,
                        "column_name": column.name,
                        "header_zh": column.header,
                        "header_en": column.header,
                        "times_present": present.count(column.name),
                        "times_required": int(column.column_required),
                        "token": self.token,
                    }
                )
        self.database.register("header_rows", pa.Table.from_pylist(rows))
        self.database.execute("create or replace table headers as select * from header_rows")
        self.database.unregister("header_rows")

    def _judge(self, relation: str, checks: Sequence[Check]) -> None:
        applicable = self._applicable(relation, checks)
        if applicable:
            failed = self.judge.judge(relation, applicable, self.token)
            hits.collect(self.database, relation, failed, self._numbers)

    def _applicable(self, relation: str, checks: Sequence[Check]) -> list[Check]:
        """Leaves out rules on columns that are NULL in every row: NULL means not applicable, and an
        expectation costs milliseconds. A rule that asks for a value is never left out."""
        columns = sorted({column for check in checks for column in _columns_of(check)})
        if not columns:
            return []
        counts = self.database.execute(
            f"select {', '.join(f'count({column})' for column in columns)} from {relation}"
        ).fetchone()
        filled = {name for name, count in zip(columns, counts or (), strict=True) if count}
        return [
            check
            for check in checks
            if check.expectation["type"] == "expect_column_values_to_not_be_null"
            or filled.issuperset(_columns_of(check))
        ]

    def _settle(self, *phases: Phase) -> None:
        for phase in phases:
            hits.settle(self.database, phase)

    def _unseat_subjects(self) -> None:
        self.database.execute(
            """
            update facts set subject = null where rid in (
              select hits.rid from hits inner join checks using (number)
              where checks.unseats and hits.relation = 'facts')
            """
        )

    def _judge_history(self, world: World) -> None:
        past.lay_out_past(self.database, self.contract, world.history)
        wanted = past.wanted_columns(self.contract, self.rules)
        sound = self._acceptable()
        accepted = sound
        for _ in range(len(sound) + 2):
            past.lay_out_history(self.database, self.contract, wanted, accepted)
            hits.forget(self.database, Phase.HISTORY)
            facts.lay_out_history_facts(self.database, self.rules, self.token)
            self._judge("facts_history", self.rules.of(Phase.HISTORY, "rows"))
            for name, sql in self.rules.relations.items():
                self.database.execute(
                    f"create or replace table {name} as"
                    f" select *, '{self.token}' as token from ({sql}) as relation"
                )
                if self.database.execute(f"select 1 from {name} limit 1").fetchone():
                    self._judge(name, self.rules.of(Phase.HISTORY, name))
            self._settle(Phase.HISTORY)
            found = self._acceptable()
            if found == accepted:
                return
            accepted = found
        raise CheckFailed(f"{self.contract.form}: verdicts do not settle against their past")

    def _acceptable(self) -> set[int]:
        """Numbers of the filings without an error and without an unexplained warning."""
        parts = [
            f"""
            select number.filing from standing
            inner join checks on checks.number = standing.number
            inner join {relation} as filed on filed.rid = standing.rid
            inner join filing_numbers as number
              on number.subject = filed.subject and number.seq = filed.seq
            where standing.relation in ({names}) and (checks.severity = 'error'
              or (checks.severity = 'warning' and {unexplained}))
            """
            for relation, names, unexplained in self.reported_relations()
        ]
        query = f"select filing from filing_numbers except ({' union all '.join(parts)})"
        return {filing for (filing,) in self.database.execute(query).fetchall()}

    def finding_relations(self) -> list[str]:
        """The relations whose hits are findings on rows or filings, richest facts first."""
        return ["facts", *self._laid_out_relations()]

    @property
    def looks_back(self) -> bool:
        """Whether the form has rules over its past, so that `facts_history` was laid out."""
        return any(check.phase == Phase.HISTORY for check in self.rules.checks)

    def _laid_out_relations(self) -> list[str]:
        found = self.database.execute("select distinct relation from standing").fetchall()
        return [name for name in self.rules.relations if (name,) in found]

    def reported_relations(self) -> list[tuple[str, str, str]]:
        """(table, its names in `standing`, SQL that says a warning is unexplained) of each."""
        noted = "note" in self.contract.by_name
        # Most runs have none: their queries stay as they were.
        given = any(candidate.explanations for candidate in self.candidates)
        silent = _NOT_EXPLAINED if given else "true"
        row = f"filed.note is null and {silent}" if noted else silent
        others = self._laid_out_relations()
        return [
            ("facts", "'facts', 'facts_history'", row),
            # What stands on no row has no note either: the bureau decides, with the reason in sight.
            *((name, f"'{name}'", "true") for name in others),
        ]


_NOT_EXPLAINED = """
  not exists (
    select 1 from explained where explained.submission = filed.submission
      and explained.check_id = checks.id and explained.line is not distinct from filed.line
      and explained.column_name is not distinct from
        case when not checks.whole_row then checks.column_name end)
"""


def _columns_of(check: Check) -> set[str]:
    kwargs = check.expectation["kwargs"]
    return {kwargs[name] for name in ("column", "column_A", "column_B") if name in kwargs}
