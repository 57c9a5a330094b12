-- Each row is one stage in one calendar month, in one stream and under one authority:
-- rounds that reached it, by the day of the event and not of its filing.
with

months as (
    select * from {{ ref('int_calendar_months') }}
),

stages as (
    select * from {{ ref('stg_audit_stages') }}
),

rounds as (
    select * from {{ ref('int_audit_rounds_dated') }}
),

first_events as (
    select
        current_uscc,
        audit_round,
        stage,
        min(event_date) as reached_on
    from {{ ref('int_audit_events_staged') }}
    group by current_uscc, audit_round, stage
),

-- A round is in the stream and under the authority that its newest event names.
reached as (
    select
        first_events.current_uscc,
        first_events.stage,
        first_events.reached_on,
        rounds.stream,
        coalesce(rounds.authority, '') as authority
    from first_events
    inner join rounds
        on
            first_events.current_uscc = rounds.current_uscc
            and first_events.audit_round = rounds.audit_round
),

kinds as (
    select distinct
        stream,
        authority
    from reached
),

final as (
    select
        months.month,
        stages.stage,
        stages.stage_order,
        stages.name_zh,
        stages.name_en,
        kinds.stream,
        kinds.authority,
        count(reached.current_uscc)
        filter (where reached.reached_on >= months.month) as rounds_in_month,
        count(reached.current_uscc) as rounds_so_far
    from months
    cross join stages
    cross join kinds
    left join reached
        on
            stages.stage = reached.stage
            and kinds.stream = reached.stream
            and kinds.authority = reached.authority
            and months.last_day_of_month >= reached.reached_on
    where stages.track <> 'mandatory' or kinds.stream = 'mandatory'
    group by
        months.month,
        stages.stage,
        stages.stage_order,
        stages.name_zh,
        stages.name_en,
        kinds.stream,
        kinds.authority
)

select
    month,
    stage,
    stream,
    authority,
    stage_order,
    name_zh as stage_name_zh,
    name_en as stage_name_en,
    rounds_in_month,
    rounds_so_far
from final
