-- Each row is the plan row that one month is held against: of each id the newest that
-- has begun, also after its last year while no later plan is filed, or the first one
-- before any has begun.
with

months as (
    select * from {{ ref('int_calendar_months') }}
),

targets as (
    select * from {{ ref('stg_plan_targets') }}
),

ranked as (
    select
        targets.*,
        months.month,
        months.last_day_of_month,
        row_number() over (
            partition by targets.id, months.month
            order by
                case when targets.valid_from <= months.month then 0 else 1 end
                nulls last,
                case when targets.valid_from <= months.month then targets.valid_from end
                desc nulls last,
                targets.valid_from nulls last
        ) as fitting_first
    from months
    cross join targets
),

final as (
    select
        id as target_id,
        month,
        last_day_of_month,
        {{ plan_row_columns() }},
        valid_from,
        valid_to,
        coalesce(valid_from <= month, false)
        and coalesce(valid_to, month) >= month as in_plan_period
    from ranked
    where fitting_first = 1
)

select * from final
