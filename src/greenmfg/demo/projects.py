"""Projects of the plan: phase-outs, retrofits, green factories, models, a circular park."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from greenmfg.contract import Contract
from greenmfg.contract.codes import CodeLists
from greenmfg.demo.months import first_day, month, month_of
from greenmfg.demo.population import Firm
from greenmfg.demo.sheets import STEWARD, Sheet
from greenmfg.demo.writers import Row

PROJECTS = "plan_projects"

# Kind → the letters of its numbers and the years of its projects.
_KINDS = {
    "phase_out": ("TT", (2022, 2022, 2023, 2023, 2025, 2024, 2024)),
    "retrofit": ("JG", (2021, 2021, 2022, 2022, 2023, 2023, 2023, 2024, 2024, 2025, 2025, 2026)),
    "green_factory": ("LS", (2022, 2023, 2024, 2025)),
    "cp_model": ("QJ", (2023, 2024, 2025)),
}
# Shares of a firm's yearly energy that a line's end, a retrofit, or its own end saves.
_SAVED_SHARE = {"phase_out": (0.12, 0.22), "retrofit": (0.02, 0.06)}
_FIRM_THAT_ENDED = (0.85, 1.0)
# Projects are among so many of the largest firms.
_WITH_PROJECTS = 60
_CIRCULAR_PARK = ("XH-2024-01", "崇明工业园区", date(2024, 10, 30))


def project_sheets(
    firms: Sequence[Firm],
    contracts: Mapping[str, Contract],
    codes: CodeLists,
    tce_of_year: Callable[[Firm, int], float],
    today: date,
    seed: int,
) -> Iterator[Sheet]:
    """One file of all projects completed by `today`, filed by the steward.

    Args:
        tce_of_year: a firm's energy in a year, to which the savings are sized.
    """
    rng = random.Random(f"{seed}:projects")
    there = [f for f in firms if f.in_population(month(2020, 1)) and not f.is_shipyard]
    steady = [f for f in there if len(f.segments) == 1 and f.in_population(month_of(today))]
    steady = sorted(steady, key=lambda firm: -firm.output_10k_cny)[:_WITH_PROJECTS]
    rng.shuffle(steady)
    free = iter(steady)
    closed = iter([f for f in there if f.segments[-1].valid_to is not None])
    rows: list[Row] = []
    for kind, (letters, years) in _KINDS.items():
        for position, year in enumerate(years):
            # Every other phase-out is a firm's own end, the rest are lines within firms.
            ends = kind == "phase_out" and position % 2 == 0
            firm = next(closed) if ends else next(free)
            done = _last_day_at_work(firm) if ends else _some_day(year, rng)
            row = _row(f"{letters}-{done.year}-{position + 1:02d}", kind, done, codes)
            row["uscc"] = firm.usccs[-1]
            low_high = _FIRM_THAT_ENDED if ends else _SAVED_SHARE.get(kind)
            if low_high:
                row["tce_saved"] = f"{tce_of_year(firm, year - 1) * rng.uniform(*low_high):.1f}"
            if kind == "green_factory":
                row["note"] = "标准版本：GB/T 36132-2018"
            rows.append(row)
    number, park, done = _CIRCULAR_PARK
    rows.append(_row(number, "circular_park", done, codes) | {"park": park})
    completed = [row for row in rows if row["completed_on"] <= today.isoformat()]
    completed.sort(key=lambda row: row["completed_on"])
    yield Sheet(STEWARD, contracts[PROJECTS].title.zh, 1, today, PROJECTS, completed)


def _last_day_at_work(firm: Firm) -> date:
    last = firm.segments[-1].valid_to
    if last is None:
        raise ValueError(f"firm {firm.serial} has not ended")
    return first_day(last)


def _some_day(year: int, rng: random.Random) -> date:
    return date(year, rng.randint(3, 11), rng.randint(1, 28))


def _row(number: str, kind: str, done: date, codes: CodeLists) -> Row:
    return {
        "project_id": number,
        "kind": codes["project_kind"].names[kind],
        "completed_on": done.isoformat(),
        "document_no": f"示例文号〔{done.year}〕{number[-2:]}号",
    }
