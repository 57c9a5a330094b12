-- Each row is one factor that one accounting purpose may take for one energy item. A
-- carbon purpose that has no factor of its own for an item takes the default ones.
with

factors as (
    select * from {{ ref('stg_emission_factors') }}
    where is_in_views
),

carbon_purposes as (
    select distinct purpose
    from factors
    where kind = 'CO2' and purpose <> 'co2_default'
),

own_factors as (
    select
        *,
        purpose as for_purpose,
        true as is_own
    from factors
    where purpose <> 'co2_default'
),

default_factors as (
    select
        factors.*,
        carbon_purposes.purpose as for_purpose,
        false as is_own
    from factors
    cross join carbon_purposes
    where factors.purpose = 'co2_default'
),

claimed as (
    select * from own_factors
    union all
    select * from default_factors
),

final as (
    select
        for_purpose as purpose,
        kind,
        energy_item,
        factor_id,
        name_zh,
        value,
        unit,
        data_year,
        confidence,
        source,
        note,
        is_own,
        cast(
            cast(value as decimal(28, 12)) * form_unit_scale as decimal(16, 12)
        ) as t_per_form_unit
    from claimed
)

select * from final
