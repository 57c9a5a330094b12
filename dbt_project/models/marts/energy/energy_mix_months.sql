-- Each row is one energy item of one group over one window that ends in a calendar
-- month.
with

items as (
    select * from {{ ref('int_group_items_windowed') }}
    where counted and {{ in_build('month') }}
),

summed as (
    select
        grouping,
        group_key,
        month,
        window_name,
        energy_item,
        max(item_name_zh) as item_name_zh,
        max(item_name_en) as item_name_en,
        max(category) as category,
        max(unit) as unit,
        sum(quantity) as quantity,
        sum(energy_tce) as energy_tce
    from items
    group by grouping, group_key, month, window_name, energy_item
),

totalled as (
    select
        *,
        sum(energy_tce) over (
            partition by grouping, group_key, month, window_name
        ) as total_tce
    from summed
)

select
    grouping,
    group_key,
    month,
    window_name,
    energy_item,
    item_name_zh,
    item_name_en,
    category,
    unit,
    cast(quantity as decimal(28, 6)) as quantity,
    cast(energy_tce as decimal(28, 10)) as energy_tce,
    case
        when total_tce > 0 then {{ ratio('energy_tce', 'total_tce') }}
    end as share
from totalled
