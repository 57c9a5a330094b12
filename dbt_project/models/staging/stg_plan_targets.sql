-- Each row is one number of a plan, from one day on.
with

plan_targets as (
    {{ newest_rows_in_force(source('filed', 'plan_targets'), ['id', 'valid_from']) }}
),

final as (
    select
        id,
        section,
        row_type,
        indicator_zh,
        indicator_en,
        entity_scope,
        baseline_value,
        baseline_year,
        target_low,
        target_high,
        target_year,
        unit,
        comparator,
        quote_zh,
        ambiguity,
        valid_from,
        valid_to
    from plan_targets
)

select * from final
