-- Each row is one completed project of a plan.
with

plan_projects as (
    {{ newest_rows_in_force(source('filed', 'plan_projects'), ['project_id']) }}
),

final as (
    select
        project_id,
        uscc,
        park,
        kind,
        completed_on,
        tce_saved,
        filing_id,
        receipt,
        file_name,
        line
    from plan_projects
)

select * from final
