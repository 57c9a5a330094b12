-- Each row is one span of one enterprise in one group, matched this year and last: like
-- is set against like. A span is a month, or January and February where either year's
-- filing holds them together.
with

members as (
    select * from {{ ref('int_group_members_listed') }}
),

months as (
    select * from {{ ref('int_calendar_months') }}
),

paired as (
    select
        this_year.grouping,
        this_year.group_key,
        this_year.uscc,
        this_year.month,
        this_year.matched_energy_tce as energy_tce,
        this_year.matched_constant_10k_cny as value_added,
        last_year.matched_energy_tce as energy_last_year_tce,
        last_year.matched_constant_10k_cny as value_added_last_year,
        this_year.is_combined or last_year.is_combined as is_combined,
        this_year.matched_undeflated_10k_cny is not null
        or last_year.matched_undeflated_10k_cny is not null as is_undeflated
    from members as this_year
    inner join months on this_year.month = months.month
    inner join members as last_year
        on
            this_year.grouping = last_year.grouping
            and this_year.group_key = last_year.group_key
            and this_year.uscc = last_year.uscc
            and months.month_last_year = last_year.month
    where this_year.matched and last_year.matched
),

spanned as (
    select
        *,
        case
            when is_combined then cast(date_trunc('year', month) as date)
            else month
        end as first_month,
        case
            when is_combined
                then cast(date_trunc('year', month) + interval 1 month as date)
            else month
        end as last_month
    from paired
),

final as (
    select
        grouping,
        group_key,
        uscc,
        first_month,
        last_month,
        count(*) as months_paired,
        sum(case when is_undeflated then 1 else 0 end) as months_undeflated,
        coalesce(sum(energy_tce), 0) as energy_tce,
        sum(value_added) as value_added,
        coalesce(sum(energy_last_year_tce), 0) as energy_last_year_tce,
        sum(value_added_last_year) as value_added_last_year
    from spanned
    group by grouping, group_key, uscc, first_month, last_month
    having count(*) = case when first_month = last_month then 1 else 2 end
)

select * from final
