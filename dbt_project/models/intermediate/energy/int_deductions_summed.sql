-- Each row is one group over one window with the energy that the assessment views take
-- off, tce.
with

items as (
    select * from {{ ref('int_group_items_windowed') }}
    where counted and {{ in_build('month') }}
),

final as (
    select
        grouping,
        group_key,
        month,
        window_name,
        sum(feedstock_tce) as feedstock_filed_tce,
        sum(green_power_tce) as green_power_filed_tce,
        sum(feedstock_or_green_power_tce) as feedstock_or_green_power_filed_tce,
        sum(case when matched then feedstock_tce end) as feedstock_tce,
        sum(case when matched then green_power_tce end) as green_power_tce,
        sum(case when matched then feedstock_or_green_power_tce end)
            as feedstock_or_green_power_tce
    from items
    group by grouping, group_key, month, window_name
)

select * from final
