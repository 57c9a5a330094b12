-- Each row is one stage that one audit round goes through, with its clock.
with

clocks as (
    select * from {{ ref('int_audit_clocks_run') }}
),

rounds as (
    select * from {{ ref('int_audit_rounds_dated') }}
),

laws as (
    select * from {{ ref('int_audit_laws_closed') }}
),

-- The law is that of the day on which the clock began; without a clock, of the day of
-- the stage; of a stage that is neither, today's.
dated as (
    select
        *,
        coalesce(anchor_on, done_on, today) as law_on
    from clocks
)

select
    rounds.uscc,
    dated.audit_round,
    dated.stage,
    dated.stage_order,
    dated.name_zh as stage_name_zh,
    dated.name_en as stage_name_en,
    dated.entered_by,
    rounds.stream,
    rounds.category,
    rounds.authority,
    dated.anchor_on,
    dated.deadline_months,
    dated.due_on,
    dated.done_on,
    dated.state,
    dated.reason,
    dated.statutory_deadline,
    dated.source as deadline_source,
    laws.law,
    laws.rule,
    case
        when dated.state in ('running', 'overdue')
            then
                cast(
                    {{ days_between('dated.today', 'dated.due_on') }} as integer
                )
    end as days_left,
    case
        when dated.state = 'overdue'
            then
                cast(
                    {{ days_between('dated.due_on', 'dated.today') }} as integer
                )
        when dated.state = 'done_late'
            then
                cast(
                    {{ days_between('dated.due_on', 'dated.done_on') }} as integer
                )
    end as days_late
from dated
inner join rounds
    on
        dated.current_uscc = rounds.current_uscc
        and dated.audit_round = rounds.audit_round
left join laws
    on
        dated.law_on >= laws.first_day
        and coalesce(laws.last_day, dated.law_on) >= dated.law_on
