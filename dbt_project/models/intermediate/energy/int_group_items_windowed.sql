-- Each row is one energy item of one group in one calendar year of one window; a window
-- of twelve months touches two years, and each has factors of its own.
with

members as (
    select * from {{ ref('int_group_members_listed') }}
    where {{ in_build('month', months_before=11) }}
),

items as (
    select * from {{ ref('int_energy_items_assessed') }}
),

windows as (
    select * from {{ ref('int_month_windows_listed') }}
    where {{ in_build('month') }}
),

of_months as (
    select
        members.grouping,
        members.group_key,
        members.month,
        members.matched,
        items.energy_item,
        items.factor_item,
        items.counted,
        items.is_power,
        items.is_bought_heat,
        items.emits,
        max(items.item_name_zh) as item_name_zh,
        max(items.item_name_en) as item_name_en,
        max(items.category) as category,
        max(items.unit) as unit,
        sum(items.quantity) as quantity,
        sum(items.energy_tce) as energy_tce,
        sum(items.factor_quantity) as factor_quantity,
        sum(abs(items.factor_quantity)) as factor_quantity_gross,
        sum(items.feedstock_tce) as feedstock_tce,
        sum(items.green_power_tce) as green_power_tce,
        sum(items.feedstock_or_green_power_tce) as feedstock_or_green_power_tce
    from members
    inner join items
        on
            members.uscc = items.uscc
            and members.month = items.month
    group by
        members.grouping,
        members.group_key,
        members.month,
        members.matched,
        items.energy_item,
        items.factor_item,
        items.counted,
        items.is_power,
        items.is_bought_heat,
        items.emits
),

final as (
    select
        of_months.grouping,
        of_months.group_key,
        windows.month,
        windows.window_name,
        of_months.matched,
        of_months.energy_item,
        of_months.factor_item,
        of_months.counted,
        of_months.is_power,
        of_months.is_bought_heat,
        of_months.emits,
        cast(year(of_months.month) as integer) as year,
        max(of_months.item_name_zh) as item_name_zh,
        max(of_months.item_name_en) as item_name_en,
        max(of_months.category) as category,
        max(of_months.unit) as unit,
        sum(of_months.quantity) as quantity,
        sum(of_months.energy_tce) as energy_tce,
        sum(of_months.factor_quantity) as factor_quantity,
        sum(of_months.factor_quantity_gross) as factor_quantity_gross,
        sum(of_months.feedstock_tce) as feedstock_tce,
        sum(of_months.green_power_tce) as green_power_tce,
        sum(of_months.feedstock_or_green_power_tce) as feedstock_or_green_power_tce
    from of_months
    inner join windows on of_months.month = windows.member_month
    group by
        of_months.grouping,
        of_months.group_key,
        windows.month,
        windows.window_name,
        of_months.matched,
        of_months.energy_item,
        of_months.factor_item,
        of_months.counted,
        of_months.is_power,
        of_months.is_bought_heat,
        of_months.emits,
        cast(year(of_months.month) as integer)
)

select * from final
