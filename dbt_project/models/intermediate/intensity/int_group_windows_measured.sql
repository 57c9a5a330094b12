-- Each row is one group over one window: sums first, then the ratio of the sums.
with

groups as (
    select * from {{ ref('int_groups_begun') }}
),

months as (
    select * from {{ ref('int_calendar_months') }}
    where {{ in_build('month') }}
),

firm_windows as (
    select * from {{ ref('int_group_firms_windowed') }}
    where {{ in_build('month') }}
),

energy_shares as (
    select * from {{ ref('int_energy_shares_compared') }}
    where {{ in_build('month') }}
),

window_names as (
    select 'month' as window_name
    union all
    select 'ytd' as window_name
    union all
    select 'rolling_12' as window_name
),

group_windows as (
    select
        groups.grouping,
        groups.group_key,
        months.month,
        window_names.window_name
    from groups
    inner join months on groups.first_month <= months.month
    cross join window_names
),

summed as (
    select
        grouping,
        group_key,
        month,
        window_name,
        count(*) filter (where months_due > 0) as firms_due,
        count(*) filter (where months_filed > 0) as firms_filed,
        count(*) filter (where months_matched > 0) as firms_matched,
        sum(months_due) as firm_months_due,
        sum(months_filed) as firm_months_filed,
        sum(months_matched) as firm_months_matched,
        sum(months_measured) as firm_months_measured,
        sum(months_undeflated) as firm_months_undeflated,
        sum(energy_filed_tce) as energy_filed_tce,
        sum(energy_flagged_tce) as energy_flagged_tce,
        sum(energy_tce) as energy_tce,
        sum(value_added_filed_10k_cny) as value_added_filed_10k_cny,
        sum(value_added_current_10k_cny) as value_added_current_10k_cny,
        sum(value_added_constant_10k_cny) as value_added_constant_10k_cny,
        sum(value_added_given_10k_cny) as value_added_given_10k_cny,
        sum(value_added_derived_10k_cny) as value_added_derived_10k_cny,
        sum(value_added_estimated_10k_cny) as value_added_estimated_10k_cny,
        sum(value_added_undeflated_10k_cny) as value_added_undeflated_10k_cny,
        sum(gross_output_10k_cny) as gross_output_10k_cny,
        sum(revenue_10k_cny) as revenue_10k_cny,
        sum(tax_10k_cny) as tax_10k_cny
    from firm_windows
    group by grouping, group_key, month, window_name
),

reasoned as (
    select
        group_windows.grouping,
        group_windows.group_key,
        group_windows.month,
        group_windows.window_name,
        summed.energy_filed_tce,
        summed.energy_flagged_tce,
        summed.energy_tce,
        summed.value_added_filed_10k_cny,
        summed.value_added_current_10k_cny,
        summed.value_added_constant_10k_cny,
        summed.value_added_given_10k_cny,
        summed.value_added_derived_10k_cny,
        summed.value_added_estimated_10k_cny,
        summed.value_added_undeflated_10k_cny,
        summed.gross_output_10k_cny,
        summed.revenue_10k_cny,
        summed.tax_10k_cny,
        energy_shares.energy_share,
        coalesce(summed.firms_due, 0) as firms_due,
        coalesce(summed.firms_filed, 0) as firms_filed,
        coalesce(summed.firms_matched, 0) as firms_matched,
        coalesce(summed.firm_months_due, 0) as firm_months_due,
        coalesce(summed.firm_months_filed, 0) as firm_months_filed,
        coalesce(summed.firm_months_matched, 0) as firm_months_matched,
        coalesce(summed.firm_months_measured, 0) as firm_months_measured,
        coalesce(summed.firm_months_undeflated, 0) as firm_months_undeflated,
        {{ reason_of_ratio(
            'summed.firm_months_filed',
            'summed.firm_months_measured',
            'summed.value_added_constant_10k_cny'
        ) }} as reason
    from group_windows
    left join summed
        on
            group_windows.grouping = summed.grouping
            and group_windows.group_key = summed.group_key
            and group_windows.month = summed.month
            and group_windows.window_name = summed.window_name
    left join energy_shares
        on
            group_windows.grouping = energy_shares.grouping
            and group_windows.group_key = energy_shares.group_key
            and group_windows.month = energy_shares.month
            and group_windows.window_name = energy_shares.window_name
),

final as (
    select
        grouping,
        group_key,
        month,
        window_name,
        energy_tce,
        energy_filed_tce,
        value_added_current_10k_cny,
        value_added_constant_10k_cny,
        value_added_filed_10k_cny,
        gross_output_10k_cny,
        revenue_10k_cny,
        tax_10k_cny,
        reason,
        firms_due,
        firms_filed,
        firms_matched,
        firm_months_due,
        firm_months_filed,
        firm_months_matched,
        energy_share,
        case when reason is null then 'measured' else 'not_measurable' end as status,
        case
            when reason is null
                then {{ ratio('energy_tce', 'value_added_constant_10k_cny') }}
        end as intensity_constant_tce_per_10k_cny,
        case
            when value_added_current_10k_cny > 0
                then {{ ratio('energy_tce', 'value_added_current_10k_cny') }}
        end as intensity_current_tce_per_10k_cny,
        case
            when firm_months_measured = 0 then null
            when firm_months_undeflated > 0 then 'undeflated'
            else 'deflated'
        end as price_status,
        {{ ratio(
            'coalesce(value_added_undeflated_10k_cny, 0)', 'value_added_current_10k_cny'
        ) }} as undeflated_share,
        {{ ratio('coalesce(energy_flagged_tce, 0)', 'energy_filed_tce') }}
            as flagged_coefficient_share,
        {{ ratio(
            'coalesce(value_added_given_10k_cny, 0)', 'value_added_current_10k_cny'
        ) }} as given_share,
        {{ ratio(
            'coalesce(value_added_derived_10k_cny, 0)', 'value_added_current_10k_cny'
        ) }} as derived_share,
        {{ ratio(
            'coalesce(value_added_estimated_10k_cny, 0)', 'value_added_current_10k_cny'
        ) }} as estimated_share
    from reasoned
)

select * from final
