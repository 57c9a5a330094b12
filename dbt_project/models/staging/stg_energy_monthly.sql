-- Each row is one enterprise, month and energy item in force.
with

energy_monthly as (
    {{ rows_in_force(source('filed', 'energy_monthly')) }}
),

final as (
    select
        uscc,
        period as month,
        energy_item,
        unit,
        months_covered,
        purchased,
        purchase_cost_1k_cny,
        production_use,
        feedstock_use,
        non_production_use,
        transport_use,
        transformation_output,
        recovered,
        sent_out,
        own_coefficient_tce,
        green_power_certified,
        filing_id,
        receipt,
        file_name,
        line
    from energy_monthly
)

select * from final
