-- Each row is one audit round of one enterprise: its stages, its clock, what is next.
with

clock as (
    select * from {{ ref('stg_clock') }}
),

events as (
    select * from {{ ref('int_audit_events_staged') }}
),

stages as (
    select * from {{ ref('stg_audit_stages') }}
),

register_months as (
    select * from {{ ref('int_register_spread_over_months') }}
),

counted as (
    select distinct
        uscc,
        audit_round
    from {{ ref('int_audit_acceptances_counted') }}
    where not is_after_target_years
),

latest_register as (
    select
        uscc,
        name,
        park,
        row_number() over (
            partition by uscc
            order by month desc nulls last
        ) as newest_first
    from register_months
),

ranked as (
    select
        *,
        row_number() over (
            partition by uscc, audit_round
            order by event_date desc nulls last, stage_order desc nulls last
        ) as latest_first
    from events
),

latest as (
    select
        uscc,
        audit_round,
        stream,
        category,
        stage as last_stage,
        stage_order as last_stage_order,
        event_date as last_stage_on
    from ranked
    where latest_first = 1
),

-- The figure or number that was given last stands.
figures as (
    select
        uscc,
        audit_round,
        max(document_no) filter (where document_order = 1) as document_no,
        max(claimed_saving_tce) filter (where claimed_order = 1) as claimed_saving_tce,
        max(actual_saving_tce) filter (where actual_order = 1) as actual_saving_tce
    from (
        select
            *,
            row_number() over (
                partition by uscc, audit_round
                order by
                    case when document_no is null then 1 else 0 end nulls last,
                    event_date desc nulls last,
                    stage_order desc nulls last
            ) as document_order,
            row_number() over (
                partition by uscc, audit_round
                order by
                    case when claimed_saving_tce is null then 1 else 0 end nulls last,
                    event_date desc nulls last,
                    stage_order desc nulls last
            ) as claimed_order,
            row_number() over (
                partition by uscc, audit_round
                order by
                    case when actual_saving_tce is null then 1 else 0 end nulls last,
                    event_date desc nulls last,
                    stage_order desc nulls last
            ) as actual_order
        from events
    ) as ordered
    group by uscc, audit_round
),

dates as (
    select
        uscc,
        audit_round,
        max(stage_order) as furthest_stage_order,
        min(event_date) filter (where stage = 'listed') as listed_on,
        min(event_date) filter (where stage = 'disclosed') as disclosed_on,
        min(event_date) filter (where stage = 'started') as started_on,
        max(event_date) filter (where stage = 'evaluated') as evaluated_on,
        min(event_date) filter (where stage = 'report_submitted')
            as report_submitted_on,
        max(event_date) filter (where stage = 'acceptance_applied')
            as acceptance_applied_on,
        min(event_date) filter (where stage = 'accepted') as accepted_on,
        max(event_date) filter (where stage = 'acceptance_failed') as failed_on
    from events
    group by uscc, audit_round
),

rounds as (
    select
        dates.*,
        latest.stream,
        latest.category,
        latest.last_stage,
        latest.last_stage_order,
        latest.last_stage_on,
        lead(dates.audit_round) over (
            partition by dates.uscc
            order by
                coalesce(dates.listed_on, dates.started_on, latest.last_stage_on)
                nulls last,
                dates.audit_round nulls last
        ) as later_round
    from dates
    inner join latest
        on dates.uscc = latest.uscc and dates.audit_round = latest.audit_round
),

-- Stages that may come next: past the furthest one, of this stream, and not the failed
-- branch. A failed acceptance sends the firm back to the start of the audit.
candidates as (
    select
        rounds.uscc,
        rounds.audit_round,
        stages.stage,
        stages.name_zh,
        stages.name_en,
        stages.deadline_months,
        row_number() over (
            partition by rounds.uscc, rounds.audit_round
            order by
                case when stages.deadline_months is null then 1 else 0 end nulls last,
                stages.stage_order nulls last
        ) as next_first,
        case
            when stages.deadline_anchor = 'date_listed' then rounds.listed_on
            when stages.deadline_anchor = 'date_previous_round' then rounds.accepted_on
        end as anchored_on
    from rounds
    inner join stages
        on
            (stages.track <> 'mandatory' or rounds.stream = 'mandatory')
            and case
                when rounds.accepted_on is not null
                    -- Only firms with toxic or hazardous use must repeat, and only
                    -- until they have begun again.
                    then
                        stages.stage = 'continuous'
                        and rounds.category = 'toxic'
                        and rounds.later_round is null
                when rounds.last_stage = 'acceptance_failed'
                    then stages.stage = 'started'
                else
                    rounds.furthest_stage_order < stages.stage_order
                    and stages.stage not in (
                        'acceptance_failed', 'published', 'continuous'
                    )
            end
),

next_stages as (
    select
        uscc,
        audit_round,
        stage,
        name_zh,
        name_en,
        cast(anchored_on + deadline_months * interval 1 month as date) as next_due_on
    from candidates
    where next_first = 1
)

select
    rounds.uscc,
    rounds.audit_round,
    latest_register.name,
    latest_register.park,
    rounds.stream,
    rounds.category,
    rounds.last_stage,
    last_names.name_zh as last_stage_name_zh,
    last_names.name_en as last_stage_name_en,
    rounds.last_stage_on,
    rounds.listed_on,
    rounds.disclosed_on,
    rounds.started_on,
    rounds.evaluated_on,
    rounds.report_submitted_on,
    rounds.acceptance_applied_on,
    rounds.accepted_on,
    rounds.failed_on,
    figures.document_no,
    figures.claimed_saving_tce,
    figures.actual_saving_tce,
    counted.uscc is not null as counts_toward_target,
    next_stages.stage as next_stage,
    next_stages.name_zh as next_stage_name_zh,
    next_stages.name_en as next_stage_name_en,
    next_stages.next_due_on,
    cast({{ days_between('clock.today', 'next_stages.next_due_on') }} as integer)
        as days_left,
    coalesce(next_stages.next_due_on < clock.today, false) as overdue
from rounds
cross join clock
left join latest_register
    on rounds.uscc = latest_register.uscc and latest_register.newest_first = 1
left join stages as last_names on rounds.last_stage = last_names.stage
left join figures
    on rounds.uscc = figures.uscc and rounds.audit_round = figures.audit_round
left join counted
    on rounds.uscc = counted.uscc and rounds.audit_round = counted.audit_round
left join next_stages
    on
        rounds.uscc = next_stages.uscc
        and rounds.audit_round = next_stages.audit_round
