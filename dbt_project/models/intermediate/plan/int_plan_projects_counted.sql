-- Each row is one row of a plan in one month whose measure is of projects: those
-- completed in its months.
with

spans as (
    select * from {{ ref('int_plan_spans_set') }}
    where measure in ('projects_completed', 'projects_saving')
),

matched as (
    select * from {{ ref('int_plan_projects_matched') }}
),

projects as (
    select * from {{ ref('stg_plan_projects') }}
),

months as (
    select * from {{ ref('int_calendar_months') }}
),

facts as (
    select
        (select min(months.month) from months) as series_start,
        (select count(*) from projects) as projects_filed
),

final as (
    select
        spans.target_id,
        spans.month,
        facts.projects_filed,
        count(matched.project_id) as projects_completed,
        sum(matched.tce_saved) as tce_saved,
        -- Projects of years before the series count only where some were filed.
        spans.first_month < facts.series_start
        and count(matched.project_id)
        filter (where matched.completed_on < facts.series_start) = 0
            as is_before_the_series
    from spans
    cross join facts
    left join matched
        on spans.target_id = matched.target_id and spans.month = matched.month
    group by
        spans.target_id,
        spans.month,
        spans.first_month,
        facts.projects_filed,
        facts.series_start
)

select * from final
