{{ config(materialized='view') }}
-- Each row is the first and the last month of the series: one row. A view, so that a
-- build sees whether they moved before it makes anything.
with

clock as (
    select * from {{ ref('stg_clock') }}
),

filings as (
    select * from {{ ref('stg_filings') }}
),

final as (
    select
        clock.this_month as last_month,
        least(
            cast('{{ var("series_start") }}' as date),
            min(filings.period) filter (where filings.is_in_force)
        ) as first_month
    from clock
    left join filings on clock.this_month >= filings.period
    group by clock.this_month
)

select * from final
