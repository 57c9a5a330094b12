-- Each row is one firm's sums as member of one group over one window. Firms are counted
-- from here, so a firm counts once however many months it filed, under one code or two.
with

members as (
    select * from {{ ref('int_group_members_listed') }}
    where {{ in_build('month', months_before=11) }}
),

windows as (
    select * from {{ ref('int_month_windows_listed') }}
    where {{ in_build('month') }}
),

final as (
    select
        members.grouping,
        members.group_key,
        members.firm_uscc,
        windows.month,
        windows.window_name,
        count(*) filter (where members.in_population) as months_due,
        count(*) filter (where members.is_filed) as months_filed,
        count(*) filter (where members.matched) as months_matched,
        count(members.matched_current_10k_cny) as months_measured,
        count(members.matched_undeflated_10k_cny) as months_undeflated,
        sum(members.energy_tce) as energy_filed_tce,
        sum(members.energy_flagged_tce) as energy_flagged_tce,
        sum(members.matched_energy_tce) as energy_tce,
        sum(members.value_added_10k_cny) as value_added_filed_10k_cny,
        sum(members.matched_current_10k_cny) as value_added_current_10k_cny,
        sum(members.matched_constant_10k_cny) as value_added_constant_10k_cny,
        sum(members.matched_given_10k_cny) as value_added_given_10k_cny,
        sum(members.matched_derived_10k_cny) as value_added_derived_10k_cny,
        sum(members.matched_estimated_10k_cny) as value_added_estimated_10k_cny,
        sum(members.matched_undeflated_10k_cny) as value_added_undeflated_10k_cny,
        sum(members.gross_output_10k_cny) as gross_output_10k_cny,
        sum(members.revenue_10k_cny) as revenue_10k_cny,
        sum(members.tax_10k_cny) as tax_10k_cny
    from members
    inner join windows on members.month = windows.member_month
    group by
        members.grouping,
        members.group_key,
        members.firm_uscc,
        windows.month,
        windows.window_name
)

select * from final
