-- Each row is one audit event with the stage it reaches: an acceptance is passed or
-- failed by its result.
with

events as (
    select * from {{ ref('stg_audit_progress') }}
),

stages as (
    select * from {{ ref('stg_audit_stages') }}
),

results as (
    select * from {{ ref('stg_code_lists') }}
    where list = 'result'
),

final as (
    select
        events.uscc,
        events.audit_round,
        events.stream,
        events.category,
        events.event_date,
        events.document_no,
        events.claimed_saving_tce,
        events.actual_saving_tce,
        stages.stage,
        stages.stage_order,
        coalesce(stages.counts_toward_45 = 1, false) as is_acceptance
    from events
    left join results on events.result = results.code
    left join stages
        on
            events.form_stage = stages.form_stage
            and coalesce(stages.form_result, results.name_zh, '')
            = coalesce(results.name_zh, '')
)

select * from final
