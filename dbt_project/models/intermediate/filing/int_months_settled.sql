-- Each row is one month and whether the numbers of the district are provisional in it.
-- By itself, because the headline that decides it moves every month, and this hardly.
with

coverage as (
    select * from {{ ref('int_district_coverage_judged') }}
),

final as (
    select
        month,
        provisional
    from coverage
)

select * from final
