-- Each row is one row of a plan in one month whose measure is per km2: the land of its
-- parks, and how many of them have none filed.
with

spans as (
    select * from {{ ref('int_plan_spans_set') }}
    where measure = 'gross_output_per_km2'
),

scopes as (
    select * from {{ ref('stg_plan_measure_scopes') }}
    where scope_kind = 'park'
),

park_land as (
    select * from {{ ref('stg_park_land') }}
),

parks as (
    select
        spans.target_id,
        spans.month,
        scopes.scope_key as park,
        park_land.land_area_km2,
        row_number() over (
            partition by spans.target_id, spans.month, scopes.scope_key
            order by park_land.valid_from desc nulls last
        ) as newest_first
    from spans
    inner join scopes
        on
            spans.target_id = scopes.target_id
            and spans.last_month >= scopes.valid_from
            and coalesce(scopes.valid_to, spans.last_month) >= spans.last_month
    left join park_land
        on
            scopes.scope_key = park_land.park
            and spans.last_month >= park_land.valid_from
            and coalesce(park_land.valid_to, spans.last_month) >= spans.last_month
),

final as (
    select
        target_id,
        month,
        count(*) as parks,
        count(*) filter (where land_area_km2 is null) as parks_without_land,
        sum(land_area_km2) as land_area_km2
    from parks
    where newest_first = 1
    group by target_id, month
)

select * from final
