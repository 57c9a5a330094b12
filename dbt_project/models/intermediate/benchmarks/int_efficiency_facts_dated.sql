-- Each row is one enterprise-month with what the four efficiency indicators are made
-- of. A February filed for two months stands for two.
with

enterprise_months as (
    select * from {{ ref('enterprise_months') }}
),

register_months as (
    select * from {{ ref('int_register_spread_over_months') }}
),

final as (
    select
        enterprise_months.uscc,
        enterprise_months.firm_uscc,
        enterprise_months.month,
        enterprise_months.matched,
        enterprise_months.energy_tce,
        enterprise_months.value_added_constant_10k_cny,
        enterprise_months.gross_output_10k_cny,
        enterprise_months.tax_10k_cny,
        coalesce(enterprise_months.output_months_covered, 0) as months,
        -- Hectare-years and person-years: a firm that filed nine months is set against
        -- nine months of its land and its staff.
        {{ product(
            'nullif(register_months.land_area_ha, 0)',
            'enterprise_months.output_months_covered'
        ) }} / 12 as land_ha_years,
        cast(
            enterprise_months.employees * enterprise_months.output_months_covered
            as double
        ) / 12 as person_years
    from enterprise_months
    left join register_months
        on
            enterprise_months.uscc = register_months.uscc
            and enterprise_months.month = register_months.month
    where not enterprise_months.covered_by_february and enterprise_months.output_filed
)

select * from final
