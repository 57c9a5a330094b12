-- Each row is one stage that one audit round goes through: when it was due, and whether
-- it was done. Limits come from audit_stages; a stage without one says why.
with

clock as (
    select * from {{ ref('stg_clock') }}
),

rounds as (
    select * from {{ ref('int_audit_rounds_dated') }}
),

stages as (
    select * from {{ ref('stg_audit_stages') }}
),

recorded as (
    select
        current_uscc,
        audit_round,
        stage,
        min(event_date) as recorded_on
    from {{ ref('int_audit_events_staged') }}
    group by current_uscc, audit_round, stage
),

anchored as (
    select
        rounds.current_uscc,
        rounds.audit_round,
        rounds.stream,
        rounds.must_repeat,
        rounds.is_replaced,
        rounds.furthest_stage_order,
        stages.stage,
        stages.stage_order,
        stages.name_zh,
        stages.name_en,
        stages.deadline_anchor,
        stages.deadline_months,
        stages.statutory_deadline,
        stages.source,
        stages.entered_by,
        stages.counts_toward_45,
        -- For those who must repeat, only a new round is the next round.
        case
            when stages.deadline_anchor = 'date_previous_round' and rounds.must_repeat
                then rounds.next_round_on
            else recorded.recorded_on
        end as done_on,
        case
            when stages.deadline_anchor = 'date_listed' and rounds.stream = 'mandatory'
                then rounds.listed_on
            when stages.deadline_anchor = 'date_evaluated' then rounds.evaluated_on
            when stages.deadline_anchor = 'date_previous_round' and rounds.must_repeat
                then rounds.accepted_on
        end as anchor_on
    from rounds
    inner join stages
        on
            (stages.track <> 'mandatory' or rounds.stream = 'mandatory')
            and (
                stages.stage <> 'acceptance_failed' or rounds.failed_on is not null
            )
    left join recorded
        on
            rounds.current_uscc = recorded.current_uscc
            and rounds.audit_round = recorded.audit_round
            and stages.stage = recorded.stage
),

due as (
    select
        *,
        cast(anchor_on + deadline_months * interval 1 month as date) as due_on
    from anchored
),

judged as (
    select
        due.*,
        clock.today,
        case
            when due.done_on is not null and due.due_on is null then 'done'
            when due.done_on is not null and due.done_on <= due.due_on
                then 'done_in_time'
            when due.done_on is not null then 'done_late'
            when due.is_replaced then 'replaced'
            -- A stage that was passed over is no fault; the acceptance is never one.
            when
                due.counts_toward_45 = 0
                and due.stage_order < due.furthest_stage_order
                then 'not_recorded'
            when due.due_on < clock.today then 'overdue'
            when due.due_on is not null then 'running'
            when due.deadline_months is null then 'no_deadline'
            when due.deadline_anchor = 'date_listed' and due.stream <> 'mandatory'
                then 'no_deadline'
            when
                due.deadline_anchor = 'date_previous_round'
                and not due.must_repeat
                then 'no_deadline'
            else 'not_started'
        end as state
    from due
    cross join clock
),

final as (
    select
        *,
        case
            when state = 'replaced' then 'a_later_round_has_begun'
            when state = 'not_recorded' then 'a_later_stage_is_recorded'
            when state = 'not_started' and deadline_anchor = 'date_listed'
                then 'no_list_publication_recorded'
            when state = 'not_started' then 'no_acceptance_recorded'
            when due_on is not null then null
            when deadline_months is null then 'no_limit_set'
            when deadline_anchor = 'date_previous_round'
                then 'category_need_not_repeat'
            when stream <> 'mandatory' then 'voluntary_stream'
            else 'no_list_publication_recorded'
        end as reason
    from judged
)

select * from final
