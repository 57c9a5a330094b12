-- Each row is one calendar month of the series, up to the month of the clock.
with recursive

bounds as (
    select * from {{ ref('int_series_bounded') }}
),

months as (
    select
        first_month as month,
        last_month
    from bounds
    union all
    select
        cast(month + interval 1 month as date) as month,
        last_month
    from months
    where month < last_month
),

final as (
    select
        month,
        cast(month - interval 12 month as date) as month_last_year,
        last_day(month) as last_day_of_month
    from months
)

select * from final
