-- Each row is one audit event with the stage it reaches (an acceptance is passed or
-- failed by its result), the code its firm has now and the authority it belongs to.
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

authorities as (
    select * from {{ ref('stg_code_lists') }}
    where list = 'audit_authority'
),

successors as (
    select * from {{ ref('int_enterprise_successors_followed') }}
),

final as (
    select
        events.uscc,
        events.audit_round,
        events.stream,
        events.category,
        events.event_date,
        events.result,
        events.document_no,
        events.claimed_saving_tce,
        events.actual_saving_tce,
        events.water_saving_t,
        events.material_saving_t,
        events.pollutant_reduction_t,
        events.investment_10k_cny,
        events.filing_id,
        events.receipt,
        events.file_name,
        events.line,
        stages.stage,
        stages.stage_order,
        coalesce(successors.current_uscc, events.uscc) as current_uscc,
        case when events.stream = 'mandatory' then authorities.name_zh end
            as authority,
        coalesce(stages.counts_toward_45 = 1, false) as is_acceptance
    from events
    left join successors on events.uscc = successors.uscc
    left join results on events.result = results.code
    left join authorities on events.category = authorities.code
    left join stages
        on
            events.form_stage = stages.form_stage
            and coalesce(stages.form_result, results.name_zh, '')
            = coalesce(results.name_zh, '')
)

select * from final
