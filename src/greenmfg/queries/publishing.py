"""What may leave the bureau: sums, growth, energy mix and drivers, without the cells that would give a
firm away.

Which cells those are is decided in the marts (`suppression`), by the thresholds in force in each
month; here they are blanked. Only sums over matched firm-months go out: beside those of all firms
that filed, the difference would be what the unmatched ones filed, often a single firm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

# One kind of window: the difference of two overlapping ones may be a single firm.
PUBLIC_WINDOW = "ytd"


@dataclass(frozen=True)
class Public:
    """A mart as it goes out: `kept` columns, and those that are `blanked` where a cell is hidden.

    `rows` is SQL that yields them all and `suppression`, which is null where the cell may be shown.
    """

    rows: str
    kept: tuple[str, ...]
    blanked: tuple[str, ...]
    order: tuple[str, ...]


_GROUP = ("grouping", "group_key", "group_name_zh", "group_name_en", "month", "window_name")
_OF_GROUPS = f"grouping <> 'enterprise' and window_name = '{PUBLIC_WINDOW}'"

_PUBLIC: Mapping[str, Public] = {
    "group_months": Public(
        rows=f"select * from marts.group_months where {_OF_GROUPS}",
        kept=(*_GROUP, "provisional", "firms_due", "firms_matched"),
        blanked=(
            "energy_tce", "value_added_current_10k_cny", "value_added_constant_10k_cny",
            "intensity_constant_tce_per_10k_cny", "intensity_current_tce_per_10k_cny",
            "status", "reason", "price_status", "undeflated_share", "energy_share",
            "given_share", "derived_share", "estimated_share",
        ),
        order=("grouping", "group_key", "month"),
    ),
    # Rates only: the panel's sums beside the group's would be those of the firms outside it.
    "group_growth": Public(
        rows=f"select * from marts.group_growth where {_OF_GROUPS}",
        kept=(*_GROUP, "provisional", "panel_firms"),
        blanked=(
            "energy_growth", "value_added_growth", "intensity_change", "status", "reason",
            "price_status",
        ),
        order=("grouping", "group_key", "month"),
    ),
    # The district's alone: items by group would have to be guarded along both at once.
    "energy_mix_public": Public(
        rows=f"""
            select mix.*, district.provisional
            from marts.energy_mix_public as mix
            left join marts.group_months as district
                on
                    mix.month = district.month and district.grouping = 'district'
                    and district.window_name = '{PUBLIC_WINDOW}'
        """,
        kept=(
            "month", "energy_item", "item_name_zh", "item_name_en", "category", "provisional",
            "firms",
        ),
        blanked=("energy_tce", "share"),
        order=("month", "energy_item"),
    ),
    # By industry, whose sums of both years are out: what is shown follows from them. The shares are
    # of the panel, so what is outside of it is found from any of them.
    "intensity_drivers": Public(
        rows=f"""
            with cells as (
                select
                    grouping, group_key, month,
                    case when firms_matched > 0 then suppression end as suppression
                from marts.group_months
                where window_name = '{PUBLIC_WINDOW}'
            ),

            judged as (
                select
                    parts.*,
                    case
                        when this_year.suppression is not null then this_year.suppression
                        when last_year.suppression is not null then 'last_year_suppressed'
                    end as own_suppression
                from marts.intensity_drivers as parts
                left join cells as this_year
                    on
                        parts.member_kind = this_year.grouping
                        and parts.member_key = this_year.group_key
                        and parts.month = this_year.month
                left join cells as last_year
                    on
                        parts.member_kind = last_year.grouping
                        and parts.member_key = last_year.group_key
                        and parts.month_last_year = last_year.month
                where parts.grouping = 'district' and parts.member_kind = 'industry'
            )

            select
                *,
                coalesce(
                    own_suppression,
                    case
                        when
                            bool_or(
                                own_suppression is not null
                                and effect not in ('structure', 'intensity')
                            ) over (partition by month)
                            then 'few_firms_outside_the_panel'
                    end
                ) as suppression
            from judged
        """,
        kept=(
            "grouping", "group_key", "month", "month_last_year", "member_kind", "member_key",
            "member_name_zh", "member_name_en", "effect", "provisional",
        ),
        blanked=("contribution_tce_per_10k_cny", "price_status"),
        order=("month", "member_key", "effect"),
    ),
}  # fmt: skip
PUBLIC_MARTS = tuple(_PUBLIC)


class NotPublic(LookupError):
    """The mart never leaves the bureau; the message says which ones may."""


def public_query(mart: str, period: date | None) -> tuple[str, dict[str, date]]:
    """SQL of the rows that may leave, and its parameters; suppressed cells are blank and say why.

    Raises:
        NotPublic: any other mart.
    """
    if mart not in _PUBLIC:
        raise NotPublic(
            f"{mart!r} 不对外公布 · never leaves the bureau: 只有 · only {', '.join(PUBLIC_MARTS)}"
        )
    public = _PUBLIC[mart]
    blanked = ", ".join(
        f"case when suppression is null then {column} end as {column}" for column in public.blanked
    )
    month = "" if period is None else " where month = $month"
    sql = f"""
        select {", ".join(public.kept)}, suppression, {blanked}
        from ({public.rows}) as cells{month}
        order by {", ".join(public.order)}
    """
    return sql, {} if period is None else {"month": period}
