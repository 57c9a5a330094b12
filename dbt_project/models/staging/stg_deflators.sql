-- Each row is the price index of one industry in one month.
with

deflators as (
    {{ newest_rows_in_force(source('filed', 'deflators'), ['industry_code', 'month']) }}
),

final as (
    select
        industry_code,
        month,
        index_2020_100,
        source,
        confidence
    from deflators
)

select * from final
