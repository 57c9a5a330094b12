-- Each row is one energy item of one enterprise in one month with what the views beside
-- the official quantity need: what they may take off, what an equivalent rate or a CO2
-- factor is applied to, and under which item's name.
with

energy_rows as (
    select * from {{ ref('enterprise_energy_months') }}
    where {{ in_build('month') }}
),

coefficients as (
    select * from {{ ref('int_energy_coefficients_dated') }}
),

described as (
    select
        energy_rows.*,
        coefficients.is_fossil,
        coefficients.gj_per_form_unit,
        -- Steam and hot water in tonnes are bought heat, measured by its heat.
        energy_rows.category = 'steam' as is_steam,
        energy_rows.category = 'steam'
        or energy_rows.energy_item = 'heat' as is_bought_heat,
        energy_rows.category = 'power' as is_power,
        coalesce(energy_rows.feedstock_use, 0) as feedstock,
        -- Certificates cover canteens too: no more comes off than production used.
        least(
            coalesce(energy_rows.green_power_certified, 0),
            energy_rows.production_use
        ) as green_power
    from energy_rows
    left join coefficients
        on
            energy_rows.energy_item = coefficients.item_code
            and energy_rows.month = coefficients.month
),

kinds as (
    select
        uscc,
        month,
        part_of,
        sum(quantity - feedstock) as burnt_quantity
    from described
    where part_of is not null
    group by uscc, month, part_of
),

burnt as (
    select
        described.*,
        -- Of a whole only what is none of its kinds: each tonne has one factor.
        described.quantity
        - described.feedstock
        - coalesce(kinds.burnt_quantity, 0) as burnt_quantity
    from described
    left join kinds
        on
            described.uscc = kinds.uscc
            and described.month = kinds.month
            and described.energy_item = kinds.part_of
),

final as (
    select
        uscc,
        month,
        energy_item,
        item_name_zh,
        item_name_en,
        category,
        unit,
        counted,
        is_power,
        is_bought_heat,
        quantity,
        energy_tce,
        -- Biomass and what was recovered on site add no fossil carbon.
        is_power
        or is_bought_heat
        or coalesce(is_fossil <> 0, true) as emits,
        case when is_bought_heat then 'heat' else energy_item end as factor_item,
        case
            when is_steam
                then {{ product('quantity', 'gj_per_form_unit') }}
            when is_power or is_bought_heat then cast(quantity as decimal(28, 10))
            else cast(burnt_quantity as decimal(28, 10))
        end as factor_quantity,
        case
            when counted then {{ product('feedstock', 'coefficient_tce') }}
        end as feedstock_tce,
        case
            when counted then {{ product('green_power', 'coefficient_tce') }}
        end as green_power_tce,
        -- What is both feedstock and certified comes off once.
        case
            when counted
                then {{ product(
                    'least(feedstock + green_power, production_use)', 'coefficient_tce'
                ) }}
        end as feedstock_or_green_power_tce
    from burnt
)

select * from final
