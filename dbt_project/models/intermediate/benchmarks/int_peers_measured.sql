-- Each row is one firm of the population over one window with its own ratio of sums,
-- under any code it has had, among the firms that its register row of the last month
-- puts into its industry.
with

firms as (
    select * from {{ ref('int_population_firms_listed') }}
    where {{ in_build('month') }}
),

firm_windows as (
    select
        firm_uscc,
        month,
        window_name,
        sum(months_filed) as months_filed,
        sum(months_matched) as firm_months_matched,
        sum(months_measured) as months_measured,
        sum(months_undeflated) as months_undeflated,
        sum(energy_tce) as energy_tce,
        sum(value_added_constant_10k_cny) as value_added_constant_10k_cny
    from {{ ref('int_group_firms_windowed') }}
    where grouping = 'enterprise' and {{ in_build('month') }}
    group by firm_uscc, month, window_name
),

reasoned as (
    select
        *,
        {{ reason_of_ratio(
            'months_filed', 'months_measured', 'value_added_constant_10k_cny'
        ) }} as reason
    from firm_windows
),

final as (
    select
        firms.uscc,
        firms.month,
        reasoned.window_name,
        firms.name,
        firms.park,
        firms.industry_code,
        firms.industry_name_zh,
        firms.industry_name_en,
        reasoned.energy_tce,
        reasoned.value_added_constant_10k_cny,
        reasoned.reason,
        reasoned.firm_months_matched,
        case
            when reasoned.reason is null
                then {{ ratio(
                    'reasoned.energy_tce', 'reasoned.value_added_constant_10k_cny'
                ) }}
        end as intensity_tce_per_10k_cny,
        case
            when reasoned.reason is null then 'measured' else 'not_measurable'
        end as status,
        case
            when reasoned.months_measured = 0 then null
            when reasoned.months_undeflated > 0 then 'undeflated'
            else 'deflated'
        end as price_status
    from firms
    inner join reasoned
        on
            firms.firm_uscc = reasoned.firm_uscc
            and firms.month = reasoned.month
)

select * from final
