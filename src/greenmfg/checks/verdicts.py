"""From standing hits to findings, filings and one verdict per submission."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from greenmfg.checks import wording
from greenmfg.checks.run import FormRun
from greenmfg.contract import Words
from greenmfg.records import FilingKey, FilingState, FilingVerdict, Finding, Verdict

FilingPlace = tuple[int, str, date | None]


@dataclass
class _Filing:
    """Collects what concerns one filing before its state is known."""

    rows: int
    months_covered: int
    errors: int = 0
    unexplained: int = 0
    findings: list[Finding] = field(default_factory=list)


def verdicts(run: FormRun, shown: int) -> list[Verdict]:
    """One verdict per candidate, in the batch's order.

    All hits decide; of the findings at most `shown` per submission are kept, with a last one that
    says how many more there are.
    """
    broken = _submissions_with_broken_header(run)
    filings = _filings(run, broken)
    lonely = _rows_without_a_place(run, broken)
    _count(run, filings)
    loose = _place_findings(run, filings, lonely, broken, shown)
    rows = checked_rows(run)
    out = []
    for position, candidate in enumerate(run.candidates):
        own = {place: f for place, f in filings.items() if place[0] == position}
        if position in lonely and len(own) == 1:
            # The other rows can only belong to this enterprise-month: it is not complete without them.
            next(iter(own.values())).errors += 1
        out.append(
            Verdict(
                form=run.contract.form,
                rows=candidate.parsed.rows.num_rows,
                filings=tuple(
                    FilingVerdict(
                        key=FilingKey(run.contract.form, subject, period),
                        state=_state(filing),
                        rows=filing.rows,
                        months_covered=filing.months_covered,
                        findings=tuple(filing.findings),
                    )
                    for (_, subject, period), filing in own.items()
                ),
                unattached=tuple(loose[position]),
                tidied=candidate.parsed.tidied,
                encoding=candidate.parsed.encoding,
                checked_rows=rows[position],
            )
        )
    return out


def _state(filing: _Filing) -> FilingState:
    if filing.errors:
        return FilingState.RETURNED
    return FilingState.AWAITING_REVIEW if filing.unexplained else FilingState.ACCEPTED


def _submissions_with_broken_header(run: FormRun) -> set[int]:
    found = run.database.execute(
        "select distinct headers.submission from standing inner join headers using (rid)"
        " where standing.relation = 'headers'"
    ).fetchall()
    return {position for (position,) in found}


def _filings(run: FormRun, broken: set[int]) -> dict[FilingPlace, _Filing]:
    monthly = run.contract.kind == "monthly"
    covered = "max(months_covered)" if monthly else "1"
    placed = "and filing_period is not null" if monthly else ""
    found = run.database.execute(
        f"""
        select submission, subject, filing_period, count(*), coalesce({covered}, 1) from facts
        where subject is not null {placed}
        group by submission, subject, filing_period
        order by submission, filing_period nulls first, min(line)
        """
    ).fetchall()
    return {
        (position, subject, period): _Filing(rows, int(covered))
        for position, subject, period, rows, covered in found
        if position not in broken
    }


def _rows_without_a_place(run: FormRun, broken: set[int]) -> set[int]:
    placed = "or filing_period is null" if run.contract.kind == "monthly" else ""
    found = run.database.execute(
        f"select distinct submission from facts where subject is null {placed}"
    ).fetchall()
    return {position for (position,) in found} - broken


def _count(run: FormRun, filings: dict[FilingPlace, _Filing]) -> None:
    for relation, names, unexplained in run.reported_relations():
        found = run.database.execute(
            f"""
            select filed.submission, filed.subject, filed.filing_period,
              count(*) filter (where checks.severity = 'error'),
              count(*) filter (where checks.severity = 'warning' and {unexplained})
            from standing inner join checks using (number)
            inner join {relation} as filed on filed.rid = standing.rid
            where standing.relation in ({names}) group by all
            """
        ).fetchall()
        for position, subject, period, errors, warnings in found:
            if filing := filings.get((position, subject, period)):
                filing.errors += errors
                filing.unexplained += warnings


def _place_findings(
    run: FormRun,
    filings: dict[FilingPlace, _Filing],
    lonely: set[int],
    broken: set[int],
    shown: int,
) -> defaultdict[int, list[Finding]]:
    loose: defaultdict[int, list[Finding]] = defaultdict(list)
    counted: defaultdict[int, int] = defaultdict(int)
    for hit in _hits_with_facts(run, shown):
        position = hit["submission"]
        if position in broken and hit["hit_relation"] != "headers":
            continue  # without its header a cell cannot be judged
        counted[position] += 1
        finding = _finding(run, hit)
        subject = hit.get("subject")
        filing = filings.get((position, subject, hit.get("filing_period"))) if subject else None
        if filing is None and position in lonely:
            own = [f for (p, _, _), f in filings.items() if p == position]
            filing = own[0] if len(own) == 1 else None
        (filing.findings if filing else loose[position]).append(finding)
    for position, total in _totals(run).items():
        if position not in broken and total > counted[position]:
            loose[position].append(_and_more(total - counted[position]))
    return loose


def _and_more(left_out: int) -> Finding:
    words = Words(
        f"另有 {left_out} 条问题没有列出。", f"{left_out} further findings are not listed."
    )
    remedy = Words(
        "请先改正已列出的问题再核验。", "Correct the listed ones first, then check again."
    )
    return Finding("F000", "info", None, None, None, None, None, None, None, words, remedy)


def _totals(run: FormRun) -> dict[int, int]:
    totals: defaultdict[int, int] = defaultdict(int)
    for relation, names, _ in run.reported_relations():
        for position, count in run.database.execute(
            f"select filed.submission, count(*) from standing inner join {relation} as filed"
            f" on filed.rid = standing.rid where standing.relation in ({names}) group by all"
        ).fetchall():
            totals[position] += count
    return totals


def _hits_with_facts(run: FormRun, shown: int) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for relation in ("headers", *run.finding_relations()):
        names, source = f"'{relation}'", relation
        if relation == "facts":
            names = "'facts', 'facts_history'"
            if run.looks_back:
                source = (
                    "(facts inner join (select * exclude (token) from facts_history) using (rid))"
                )
        table = run.database.sql(
            f"""
            with chosen as (
              select standing.number, standing.relation, standing.rid
              from standing inner join {relation} as place on place.rid = standing.rid
              where standing.relation in ({names})
              qualify row_number() over (
                partition by place.submission order by place.line, standing.number) <= {shown}
            )
            select chosen.number as hit_number, chosen.relation as hit_relation, filed.*
            from chosen inner join {source} as filed on filed.rid = chosen.rid
            order by filed.submission, filed.line nulls last, chosen.number
            """
        ).to_arrow_table()
        out.extend(table.to_pylist())
    return out


def _finding(run: FormRun, hit: Mapping[str, Any]) -> Finding:
    check = run.rules.checks[hit["hit_number"]]
    on_row = hit["hit_relation"] in ("facts", "facts_history")
    name = check.column or hit.get("column_name")
    column = run.contract.by_name.get(name) if name else None
    given = _given(run, hit, name) if on_row and name else None
    # What belongs to the cell's own column is said without the column's name (`{check_character}`).
    beside = {key.removeprefix(f"{name}_"): value for key, value in hit.items()} if name else {}
    facts = {
        **beside,
        **hit,
        **check.constants,
        **_months(run, hit),
        "given": given,
        "header_zh": column.header if column else "",
        "header_en": column.label.en if column else "",
    }
    if not on_row:
        facts["header_en"] = facts["header_zh"]
    line = hit["line"]
    shown_column = name if not check.whole_row else None
    note = hit.get("note") if on_row and check.severity == "warning" else None
    if note is None and check.severity == "warning":
        note = _explanation(run, hit["submission"], check.id, line, shown_column)
    period = hit.get("filing_period") or (hit.get("period") if on_row else None)
    return Finding(
        id=check.id,
        severity=check.severity,
        line=line,
        column=shown_column,
        header=column.header if column else None,
        enterprise=hit.get("uscc_text") or hit.get("subject"),
        period=period if isinstance(period, date) else None,
        given=given,
        expected=wording.said(check.expected, facts, line),
        message=wording.said(check.message, facts, line),
        remedy=wording.said(check.remedy, facts, line),
        explained_by=note,
    )


def _explanation(
    run: FormRun, position: int, check_id: str, line: int | None, column: str | None
) -> str | None:
    for one in run.candidates[position].explanations:
        if (one.check_id, one.line, one.column) == (check_id, line, column):
            return one.reason
    return None


def _months(run: FormRun, hit: Mapping[str, Any]) -> dict[str, str]:
    """Month columns as people write them."""
    return {
        column.name: hit[column.name].strftime("%Y-%m")
        for column in run.contract.columns
        if column.type == "month" and isinstance(hit.get(column.name), date)
    }


def _given(run: FormRun, hit: Mapping[str, Any], name: str) -> str | None:
    parsed = run.candidates[hit["submission"]].parsed
    row = hit["rid"] - run.first_rids[hit["submission"]]
    value = parsed.given[name][row].as_py()
    return None if value is None else str(value)


def checked_rows(run: FormRun) -> list[pa.Table]:
    """Typed rows of each candidate: `line`, `subject`, `filing_period` and the contract's columns."""
    names = ", ".join(run.contract.names)
    everything = run.database.sql(
        f"select line, subject, filing_period, {names} from facts order by rid"
    ).to_arrow_table()
    return [
        everything.slice(start, candidate.parsed.rows.num_rows)
        for start, candidate in zip(run.first_rids, run.candidates, strict=True)
    ]
