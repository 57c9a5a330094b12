{{ config(materialized='view') }}
-- Each row is one enterprise code that was given up, and the code its firm has now. A
-- view, so that a build sees whether a new day brought a new code before it makes
-- anything.
with recursive

clock as (
    select * from {{ ref('stg_clock') }}
),

successors as (
    select
        successors.uscc,
        successors.successor_uscc,
        row_number() over (
            partition by successors.uscc
            order by successors.valid_from desc nulls last
        ) as newest_first
    from {{ ref('stg_enterprise_successors') }} as successors
    cross join clock
    where
        successors.successor_uscc is not null
        and successors.valid_from <= clock.today
),

followed as (
    select
        uscc,
        successor_uscc as current_uscc,
        1 as steps
    from successors
    where newest_first = 1
    union all
    select
        followed.uscc,
        successors.successor_uscc as current_uscc,
        followed.steps + 1 as steps
    from followed
    inner join successors
        on
            followed.current_uscc = successors.uscc
            and successors.newest_first = 1
    -- A circle of codes would never end; no firm changes its code this often.
    where followed.steps < 20
),

furthest as (
    select
        uscc,
        current_uscc,
        row_number() over (
            partition by uscc
            order by steps desc nulls last
        ) as furthest_first
    from followed
),

final as (
    select
        uscc,
        current_uscc
    from furthest
    where furthest_first = 1
)

select * from final
