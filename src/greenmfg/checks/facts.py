"""Facts: one row per filed row, typed, with one column per feature, laid out in the judge's database.

Values were text until here. A cell that cannot be typed becomes NULL and keeps its text beside it
(`<column>_text`), so that one ill-typed cell neither stops the batch nor is lost from its message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa

from greenmfg.checks.rules import FormRules
from greenmfg.checks.world import Candidate
from greenmfg.contract import Column, Contract

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# DuckDB's ~ finds a match anywhere: patterns are anchored.
_USCC_PATTERN = "^[0-9A-HJ-NPQRTUWXY]{18}$"
_NUMBER_PATTERN = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$"
_MONTH_PATTERN = "^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-01$"


def lay_out_text(
    database: duckdb.DuckDBPyConnection, candidates: Sequence[Candidate], contract: Contract
) -> None:
    """Table `incoming`: rid, submission (position in the batch), line, cut, cells and all texts."""
    tables = []
    for position, candidate in enumerate(candidates):
        rows = candidate.parsed.rows
        account = candidate.account
        constant = {
            "submission": pa.repeat(pa.scalar(position, pa.int64()), rows.num_rows),
            "account": pa.repeat(pa.scalar(account.name, pa.string()), rows.num_rows),
            "account_kind": pa.repeat(pa.scalar(account.kind, pa.string()), rows.num_rows),
            "line": rows["line"].cast(pa.int64()),
            "cells": rows["cells"].cast(pa.int64()),
            "cut": rows["cut"],
        }
        texts = {name: rows[name].cast(pa.string()) for name in contract.names}
        tables.append(pa.table({**constant, **texts}))
    incoming = pa.concat_tables(tables)
    incoming = incoming.add_column(0, "rid", pa.array(np.arange(incoming.num_rows), pa.int64()))
    database.register("incoming_rows", incoming)
    database.execute("create or replace table incoming as select * from incoming_rows")
    database.unregister("incoming_rows")


def lay_out_accounts(database: duckdb.DuckDBPyConnection, candidates: Sequence[Candidate]) -> None:
    """Table `account_enterprises`: for whom each restricted account of the batch may file."""
    pairs = {
        (candidate.account.name, uscc)
        for candidate in candidates
        for uscc in candidate.account.enterprises
    }
    table = pa.table(
        {
            "account": pa.array([account for account, _ in pairs], pa.string()),
            "uscc": pa.array([uscc for _, uscc in pairs], pa.string()),
        }
    )
    database.register("pairs", table)
    database.execute("create or replace table account_enterprises as select * from pairs")
    database.unregister("pairs")


def lay_out_explanations(
    database: duckdb.DuckDBPyConnection, candidates: Sequence[Candidate]
) -> None:
    """Table `explained`: the places whose warning the sender has explained, by submission."""
    places = [
        (position, one.check_id, one.line, one.column)
        for position, candidate in enumerate(candidates)
        for one in candidate.explanations
    ]
    types = (pa.int64(), pa.string(), pa.int64(), pa.string())
    names = ("submission", "check_id", "line", "column_name")
    columns = [[place[index] for place in places] for index in range(len(names))]
    table = pa.table({n: pa.array(c, t) for n, c, t in zip(names, columns, types, strict=True)})
    database.register("explained_places", table)
    database.execute("create or replace table explained as select * from explained_places")
    database.unregister("explained_places")


def lay_out_typed(database: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Table `typed`: `incoming` with every column in its stored type, its text beside it, the
    filing each row belongs to (`subject`, `filing_period`, `seq`), and key occurrences."""
    columns = ",\n  ".join(part for column in contract.columns for part in _typed_column(column))
    key = ", ".join(contract.key)
    period = contract.period
    filing_period = period if contract.kind == "monthly" and period else "cast(null as date)"
    # Aggregates joined back instead of window functions: windows sort every wide row.
    database.execute(
        f"""
        create or replace temp table placed as
        with cells as (
          select rid, submission, account, account_kind, line, cells, cut,
          {columns}
          from incoming
        )
        select *, {_subject(contract)} as subject, cast({filing_period} as date) as filing_period
        from cells;
        drop table incoming;
        create or replace temp table places as
        select submission, filing_period,
          row_number() over (order by submission, filing_period nulls first) as seq
        from (select distinct submission, filing_period from placed);
        create or replace temp table repeats as
        select submission, {key}, min(line) as first_line
        from placed group by all having count(*) > 1;
        create or replace table typed as
        select placed.*, (select today from today) as today, places.seq,
          case when placed.line > repeats.first_line then 2 else 1 end as occurrence,
          repeats.first_line
        from placed
        inner join places on places.submission = placed.submission
          and places.filing_period is not distinct from placed.filing_period
        left join repeats on repeats.submission = placed.submission
          and {" and ".join(f"repeats.{name} is not distinct from placed.{name}" for name in contract.key)};
        drop table placed;
        """
    )


def _typed_column(column: Column) -> list[str]:
    name, text = column.name, f"{column.name} as {column.name}_text"
    match column.type:
        case "month":
            typed = f"case when {name} ~ '{_MONTH_PATTERN}' then try_cast({name} as date) end"
        case "date":
            typed = f"try_cast({name} as date)"
        case "decimal":
            typed = (
                f"case when {name} ~ '{_NUMBER_PATTERN}' "
                f"then try_cast({name} as {column.sql_type}) end"
            )
        case "integer":
            typed = f"try_cast(try_cast({name} as decimal(38, 6)) as bigint)"
        case "yes_no":
            typed = f"case {name} when 'true' then true when 'false' then false end"
        case _:
            typed = name
    if column.default is not None:
        typed = f"case when {name} is null then {_default(column)} else {typed} end"
    parts = [f"{typed} as {name}", text]
    if column.type == "date":
        # NULL only where something is given that is no date, so that a blank cell is not judged.
        parts.append(
            f"case when {name} is null then '' else cast(try_cast({name} as date) as varchar) end"
            f" as {name}_readable"
        )
    if column.type == "uscc":
        expected = _check_character(name)
        valid = f"{name} ~ '{_USCC_PATTERN}'"
        parts.append(
            f"case when {valid} then nullif(right({name}, 1), {expected}) end as {name}_check_other"
        )
        parts.append(f"case when {valid} then {expected} end as {name}_check_character")
    return parts


