"""What a slip of unit or point in a report would do to the firm's intensity.

The month that is being filed is in no release yet, so its effect is shown on the firm's newest
measured month: everything else as it was then, the item's quantity once as filed and once as likely.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from duckdb import DuckDBPyConnection as Connection

from greenmfg.queries.rows import fetch


@dataclass(frozen=True)
class UsualMonth:
    """A measured month of a firm, with one item of it. Energy in tce, value added in 万元."""

    month: date
    coefficient_tce: Decimal
    item_tce: Decimal
    energy_tce: Decimal
    value_added_constant_10k_cny: Decimal

    def intensity_with(self, quantity: Decimal) -> float:
        """The month's intensity (tce per 万元) had the item's quantity been this."""
        energy = self.energy_tce - self.item_tce + quantity * self.coefficient_tce
        return float(energy / self.value_added_constant_10k_cny)


def usual_month(
    connection: Connection, uscc: str, energy_item: str, before: date
) -> UsualMonth | None:
    """The firm's newest measured month before a month in which it used the item; None without one.

    An item inside another (其中) moves no total, and so has none.
    """
    found = fetch(
        connection,
        UsualMonth,
        """
        select
            months.month, items.coefficient_tce, items.energy_tce as item_tce,
            months.energy_tce, months.value_added_constant_10k_cny
        from marts.enterprise_energy_months as items
        inner join marts.enterprise_months as months
            on items.uscc = months.uscc and items.month = months.month
        where
            items.uscc = $uscc and items.energy_item = $energy_item and items.counted
            and items.month < $before and items.months_covered = 1
            and items.coefficient_tce is not null and items.energy_tce is not null
            and months.matched and months.energy_tce is not null
            and months.value_added_constant_10k_cny > 0
        order by months.month desc
        limit 1
        """,
        {"uscc": uscc, "energy_item": energy_item, "before": before},
    )
    return found[0] if found else None
