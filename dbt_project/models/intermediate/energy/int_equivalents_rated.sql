-- Each row is the bought electricity, or the bought heat, of one group over one window
-- at its equivalent value, as a difference from its calorific one.
with

items as (
    select * from {{ ref('int_group_items_windowed') }}
    where (is_power or is_bought_heat) and {{ in_build('month') }}
),

rates as (
    select * from {{ ref('view_factors') }}
    where purpose = 'equivalent_value'
),

rated as (
    select
        items.*,
        rates.factor_id,
        rates.carried_forward,
        {{ confidence_rank('rates.confidence') }} as confidence_rank,
        {{ product('items.factor_quantity', 'rates.t_per_form_unit') }}
        - items.energy_tce as difference_tce,
        items.factor_quantity_gross > 0 and rates.factor_id is null as is_unrated
    from items
    left join rates
        on
            items.factor_item = rates.energy_item
            and items.year = rates.year
),

final as (
    select
        grouping,
        group_key,
        month,
        window_name,
        is_power,
        sum(difference_tce) as difference_filed_tce,
        sum(case when matched then difference_tce end) as difference_tce,
        bool_or(is_unrated) as is_unrated,
        bool_or(carried_forward) as carried_forward,
        min(case when factor_id is not null then confidence_rank end)
            as confidence_rank,
        min(factor_id) as first_factor_id,
        max(factor_id) as last_factor_id
    from rated
    group by grouping, group_key, month, window_name, is_power
)

select
    *,
    -- A window touches two years at most.
    case
        when first_factor_id = last_factor_id then first_factor_id
        else first_factor_id || ';' || last_factor_id
    end as factor_ids
from final
