-- Each row is one group and window that had energy in the same window a year before,
-- and the share of that energy whose firms are matched in this window's last month.
with

firm_windows as (
    select * from {{ ref('int_group_firms_windowed') }}
),

members as (
    select * from {{ ref('int_group_members_listed') }}
),

months as (
    select * from {{ ref('int_calendar_months') }}
    where {{ in_build('month') }}
),

-- A firm that moved to another park, or changed its code, has filed all the same.
matched_now as (
    select distinct
        grouping,
        firm_uscc,
        month
    from members
    where matched
),

last_year as (
    select
        firm_windows.grouping,
        firm_windows.group_key,
        firm_windows.window_name,
        months.month,
        firm_windows.energy_filed_tce,
        case
            when matched_now.firm_uscc is not null then firm_windows.energy_filed_tce
        end as energy_of_matched_tce
    from months
    inner join firm_windows on months.month_last_year = firm_windows.month
    left join matched_now
        on
            firm_windows.grouping = matched_now.grouping
            and firm_windows.firm_uscc = matched_now.firm_uscc
            and months.month = matched_now.month
),

final as (
    select
        grouping,
        group_key,
        window_name,
        month,
        {{ ratio('coalesce(sum(energy_of_matched_tce), 0)', 'sum(energy_filed_tce)') }}
            as energy_share
    from last_year
    group by grouping, group_key, window_name, month
)

select * from final
