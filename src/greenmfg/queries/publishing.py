"""What may leave the bureau: the sums of groups, without the cells that would give a firm away.

Which cells those are is decided in the mart (`group_months.suppression`), by the thresholds in force
in each month; here they are blanked. Only sums over matched firm-months go out: beside those of all
firms that filed, the difference would be what the unmatched ones filed, often a single firm.
"""

from __future__ import annotations

from datetime import date

_KEPT = (
    "grouping", "group_key", "group_name_zh", "group_name_en", "month", "window_name",
    "provisional", "firms_due", "firms_matched", "suppression",
)  # fmt: skip
_BLANKED = (
    "energy_tce", "value_added_current_10k_cny", "value_added_constant_10k_cny",
    "intensity_constant_tce_per_10k_cny", "intensity_current_tce_per_10k_cny",
    "status", "reason", "price_status", "undeflated_share", "energy_share",
    "given_share", "derived_share", "estimated_share",
)  # fmt: skip
PUBLIC_MART = "group_months"
# One kind of window: the difference of two overlapping ones may be a single firm.
PUBLIC_WINDOW = "ytd"


class NotPublic(LookupError):
    """The mart never leaves the bureau; the message says which one may."""


def public_query(mart: str, period: date | None) -> tuple[str, dict[str, date]]:
    """SQL of the rows that may leave, and its parameters; suppressed cells are blank and say why.

    Raises:
        NotPublic: any mart but `group_months`.
    """
    if mart != PUBLIC_MART:
        raise NotPublic(f"{mart!r} 不对外公布 · never leaves the bureau: 只有 · only {PUBLIC_MART}")
    blanked = ", ".join(
        f"case when suppression is null then {column} end as {column}" for column in _BLANKED
    )
    month = "" if period is None else " and month = $month"
    sql = f"""
        select {", ".join(_KEPT)}, {blanked}
        from marts.{PUBLIC_MART}
        where grouping <> 'enterprise' and window_name = '{PUBLIC_WINDOW}'{month}
        order by grouping, group_key, month
    """
    return sql, {} if period is None else {"month": period}
