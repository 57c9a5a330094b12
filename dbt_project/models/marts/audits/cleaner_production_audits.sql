-- Each row is one audit round of one enterprise: its stages, its clock, what is next.
with

rounds as (
    select * from {{ ref('int_audit_rounds_described') }}
),

clocks as (
    select * from {{ ref('int_audit_clocks_run') }}
),

stages as (
    select * from {{ ref('stg_audit_stages') }}
),

register_months as (
    select * from {{ ref('int_register_spread_over_months') }}
),

counted as (
    select distinct
        current_uscc,
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

-- What may come next: after an acceptance only the repetition; after a failed one the
-- audit anew, for which a new list publication sets the clock; else what is open of the
-- way, the earliest day first.
candidates as (
    select
        rounds.current_uscc,
        rounds.audit_round,
        clocks.stage,
        clocks.name_zh,
        clocks.name_en,
        clocks.entered_by,
        case when rounds.last_stage <> 'acceptance_failed' then clocks.due_on end
            as due_on,
        row_number() over (
            partition by rounds.current_uscc, rounds.audit_round
            order by clocks.due_on nulls last, clocks.stage_order nulls last
        ) as next_first
    from rounds
    inner join clocks
        on
            rounds.current_uscc = clocks.current_uscc
            and rounds.audit_round = clocks.audit_round
    where
        not rounds.is_replaced
        and case
            when rounds.accepted_on is not null
                then
                    clocks.stage = 'continuous'
                    and clocks.state in ('running', 'overdue')
            when rounds.last_stage = 'acceptance_failed'
                then clocks.stage = 'started'
            else
                clocks.state in ('running', 'overdue', 'not_started', 'no_deadline')
                and clocks.stage_order > coalesce(rounds.furthest_stage_order, -1)
                and clocks.stage not in (
                    'acceptance_failed', 'published', 'continuous'
                )
        end
),

next_stages as (
    select * from candidates
    where next_first = 1
),

summed as (
    select
        current_uscc,
        audit_round,
        count(*) filter (where state = 'overdue') as overdue_clocks,
        count(*) filter (where state = 'not_recorded') as missing_forerunners
    from clocks
    group by current_uscc, audit_round
),

clock as (
    select * from {{ ref('stg_clock') }}
)

select
    rounds.uscc,
    rounds.audit_round,
    rounds.current_uscc,
    latest_register.name,
    latest_register.park,
    rounds.stream,
    rounds.category,
    rounds.authority,
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
    rounds.audit_key,
    rounds.enterprises_in_audit,
    rounds.document_no,
    rounds.claimed_saving_tce,
    rounds.actual_saving_tce,
    rounds.is_replaced,
    next_stages.stage as next_stage,
    next_stages.name_zh as next_stage_name_zh,
    next_stages.name_en as next_stage_name_en,
    next_stages.entered_by as next_entered_by,
    next_stages.due_on as next_due_on,
    counted.current_uscc is not null as counts_toward_target,
    coalesce(summed.missing_forerunners, 0) as missing_forerunners,
    coalesce(summed.overdue_clocks, 0) as overdue_clocks,
    cast({{ days_between('clock.today', 'next_stages.due_on') }} as integer)
        as days_left,
    coalesce(next_stages.due_on < clock.today, false) as overdue
from rounds
cross join clock
left join latest_register
    on rounds.uscc = latest_register.uscc and latest_register.newest_first = 1
left join stages as last_names on rounds.last_stage = last_names.stage
left join counted
    on
        rounds.current_uscc = counted.current_uscc
        and rounds.audit_round = counted.audit_round
left join summed
    on
        rounds.current_uscc = summed.current_uscc
        and rounds.audit_round = summed.audit_round
left join next_stages
    on
        rounds.current_uscc = next_stages.current_uscc
        and rounds.audit_round = next_stages.audit_round
