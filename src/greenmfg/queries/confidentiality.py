"""What may be said of others: cells of few firms, or of one dominant firm, are suppressed.

Every aggregate that a firm sees, and any that leaves the bureau, goes through here.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

Suppressed = Literal["too_few_firms", "one_firm_dominates"]

_MIN_FIRMS = "suppression_min_firms"
_DOMINANCE = "suppression_dominance"


@dataclass(frozen=True)
class SuppressionRule:
    """A cell is shown when it has `minimum_firms` and no firm has more than `dominance` of it."""

    minimum_firms: int
    dominance: Decimal

    def suppresses(self, firms: int, largest_share: float | None) -> Suppressed | None:
        """Why the cell must not be shown, or None. An unknown share is no reason to show."""
        if firms < self.minimum_firms:
            return "too_few_firms"
        if largest_share is None or largest_share > float(self.dominance):
            return "one_firm_dominates"
        return None


def suppression_rule(reference_dir: Path, on: date) -> SuppressionRule:
    """The rule in force on a day, from `check_parameters.csv`.

    Raises:
        LookupError: no row of the parameter is valid on that day.
    """
    with (reference_dir / "check_parameters.csv").open(encoding="utf-8", newline="") as file:
        valid = {
            row["parameter"]: row["value"]
            for row in csv.DictReader(file)
            if row["valid_from"] <= on.isoformat() <= (row["valid_to"] or "9999-12-31")
        }
    for name in (_MIN_FIRMS, _DOMINANCE):
        if name not in valid:
            raise LookupError(f"check_parameters has no {name} valid on {on}")
    return SuppressionRule(int(valid[_MIN_FIRMS]), Decimal(valid[_DOMINANCE]))
