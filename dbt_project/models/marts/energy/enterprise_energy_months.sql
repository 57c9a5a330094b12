-- Each row is one energy item of one enterprise in one calendar month, as converted to
-- standard coal.
with

energy_monthly as (
    select * from {{ ref('stg_energy_monthly') }}
    where {{ in_build('month') }}
),

coefficients as (
    select * from {{ ref('int_energy_coefficients_dated') }}
),

chosen as (
    select
        energy_monthly.*,
        coefficients.name_zh as item_name_zh,
        coefficients.name_en as item_name_en,
        coefficients.category,
        coefficients.part_of,
        coefficients.edition,
        coefficients.own_low,
        coefficients.own_high,
        coefficients.standard_coefficient_tce,
        coefficients.standard_is_range,
        -- An item marked `never` keeps the standard's coefficient; that one was given
        -- is flagged. Any other own coefficient is used, also outside its range.
        energy_monthly.own_coefficient_tce is not null
        and coefficients.own_coefficient <> 'never' as uses_own,
        -- Blank is nothing to take off, not an unknown amount.
        energy_monthly.production_use
        - coalesce(energy_monthly.transformation_output, 0)
        - coalesce(energy_monthly.recovered, 0) as quantity
    from energy_monthly
    left join coefficients
        on
            energy_monthly.energy_item = coefficients.item_code
            and energy_monthly.month = coefficients.month
),

converted as (
    select
        *,
        case
            when uses_own then own_coefficient_tce
            else standard_coefficient_tce
        end as coefficient_tce,
        case
            when uses_own
                then
                    case
                        when
                            own_coefficient_tce < own_low
                            or own_coefficient_tce > own_high
                            then 'own_outside_range'
                    end
            when own_coefficient_tce is not null then 'own_not_taken'
            when standard_is_range then 'fallback_of_range'
        end as coefficient_flag
    from chosen
)

select
    uscc,
    month,
    energy_item,
    item_name_zh,
    item_name_en,
    category,
    part_of,
    -- 其中: a kind of coal is inside its whole and never added on top of it.
    part_of is null as counted,
    unit,
    cast(months_covered as integer) as months_covered,
    production_use,
    feedstock_use,
    non_production_use,
    transport_use,
    transformation_output,
    recovered,
    sent_out,
    purchased,
    purchase_cost_1k_cny,
    green_power_certified,
    cast(quantity as decimal(19, 6)) as quantity,
    coefficient_tce,
    case when uses_own then 'own' else 'standard' end as coefficient_basis,
    edition as coefficient_edition,
    coefficient_flag is not null as coefficient_flagged,
    coefficient_flag,
    {{ product('quantity', 'coefficient_tce') }} as energy_tce,
    filing_id,
    receipt,
    file_name,
    line
from converted
