-- Each row is one town of the district.
with

towns as (
    {{ newest_rows_in_force(source('filed', 'towns'), ['code']) }}
),

final as (
    select
        code,
        name_zh,
        name_en,
        district_code
    from towns
)

select * from final
