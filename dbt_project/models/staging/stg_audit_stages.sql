-- Each row is one stage of a cleaner-production audit.
with

audit_stages as (
    {{ newest_rows_in_force(source('filed', 'audit_stages'), ['stage']) }}
),

final as (
    select
        stage,
        stage_order,
        name_zh,
        name_en,
        track,
        deadline_anchor,
        deadline_months,
        statutory_deadline,
        counts_toward_45,
        form_stage,
        form_result,
        entered_by,
        source
    from audit_stages
)

select * from final
