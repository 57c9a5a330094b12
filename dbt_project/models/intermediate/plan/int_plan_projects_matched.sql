-- Each row is one project that one row of a plan counts in one month: of its kinds,
-- completed in its months.
with

spans as (
    select * from {{ ref('int_plan_spans_set') }}
    where measure in ('projects_completed', 'projects_saving')
),

scopes as (
    select * from {{ ref('stg_plan_measure_scopes') }}
    where scope_kind = 'project_kind'
),

projects as (
    select * from {{ ref('stg_plan_projects') }}
),

final as (
    select
        spans.target_id,
        spans.month,
        spans.measure,
        projects.project_id,
        projects.uscc,
        projects.completed_on,
        projects.tce_saved,
        projects.filing_id,
        projects.receipt,
        projects.file_name,
        projects.line
    from spans
    inner join scopes
        on
            spans.target_id = scopes.target_id
            and spans.last_month >= scopes.valid_from
            and coalesce(scopes.valid_to, spans.last_month) >= spans.last_month
    inner join projects
        on
            scopes.scope_key = projects.kind
            and spans.first_month <= projects.completed_on
            and last_day(spans.last_month) >= projects.completed_on
)

select * from final
