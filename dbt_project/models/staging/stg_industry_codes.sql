-- Each row is one two-digit industry division.
with

industry_codes as (
    {{ newest_rows_in_force(source('filed', 'industry_codes'), ['code']) }}
),

final as (
    select
        code,
        name_zh,
        name_en,
        is_manufacturing,
        is_industry
    from industry_codes
)

select * from final
