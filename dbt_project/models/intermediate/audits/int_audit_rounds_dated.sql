-- Each row is one audit round of one firm, also where the firm changed its code in the
-- midst of it: the days of its stages, and where it stands.
with

events as (
    select * from {{ ref('int_audit_events_staged') }}
),

repeats as (
    select * from {{ ref('stg_code_lists') }}
    where list = 'audit_repeats'
),

ranked as (
    select
        *,
        row_number() over (
            partition by current_uscc, audit_round
            order by event_date desc nulls last, stage_order desc nulls last
        ) as latest_first
    from events
),

latest as (
    select
        current_uscc,
        audit_round,
        uscc,
        stream,
        category,
        authority,
        stage as last_stage,
        stage_order as last_stage_order,
        event_date as last_stage_on
    from ranked
    where latest_first = 1
),

dates as (
    select
        current_uscc,
        audit_round,
        -- The failed branch comes last in the table and is no step of the way.
        max(stage_order) filter (where stage <> 'acceptance_failed')
            as furthest_stage_order,
        min(event_date) as first_event_on,
        min(event_date) filter (where stage = 'listed') as listed_on,
        min(event_date) filter (where stage = 'disclosed') as disclosed_on,
        min(event_date) filter (where stage = 'started') as started_on,
        max(event_date) filter (where stage = 'evaluated') as evaluated_on,
        min(event_date) filter (where stage = 'report_submitted')
            as report_submitted_on,
        max(event_date) filter (where stage = 'acceptance_applied')
            as acceptance_applied_on,
        min(event_date) filter (where is_acceptance) as accepted_on,
        max(event_date) filter (where stage = 'acceptance_failed') as failed_on
    from events
    group by current_uscc, audit_round
),

begun as (
    select
        *,
        coalesce(listed_on, started_on, first_event_on) as begun_on
    from dates
),

followed as (
    select
        *,
        lead(begun_on) over (
            partition by current_uscc
            order by begun_on nulls last, audit_round nulls last
        ) as next_round_on
    from begun
),

final as (
    select
        followed.*,
        latest.uscc,
        latest.stream,
        latest.category,
        latest.authority,
        latest.last_stage,
        latest.last_stage_order,
        latest.last_stage_on,
        latest.stream = 'mandatory' and repeats.code is not null as must_repeat,
        -- A new round sets the clocks anew; what was open of this one ends with it.
        followed.accepted_on is null
        and followed.next_round_on is not null as is_replaced
    from followed
    inner join latest
        on
            followed.current_uscc = latest.current_uscc
            and followed.audit_round = latest.audit_round
    left join repeats on latest.category = repeats.code
)

select * from final
