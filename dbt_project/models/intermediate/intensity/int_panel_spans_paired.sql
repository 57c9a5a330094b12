-- Each row is one span of one firm in one group, matched this year and last: like
-- is set against like. A span is a month, or January and February where either year's
-- filing holds them together.
with

members as (
    select * from {{ ref('int_group_members_listed') }}
    where {{ in_build('month', months_before=12) }}
),

months as (
    select * from {{ ref('int_calendar_months') }}
),

-- A firm that changed its code is the same firm, and as a group of its own it goes by
-- the code that it has now.
firm_months as (
    select
        grouping,
        firm_uscc,
        month,
        sum(matched_energy_tce) as energy_tce,
        sum(matched_constant_10k_cny) as value_added,
        case
            when grouping = 'enterprise' then firm_uscc
            else group_key
        end as group_key,
        bool_or(is_combined) as is_combined,
        count(matched_undeflated_10k_cny) > 0 as is_undeflated
    from members
    where matched
    group by
        grouping,
        firm_uscc,
        month,
        case
            when grouping = 'enterprise' then firm_uscc
            else group_key
        end
),

paired as (
    select
        this_year.grouping,
        this_year.group_key,
        this_year.firm_uscc,
        this_year.month,
        this_year.energy_tce,
        this_year.value_added,
        last_year.energy_tce as energy_last_year_tce,
        last_year.value_added as value_added_last_year,
        this_year.is_combined or last_year.is_combined as is_combined,
        this_year.is_undeflated or last_year.is_undeflated as is_undeflated
    from firm_months as this_year
    inner join months on this_year.month = months.month
    inner join firm_months as last_year
        on
            this_year.grouping = last_year.grouping
            and this_year.group_key = last_year.group_key
            and this_year.firm_uscc = last_year.firm_uscc
            and months.month_last_year = last_year.month
    where {{ in_build('this_year.month') }}
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
        firm_uscc,
        first_month,
        last_month,
        count(*) as months_paired,
        sum(case when is_undeflated then 1 else 0 end) as months_undeflated,
        coalesce(sum(energy_tce), 0) as energy_tce,
        sum(value_added) as value_added,
        coalesce(sum(energy_last_year_tce), 0) as energy_last_year_tce,
        sum(value_added_last_year) as value_added_last_year
    from spanned
    group by grouping, group_key, firm_uscc, first_month, last_month
    having count(*) = case when first_month = last_month then 1 else 2 end
)

select * from final
