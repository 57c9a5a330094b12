-- Each row is one factor of one carbon purpose with what it was applied to in one group
-- over one window; without a factor, what could not be measured.
with

items as (
    select * from {{ ref('int_group_items_windowed') }}
    where emits and {{ in_build('month') }}
),

factors as (
    select * from {{ ref('view_factors') }}
    where result_unit = 'tCO2'
),

claimed as (
    select * from {{ ref('int_factors_claimed') }}
    where kind = 'CO2'
),

purposes as (
    select distinct purpose
    from claimed
),

known_items as (
    select distinct
        purpose,
        energy_item
    from claimed
),

quantities as (
    select
        grouping,
        group_key,
        month,
        window_name,
        year,
        factor_item,
        is_power,
        is_bought_heat,
        sum(factor_quantity) as factor_quantity
    from items
    group by
        grouping,
        group_key,
        month,
        window_name,
        year,
        factor_item,
        is_power,
        is_bought_heat
    having sum(factor_quantity_gross) > 0
),

final as (
    select
        quantities.grouping,
        quantities.group_key,
        quantities.month,
        quantities.window_name,
        purposes.purpose,
        factors.factor_id,
        factors.carried_forward,
        quantities.is_power,
        quantities.is_bought_heat,
        case
            when factors.factor_id is not null then null
            when known_items.energy_item is null then quantities.factor_item
        end as item_without_factor,
        case
            when factors.factor_id is null and known_items.energy_item is not null
                then quantities.factor_item
        end as item_without_year,
        case
            when factors.factor_id is not null
                then {{ confidence_rank('factors.confidence') }}
        end as confidence_rank,
        {{ product('quantities.factor_quantity', 'factors.t_per_form_unit') }} as co2_t
    from quantities
    cross join purposes
    left join factors
        on
            purposes.purpose = factors.purpose
            and quantities.factor_item = factors.energy_item
            and quantities.year = factors.year
    left join known_items
        on
            purposes.purpose = known_items.purpose
            and quantities.factor_item = known_items.energy_item
)

select * from final
