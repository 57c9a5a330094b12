-- Each kind of member explains the whole change, and it is the change of group_months.
with

drivers as (
    select
        grouping,
        group_key,
        month,
        month_last_year,
        member_kind,
        sum(contribution_tce_per_10k_cny) as contribution,
        -- What the parts were measured against bounds the digits that they keep.
        greatest(
            1,
            coalesce(max(panel_intensity_tce_per_10k_cny), 0),
            coalesce(max(panel_intensity_last_year_tce_per_10k_cny), 0)
        ) as magnitude
    from {{ ref('intensity_drivers') }}
    group by grouping, group_key, month, month_last_year, member_kind
),

measured as (
    select
        grouping,
        group_key,
        month,
        intensity_constant_tce_per_10k_cny as intensity
    from {{ ref('group_months') }}
    where window_name = 'ytd' and status = 'measured' and grouping <> 'enterprise'
),

member_kinds as (
    select 'enterprise' as member_kind
    union all
    select 'industry' as member_kind
),

changed as (
    select
        this_year.grouping,
        this_year.group_key,
        this_year.month,
        this_year.intensity,
        member_kinds.member_kind,
        last_year.intensity as intensity_last_year
    from measured as this_year
    inner join {{ ref('int_calendar_months') }} as months
        on this_year.month = months.month
    inner join measured as last_year
        on
            this_year.grouping = last_year.grouping
            and this_year.group_key = last_year.group_key
            and months.month_last_year = last_year.month
    cross join member_kinds
    where member_kinds.member_kind <> this_year.grouping
)

select
    changed.grouping,
    changed.group_key,
    changed.month,
    changed.member_kind,
    drivers.contribution,
    changed.intensity - changed.intensity_last_year as intensity_change
from changed
left join drivers
    on
        changed.grouping = drivers.grouping
        and changed.group_key = drivers.group_key
        and changed.month = drivers.month
        and changed.member_kind = drivers.member_kind
where
    drivers.contribution is null
    or abs(changed.intensity - changed.intensity_last_year - drivers.contribution)
    > 0.000000001
    * greatest(drivers.magnitude, changed.intensity, changed.intensity_last_year)
