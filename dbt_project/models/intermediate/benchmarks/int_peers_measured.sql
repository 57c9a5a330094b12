-- Each row is one enterprise of the population over one window with its own ratio of
-- sums, among the firms that its register row of the last month puts into its industry.
with

enterprise_months as (
    select * from {{ ref('enterprise_months') }}
    where in_population
),

enterprise_windows as (
    select * from {{ ref('int_group_windows_measured') }}
    where grouping = 'enterprise'
),

final as (
    select
        enterprise_months.uscc,
        enterprise_months.month,
        enterprise_windows.window_name,
        enterprise_months.name,
        enterprise_months.park,
        enterprise_months.industry_code,
        enterprise_months.industry_name_zh,
        enterprise_months.industry_name_en,
        enterprise_windows.energy_tce,
        enterprise_windows.value_added_constant_10k_cny,
        enterprise_windows.intensity_constant_tce_per_10k_cny
            as intensity_tce_per_10k_cny,
        enterprise_windows.status,
        enterprise_windows.reason,
        enterprise_windows.price_status,
        enterprise_windows.firm_months_matched
    from enterprise_months
    inner join enterprise_windows
        on
            enterprise_months.uscc = enterprise_windows.group_key
            and enterprise_months.month = enterprise_windows.month
)

select * from final
