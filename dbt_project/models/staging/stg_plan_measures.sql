-- Each row is how one row of a plan is measured, from one day on.
with

plan_measures as (
    {{ newest_rows_in_force(
        source('filed', 'plan_measures'), ['target_id', 'valid_from']
    ) }}
),

final as (
    select
        target_id,
        measure,
        span,
        direction,
        population,
        units_per_target_unit,
        basis_zh,
        basis_en,
        reason_zh,
        reason_en,
        confidence,
        valid_from,
        valid_to
    from plan_measures
)

select * from final
