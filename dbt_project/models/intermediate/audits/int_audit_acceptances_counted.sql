-- Each row is the acceptance by which one enterprise counts toward one audit target, in
-- the target's years or, separately, after them. A second acceptance adds nothing.
with

targets as (
    select * from {{ ref('stg_plan_targets') }}
    where id = '{{ var("audit_target_id") }}'
),

events as (
    select * from {{ ref('int_audit_events_staged') }}
    where is_acceptance
),

successors as (
    select * from {{ ref('int_enterprise_successors_followed') }}
),

register_months as (
    select * from {{ ref('int_register_spread_over_months') }}
),

-- The firm has to be in the register on the day, under the code it then had or has now.
registered as (
    select distinct
        register_months.month,
        coalesce(successors.current_uscc, register_months.uscc) as current_uscc
    from register_months
    left join successors on register_months.uscc = successors.uscc
),

acceptances as (
    select
        events.uscc,
        events.audit_round,
        events.stream,
        events.category,
        events.event_date,
        coalesce(successors.current_uscc, events.uscc) as current_uscc
    from events
    left join successors on events.uscc = successors.uscc
),

dated as (
    select
        acceptances.*,
        targets.valid_from as target_valid_from,
        coalesce(
            acceptances.event_date > targets.valid_to, false
        ) as is_after_target_years
    from acceptances
    inner join registered
        on
            acceptances.current_uscc = registered.current_uscc
            and cast(date_trunc('month', acceptances.event_date) as date)
            = registered.month
    inner join targets on acceptances.event_date >= targets.valid_from
),

ranked as (
    select
        *,
        row_number() over (
            partition by target_valid_from, current_uscc
            order by event_date nulls last, audit_round nulls last, uscc nulls last
        ) as earliest_first
    from dated
),

final as (
    select
        target_valid_from,
        current_uscc,
        uscc,
        audit_round,
        stream,
        category,
        event_date,
        is_after_target_years
    from ranked
    where earliest_first = 1
)

select * from final
