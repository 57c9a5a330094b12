"""Table `history`: what was in force when each filing of the batch came.

A batch must end in the same state as its files one by one. Every filing has a place in the order of
receipt (`seq`); a version is visible to a filing when it was accepted before it and not yet
replaced: `version.seq < filing.seq <= version.seq_next`. Which filings of the batch are accepted is
what the checks find out, so the past is laid out under an assumption and the checks run again until
verdicts and assumption agree. Each filing depends on earlier ones only, so this always ends, in the
one state that filing one by one would have reached.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import duckdb

from greenmfg.checks.world import History
from greenmfg.contract import Contract

# Medians look back twelve months; one more for the month before a combined February.
_MONTHS_BACK = 13
_END = 9_000_000_000_000_000


def lay_out_past(database: duckdb.DuckDBPyConnection, contract: Contract, history: History) -> None:
    """Table `past`: the form's rows in force for the batch's subjects before this run."""
    subjects = [
        subject
        for (subject,) in database.execute(
            "select distinct subject from facts where subject is not null"
        ).fetchall()
    ]
    rows = history(contract.form, subjects, _first_month(database)) if subjects else None
    columns = ", ".join(
        f"cast(null as {column.sql_type}) as {column.name}" for column in contract.columns
    )
    database.execute(
        f"create or replace table past as select cast(null as varchar) as subject,"
        f" cast(null as date) as filing_period, {columns} limit 0"
    )
    if rows is not None and rows.num_rows:
        database.register("past_rows", rows)
        database.execute("insert into past by name select * from past_rows")
        database.unregister("past_rows")


def lay_out_history(
    database: duckdb.DuckDBPyConnection, contract: Contract, accepted: Collection[int]
) -> None:
    """Table `history` if just the filings numbered `accepted` (their `seq`, per subject) come in force."""
    database.execute("create or replace table assumed (filing bigint)")
    if accepted:
        database.execute(
            f"insert into assumed values {', '.join(f'({number})' for number in accepted)}"
        )
    by_month = contract.replaces == "subject_period"
    names = ", ".join(contract.names)
    partition = "subject, filing_period" if by_month else ", ".join(contract.key)
    database.execute(
        f"""
        create or replace table history as
        with coming as (
          select facts.subject, facts.filing_period, facts.seq, number.filing, {_qualified(contract)}
          from facts inner join filing_numbers as number
            on number.subject = facts.subject and number.seq = facts.seq
        ), versions as (
          select subject, filing_period, cast(-1 as bigint) as seq, {names} from past
          union all
          select subject, filing_period, seq, {names} from coming
          where filing in (select filing from assumed)
        ), spans as (
          select *, min(seq) over (
            partition by {partition} order by seq
            range between 1 following and unbounded following) as next_seq
          from versions
        )
        select subject, filing_period, seq, coalesce(next_seq, {_END}) as seq_next, {names}
        from spans
        {"" if by_month else _rows_seen_by_their_own_filing(names)}
        """
    )


def _rows_seen_by_their_own_filing(names: str) -> str:
    """Events of one file are checked against each other, whatever becomes of the file."""
    return f"""
        union all
        select subject, filing_period, seq, seq as seq_next, {names} from coming
        where filing not in (select filing from assumed)
    """


def number_filings(database: duckdb.DuckDBPyConnection) -> None:
    """Table `filing_numbers`: one number per (subject, seq) of the batch."""
    database.execute(
        """
        create or replace table filing_numbers as
        select row_number() over (order by seq, subject) as filing, subject, seq, submission,
          filing_period
        from (select distinct subject, seq, submission, filing_period from facts
          where subject is not null)
        """
    )


def _qualified(contract: Contract) -> str:
    return ", ".join(f"facts.{name}" for name in contract.names)


def _first_month(database: duckdb.DuckDBPyConnection) -> date | None:
    row = database.execute(
        f"select cast(min(filing_period) - to_months({_MONTHS_BACK}) as date) from facts"
    ).fetchone()
    return row[0] if row else None
