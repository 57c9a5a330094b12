-- Each row is one calendar month of the series, up to the month of the clock.
with recursive

clock as (
    select * from {{ ref('stg_clock') }}
),

filings as (
    select * from {{ ref('stg_filings') }}
),

bounds as (
    select
        clock.this_month as last_month,
        least(
            cast('{{ var("series_start") }}' as date),
            min(filings.period) filter (where filings.is_in_force)
        ) as first_month
    from clock
    left join filings on clock.this_month >= filings.period
    group by clock.this_month
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
