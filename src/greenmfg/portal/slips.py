"""Values that look like a slip of unit or point: as filed, and as they likely should be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from greenmfg.pipeline.trying import Trial
from greenmfg.records import Finding, Verdict

# production_use.unit_slip: what it expects is the likely value (a test holds both).
UNIT_SLIP = "E121"
_NUMBER = re.compile(r"\d+(?:\.\d+)?")

Place = tuple[str, int | None, str | None]


@dataclass(frozen=True)
class Slip:
    """Quantities of one row in the item's unit: production use less what was made or recovered."""

    energy_item: str
    period: date
    quantity_as_filed: Decimal
    quantity_likely: Decimal


def slips_of(trial: Trial) -> Mapping[Place, Slip]:
    """The slips of a checked file, by the place of the finding (check, line, column)."""
    verdict = trial.outcome
    if not isinstance(verdict, Verdict) or verdict.checked_rows is None:
        return {}
    found = [f for f in verdict.findings if f.id == UNIT_SLIP and f.period is not None]
    if not found:
        return {}
    rows = {row["line"]: row for row in verdict.checked_rows.to_pylist()}
    out: dict[Place, Slip] = {}
    for finding in found:
        row, likely = rows[finding.line], _likely(finding)
        if finding.period is None or likely is None or (row["months_covered"] or 1) != 1:
            continue
        off = (row["transformation_output"] or 0) + (row["recovered"] or 0)
        out[finding.id, finding.line, finding.column] = Slip(
            row["energy_item"], finding.period, row["production_use"] - off, likely - off
        )
    return out


def _likely(finding: Finding) -> Decimal | None:
    number = _NUMBER.search(finding.expected.en) if finding.expected else None
    return None if number is None else Decimal(number[0])
