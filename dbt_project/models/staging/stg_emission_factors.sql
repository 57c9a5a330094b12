-- Each row is one factor: an equivalent rate or a CO2 factor.
with

emission_factors as (
    {{ newest_rows_in_force(source('filed', 'emission_factors'), ['factor_id']) }}
),

final as (
    select
        factor_id,
        kind,
        name_zh,
        value,
        unit,
        confidence,
        source,
        note,
        purpose,
        energy_item,
        form_unit_scale,
        in_views = 1 as is_in_views,
        -- Blank: of no year in particular.
        try_cast(data_year as integer) as data_year
    from emission_factors
)

select * from final
