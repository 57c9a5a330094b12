"""From Great Expectations' row queries to the hits that stand: one mistake, one finding.

Table `hits` (relation, rid, number) holds what rules failed on which row; `standing` what is left
after a check is dropped because an earlier phase found an error in one of its operands, because an
earlier column rule already named the cell, or because it is reported once per subject or filing.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from greenmfg.checks.judge import Failed
from greenmfg.checks.rules import Check, Phase

ROW_RELATIONS = ("facts", "facts_history")


def prepare(database: duckdb.DuckDBPyConnection, checks: Sequence[Check]) -> None:
    """Tables `checks` and `operands` (numbered by position) and empty `hits` and `standing`."""
    numbers = range(len(checks))
    rules = pa.table(
        {
            "number": pa.array(numbers, pa.int64()),
            "id": pa.array([c.id for c in checks], pa.string()),
            "phase": pa.array([int(c.phase) for c in checks], pa.int64()),
            "severity": pa.array([c.severity for c in checks], pa.string()),
            "column_name": pa.array([c.column for c in checks], pa.string()),
            "whole_row": pa.array([c.whole_row for c in checks], pa.bool_()),
            "once_per": pa.array([c.once_per for c in checks], pa.string()),
            "unseats": pa.array([c.unseats_subject for c in checks], pa.bool_()),
        }
    )
    pairs = [(n, column) for n in numbers for column in checks[n].operands]
    operands = pa.table(
        {
            "number": pa.array([n for n, _ in pairs], pa.int64()),
            "column_name": pa.array([column for _, column in pairs], pa.string()),
        }
    )
    for name, table in (("checks", rules), ("operands", operands)):
        database.register("prepared", table)
        database.execute(f"create or replace table {name} as select * from prepared")
        database.unregister("prepared")
    database.execute(
        """
        create or replace table hits (relation varchar, rid bigint, number bigint);
        create or replace table standing (relation varchar, rid bigint, number bigint);
        """
    )


def collect(
    database: duckdb.DuckDBPyConnection,
    relation: str,
    failed: Sequence[Failed],
    numbers: dict[int, int],
) -> None:
    """Runs Great Expectations' own query of each failed rule. `numbers`: id(check) → number."""
    for fail in failed:
        number = numbers[id(fail.check)]
        database.execute(
            f"insert into hits select '{relation}', rid, {number} from ({fail.query}) as unexpected"
        )


def settle(database: duckdb.DuckDBPyConnection, phase: Phase) -> None:
    """Adds the phase's hits that stand to `standing`; earlier phases must be settled before."""
    rows = ", ".join(f"'{name}'" for name in ROW_RELATIONS)
    database.execute(
        f"""
        insert into standing
        with fresh as (
          select hits.relation, hits.rid, hits.number, checks.column_name, checks.once_per
          from hits inner join checks using (number) where checks.phase = {int(phase)}
        ), left_by_earlier_phases as (
          select fresh.* from fresh
          where fresh.relation not in ({rows}) or not exists (
            select 1 from standing inner join checks as earlier using (number)
            where standing.relation in ({rows}) and standing.rid = fresh.rid
              and earlier.severity = 'error' and earlier.phase < {int(phase)}
              and (earlier.whole_row or earlier.column_name in (
                select column_name from operands where operands.number = fresh.number)))
        ), unblocked as (
          -- A wrong unit is one mistake: the price rule, which comes after it, need not repeat it.
          select later.* from left_by_earlier_phases as later
          where later.relation not in ({rows}) or not exists (
            select 1 from left_by_earlier_phases as first inner join checks as blamed using (number)
            where first.rid = later.rid and first.number < later.number
              and blamed.severity = 'error' and blamed.column_name <> later.column_name
              and blamed.column_name in (
                select column_name from operands where operands.number = later.number))
        ), first_of_cell as (
          select * from unblocked
          qualify {int(phase)} <> {int(Phase.COLUMNS)}
            or row_number() over (partition by rid, column_name order by number) = 1
        )
        select relation, rid, number from (
          select first_of_cell.*, filed.submission, filed.line, filed.filing_period,
            filed.named
          from first_of_cell left join row_places as filed on filed.rid = first_of_cell.rid
            and first_of_cell.relation in ({rows})
        )
        qualify once_per is null or row_number() over (
          partition by number, submission,
            case when once_per in ('subject', 'filing') then named end,
            case when once_per = 'filing' then filing_period end
          order by line) = 1
        """
    )


def forget(database: duckdb.DuckDBPyConnection, phase: Phase) -> None:
    """Takes back a phase's hits before it is judged again under another past."""
    database.execute(
        f"""
        delete from hits where number in (select number from checks where phase = {int(phase)});
        delete from standing where number in (select number from checks where phase = {int(phase)});
        """
    )