def _default(column: Column) -> str:
    if column.type == "yes_no":
        return "true" if column.default == "yes" else "false"
    if column.type in ("integer", "decimal"):
        return str(column.default)
    return "'" + str(column.default).replace("'", "''") + "'"


def _check_character(name: str) -> str:
    """GB 32100-2015: weights 3^i mod 31, check = alphabet[(31 − Σ mod 31) mod 31]."""
    terms = " + ".join(
        f"(strpos('{USCC_ALPHABET}', substr({name}, {i + 1}, 1)) - 1) * {pow(3, i, 31)}"
        for i in range(17)
    )
    return f"substr('{USCC_ALPHABET}', (31 - ({terms}) % 31) % 31 + 1, 1)"


def _subject(contract: Contract) -> str:
    if contract.kind == "reference":
        return f"'{contract.form}'"
    parts = []
    for name in contract.subject:
        if contract[name].type == "uscc":
            parts.append(
                f"when {name}_text is not null then case when {name}_check_character is not null"
                f" and {name}_check_other is null then {name} end"
            )
        else:
            parts.append(f"when {name}_text is not null then {name}")
    return f"case {' '.join(parts)} end"


def lay_out_facts(
    database: duckdb.DuckDBPyConnection, contract: Contract, rules: FormRules, token: str
) -> None:
    """Table `facts`: `typed` with the features that every form has and the form's own."""
    features = {**_general_features(contract), **rules.features}
    database.execute(
        f"""
        create or replace table facts as
        select filed.*, '{token}' as token,
        {_selected(features)}
        from typed as filed
        {_general_source(contract)}
        {rules.source};
        drop table typed
        """
    )


def lay_out_history_facts(
    database: duckdb.DuckDBPyConnection, rules: FormRules, token: str
) -> None:
    """Table `facts_history`: one row per fact with just the features that look back, over table
    `history`; everything else of the row is in `facts` under the same rid."""
    database.execute(
        f"""
        create or replace table facts_history as
        select filed.rid, '{token}' as token,
        {_selected(_without_repeats(rules))}
        from facts as filed
        {visible(rules.history_source)}
        """
    )


def _without_repeats(rules: FormRules) -> Mapping[str, str]:
    return {
        name: visible(sql)
        for name, sql in rules.history_features.items()
        if name not in rules.features
    }


def visible(sql: str) -> str:
    """`$visible(h)`: the version `h` was in force when this filing came."""
    out, rest = "", sql
    while (start := rest.find("$visible(")) >= 0:
        end = rest.index(")", start)
        alias = rest[start + len("$visible(") : end]
        out += rest[:start] + f"({alias}.seq < filed.seq and filed.seq <= {alias}.seq_next)"
        rest = rest[end + 1 :]
    return out + rest


def _selected(features: Mapping[str, str]) -> str:
    return ",\n".join(f"{sql.strip()} as {name}" for name, sql in features.items())


# Of an enterprise that is not the account's, nothing is said but that: whether it is registered is
# no business of the sender's, and a checker that knows only the sender's own row says the same.
_MAY_FILE = "(filed.account_kind in ('system', 'steward') or own.uscc is not null)"


def _general_features(contract: Contract) -> dict[str, str]:
    allowed = ", ".join(f"'{kind}'" for kind in ("system", *contract.filed_by))
    features = {
        "cells_before_cut": "case when filed.cut then filed.cells end",
        "form_of_others": (
            f"case when filed.account_kind not in ({allowed}) then filed.account_kind end"
        ),
    }
    if "uscc" in contract.by_name and contract.kind != "reference":
        features |= {
            "registered_spans": (
                "case when filed.uscc_check_character is not null and filed.uscc_check_other is null"
                f" and {_MAY_FILE} and (select register_known from today)"
                " then coalesce(registered.spans, 0) end"
            ),
            "registered_validity": "registered.validity",
            "enterprise_of_others": (f"case when not {_MAY_FILE} then filed.uscc end"),
        }
    if contract.kind == "monthly":
        features |= {
            "registered_then": (
                f"case when registered.spans > 0 and {_MAY_FILE}"
                " then coalesce(registered_month.spans, 0) end"
            ),
            "opens_on": "opening.opens_on",
            "combined_month_number": (
                "case when filed.months_covered = 2 then month(filed.period) end"
            ),
            "months_covered_spread": "spread.months_covered_spread",
        }
    return features


def _general_source(contract: Contract) -> str:
    parts = []
    if "uscc" in contract.by_name and contract.kind != "reference":
        parts.append("left join registered on registered.uscc = filed.uscc")
        parts.append(
            "left join account_enterprises as own"
            " on own.account = filed.account and own.uscc = filed.uscc"
        )
    if contract.kind == "monthly":
        parts.append(
            "left join registered_months as registered_month"
            " on registered_month.uscc = filed.uscc and registered_month.period = filed.period"
        )
        parts.append(
            "left join spreads as spread on spread.submission = filed.submission"
            " and spread.uscc = filed.uscc and spread.period = filed.period"
        )
        parts.append(
            f"left join openings as opening on opening.form = '{contract.form}'"
            " and opening.period = filed.period"
        )
    return "\n".join(parts)
