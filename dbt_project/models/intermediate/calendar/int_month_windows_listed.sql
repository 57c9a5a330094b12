-- Each row is one month that belongs to the window of that name ending in a month.
with

months as (
    select * from {{ ref('int_calendar_months') }}
),

windows as (
    select
        month,
        'month' as window_name,
        month as first_month
    from months
    union all
    select
        month,
        'ytd' as window_name,
        cast(date_trunc('year', month) as date) as first_month
    from months
    union all
    select
        month,
        'rolling_12' as window_name,
        cast(month - interval 11 month as date) as first_month
    from months
),

final as (
    select
        windows.month,
        windows.window_name,
        windows.first_month,
        months.month as member_month
    from windows
    inner join months
        on
            windows.first_month <= months.month
            and windows.month >= months.month
)

select * from final
