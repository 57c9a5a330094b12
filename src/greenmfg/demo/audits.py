"""Cleaner-production audits at every stage: rounds of events, filed by the steward and by firms."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from greenmfg.contract import Contract
from greenmfg.contract.codes import CodeLists
from greenmfg.demo.audit_rounds import Round, audit_rounds
from greenmfg.demo.months import month_of
from greenmfg.demo.places import AGENTS
from greenmfg.demo.population import Firm
from greenmfg.demo.sheets import STEWARD, Sheet
from greenmfg.demo.writers import Layout, Row

AUDITS = "audit_progress"

# Days from list publication, or from the start of a voluntary round; all gaps exceed the jitter.
_MANDATORY_DAYS = {
    **{"identified": -40, "listed": 0, "disclosed": 22, "started": 48, "pre_audit": 85},
    **{"audit": 125, "options": 165, "feasibility": 195, "evaluated": 245, "implementing": 275},
    **{"report_submitted": 335, "acceptance_applied": 385, "accepted": 440, "published": 465},
    **{"continuous": 500},
}
_VOLUNTARY_DAYS = {
    **{"started": 0, "pre_audit": 40, "audit": 80, "options": 120, "feasibility": 150},
    **{"evaluated": 200, "implementing": 230, "acceptance_applied": 320, "accepted": 370},
    **{"continuous": 410},
}
_JITTER_DAYS = 4

# Stages that the bureau alone may enter, each by a document; a firm reports the others itself.
_BUREAU_STAGES = ("identified", "listed", "evaluated", "accepted", "published", "continuous")


@dataclass(frozen=True)
class _Event:
    stage: str
    on: date
    passed: bool | None = None


def audit_sheets(
    firms: Sequence[Firm],
    contracts: Mapping[str, Contract],
    codes: CodeLists,
    tce_of_year: Callable[[Firm, int], float],
    today: date,
    seed: int,
) -> Iterator[Sheet]:
    """The steward's file of each year; this year's own stages by the firms and a park's agent.

    Args:
        tce_of_year: a firm's energy in a year, to which its savings are sized.
    """
    by_file: dict[tuple[str, int], list[Row]] = {}
    for entry in audit_rounds(firms, today, seed):
        events = _events(entry, today, seed)
        savings = _savings(entry, events, tce_of_year, seed)
        for event in events:
            account = _account(entry, event, today)
            row = _row(entry, event, savings, codes)
            by_file.setdefault((account, event.on.year), []).append(row)
    title = contracts[AUDITS].title.zh
    for (account, year), rows in sorted(by_file.items()):
        yield Sheet(
            account=account,
            stem=f"{title}_{year}",
            wave=1,
            arrives_on=_arrival(account, year, today),
            form=AUDITS,
            rows=sorted(rows, key=lambda row: (row["event_date"], row["uscc"])),
            layout=Layout(encoding="utf-8-sig") if account == STEWARD else Layout(),
        )


def _arrival(account: str, year: int, today: date) -> date:
    # The steward's list publications come before what firms report of them.
    latest = today - timedelta(days=1) if account == STEWARD else today
    return min(latest, date(year + 1, 1, 15))


def _events(entry: Round, today: date, seed: int) -> list[_Event]:
    rng = random.Random(f"{seed}:audit:{entry.firm.serial}:{entry.name}")
    days = _MANDATORY_DAYS if entry.stream == "mandatory" else _VOLUNTARY_DAYS
    anchor = entry.anchor(days)
    events: list[_Event] = []
    for stage, offset in days.items():
        jitter = 0 if stage == "listed" else rng.randint(-_JITTER_DAYS, _JITTER_DAYS)
        on = anchor + timedelta(days=offset + jitter)
        if stage == "accepted":
            if entry.failed_on is not None:
                events.append(_Event(stage, entry.failed_on, passed=False))
            if entry.never_passes:
                break
            if entry.accepted_on is not None:
                # What follows a second try follows it in time.
                anchor += entry.accepted_on - on
                on = entry.accepted_on
        events.append(_Event(stage, on, passed=True if stage == "accepted" else None))
        if stage == entry.stops_at:
            break
    return [event for event in events if event.on <= today]


def _account(entry: Round, event: _Event, today: date) -> str:
    if event.stage in _BUREAU_STAGES:
        return STEWARD
    if entry.by_agent_of is not None:
        return AGENTS[entry.by_agent_of]
    return _uscc(entry, event) if event.on.year == today.year else STEWARD


def _uscc(entry: Round, event: _Event) -> str:
    segment = entry.firm.at(month_of(event.on))
    if segment is None:
        raise ValueError(f"firm {entry.firm.serial} has an audit event while it was not there")
    return segment.uscc


def _savings(
    entry: Round,
    events: Sequence[_Event],
    tce_of_year: Callable[[Firm, int], float],
    seed: int,
) -> Row:
    rng = random.Random(f"{seed}:savings:{entry.firm.serial}:{entry.name}")
    if not events:
        return {}
    base = tce_of_year(entry.firm, events[0].on.year)
    claimed = base * (0.008 if entry.firm.is_shipyard else rng.uniform(0.02, 0.05))
    return {
        "claimed_saving_tce": f"{claimed:.1f}",
        "actual_saving_tce": f"{claimed * rng.uniform(0.75, 1.1):.1f}",
        "water_saving_t": str(round(claimed * rng.uniform(20, 90))),
        "material_saving_t": f"{claimed * rng.uniform(0.05, 0.3):.1f}",
        "pollutant_reduction_t": f"{claimed * rng.uniform(0.01, 0.06):.2f}",
        "investment_10k_cny": f"{claimed * rng.uniform(0.4, 1.2):.1f}",
    }


def _row(entry: Round, event: _Event, savings: Row, codes: CodeLists) -> Row:
    stage = codes["stage"].code_of(event.stage)
    if stage is None:
        raise ValueError(f"the audit form has no stage {event.stage}")
    row = {
        "uscc": _uscc(entry, event),
        "audit_round": entry.name,
        "stream": codes["stream"].names[entry.stream],
        "stage": stage,
        "event_date": event.on.isoformat(),
    }
    if entry.category is not None:
        row["category"] = codes["category"].names[entry.category]
    if event.stage == "feasibility":
        row["claimed_saving_tce"] = savings["claimed_saving_tce"]
    if event.passed is not None:
        row["result"] = codes["result"].names["passed" if event.passed else "failed"]
    if event.passed:
        row |= savings
    if event.stage in _BUREAU_STAGES:
        row["document_no"] = entry.document_no(event.on)
    if entry.by_agent_of is not None:
        row["note"] = "园区整体审核"
    return row
