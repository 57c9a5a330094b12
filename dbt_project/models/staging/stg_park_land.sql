-- Each row is the land of one park, from one day on.
with

park_land as (
    {{ newest_rows_in_force(source('filed', 'park_land'), ['park', 'valid_from']) }}
),

final as (
    select
        park,
        land_area_km2,
        land_basis,
        source,
        confidence,
        valid_from,
        valid_to
    from park_land
)

select * from final
