-- Each row is one kind of land zone.
with

land_zones as (
    {{ newest_rows_in_force(source('filed', 'land_zones'), ['zone']) }}
),

final as (
    select
        zone,
        name_zh
    from land_zones
)

select * from final
