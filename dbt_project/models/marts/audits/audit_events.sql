-- Each row is one stage event of one audit round, with the law of its day.
with

events as (
    select * from {{ ref('int_audit_events_staged') }}
),

stages as (
    select * from {{ ref('stg_audit_stages') }}
),

laws as (
    select * from {{ ref('int_audit_laws_closed') }}
)

select
    events.uscc,
    events.audit_round,
    events.stage,
    events.event_date,
    stages.stage_order,
    stages.name_zh as stage_name_zh,
    stages.name_en as stage_name_en,
    events.stream,
    events.category,
    events.authority,
    events.result,
    events.document_no,
    laws.law,
    laws.rule,
    laws.guideline,
    events.receipt,
    events.file_name,
    events.line
from events
inner join stages on events.stage = stages.stage
left join laws
    on
        events.event_date >= laws.first_day
        and coalesce(laws.last_day, events.event_date) >= events.event_date
