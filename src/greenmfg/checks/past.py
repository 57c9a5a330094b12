"""Table `history`: what was in force when each filing of the batch came.

A batch must end in the same state as its files one by one. Every filing has a place in the order of
receipt (`seq`); a version is visible to a filing when it was accepted before it and not yet
replaced: `version.seq < filing.seq <= version.seq_next`. Which filings of the batch are accepted is
what the checks find out, so the past is laid out under an assumption and the checks run again until
verdicts and assumption agree. Each filing depends on earlier ones only, so this always ends, in the
one state that filing one by one would have reached.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date

import duckdb
import pyarrow as pa

from greenmfg.checks.rules import FormRules
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
    database: duckdb.DuckDBPyConnection,
    contract: Contract,
    wanted: Sequence[str],
    accepted: Collection[int],
) -> None:
    """Table `history` if just the filings numbered `accepted` come into force.

    `subject`, `filing_period`, the versions' `seq` and `seq_next`, and the columns `wanted`.
    """
    assumed = pa.table({"filing": pa.array(sorted(accepted), pa.int64())})
    database.register("accepted_filings", assumed)
    database.execute("create or replace table assumed as select * from accepted_filings")
    database.unregister("accepted_filings")
    names = ", ".join(wanted)
    query = (
        _whole_months(wanted)
        if contract.replaces == "subject_period"
        else _rows_by_key(names, ", ".join(contract.key), wanted)
    )
    database.execute(f"create or replace table history as {query}")


def wanted_columns(contract: Contract, rules: FormRules) -> list[str]:
    """The columns of the past that the form's rules look at, and its key."""
    text = " ".join(
        (rules.history_source, *rules.history_features.values(), *rules.relations.values())
    )
    return [
        name
        for name in contract.names
        if name in contract.key or re.search(rf"\b{re.escape(name)}\b", text)
    ]


def _whole_months(wanted: Sequence[str]) -> str:
    """A newer version of an enterprise-month replaces all of the older one."""
    return f"""
        with versions as (
          select distinct subject, filing_period, cast(-1 as bigint) as seq from past
          union all
          select subject, filing_period, seq from filing_numbers
          where filing in (select filing from assumed)
        ), spans as (
          select *, coalesce(lead(seq) over (
            partition by subject, filing_period order by seq), {_END}) as seq_next
          from versions
        )
        select spans.*, {_qualified("past", wanted)} from past inner join spans
          on spans.subject = past.subject and spans.filing_period = past.filing_period
          and spans.seq = -1
        union all
        select spans.*, {_qualified("facts", wanted)} from facts inner join spans
          on spans.subject = facts.subject and spans.filing_period = facts.filing_period
          and spans.seq = facts.seq
    """


def _rows_by_key(names: str, key: str, wanted: Sequence[str]) -> str:
    """A newer row replaces the older one of its key. Events of one file are checked against each
    other, whatever becomes of the file."""
    return f"""
        with coming as (
          select facts.subject, facts.filing_period, facts.seq, number.filing,
            {_qualified("facts", wanted)}
          from facts inner join filing_numbers as number
            on number.subject = facts.subject and number.seq = facts.seq
        ), versions as (
          select subject, filing_period, cast(-1 as bigint) as seq, {names} from past
          union all
          select subject, filing_period, seq, {names} from coming
          where filing in (select filing from assumed)
        ), spans as (
          select *, coalesce(min(seq) over (partition by {key} order by seq
            range between 1 following and unbounded following), {_END}) as seq_next
          from versions
        )
        select subject, filing_period, seq, seq_next, {names} from spans
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


def _qualified(table: str, names: Sequence[str]) -> str:
    return ", ".join(f"{table}.{name}" for name in names)


def _first_month(database: duckdb.DuckDBPyConnection) -> date | None:
    row = database.execute(
        f"select cast(min(filing_period) - to_months({_MONTHS_BACK}) as date) from facts"
    ).fetchone()
    return row[0] if row else None
