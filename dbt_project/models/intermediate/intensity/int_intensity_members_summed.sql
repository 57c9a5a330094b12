-- Each row is one member (an enterprise, an industry) of one group with its measured
-- sums from January to a month. An industry has no industries as members.
with

members as (
    select * from {{ ref('int_group_members_listed') }}
    where {{ in_build('month', months_before=11) }}
),

windows as (
    select * from {{ ref('int_month_windows_listed') }}
    where {{ in_build('month') }}
),

summed as (
    select
        members.grouping,
        members.group_key,
        members.firm_uscc,
        members.industry_code,
        windows.month,
        count(members.matched_current_10k_cny) as months_measured,
        count(members.matched_undeflated_10k_cny) as months_undeflated,
        sum(members.matched_energy_tce) as energy_tce,
        sum(members.matched_constant_10k_cny) as value_added_constant_10k_cny
    from members
    inner join windows on members.month = windows.member_month
    where members.grouping <> 'enterprise' and windows.window_name = 'ytd'
    group by
        members.grouping,
        members.group_key,
        members.firm_uscc,
        members.industry_code,
        windows.month
),

by_member as (
    select
        *,
        'enterprise' as member_kind,
        firm_uscc as member_key
    from summed
    union all
    select
        *,
        'industry' as member_kind,
        industry_code as member_key
    from summed
    where grouping <> 'industry'
),

final as (
    select
        grouping,
        group_key,
        month,
        member_kind,
        member_key,
        sum(months_undeflated) as months_undeflated,
        coalesce(sum(energy_tce), 0) as energy_tce,
        sum(value_added_constant_10k_cny) as value_added_constant_10k_cny
    from by_member
    where months_measured > 0
    group by grouping, group_key, month, member_kind, member_key
)

select * from final
