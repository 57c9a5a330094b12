-- Each row is one row of a plan in one month: how it is measured, and over which
-- months.
with

plan_rows as (
    select * from {{ ref('int_targets_dated') }}
),

measures as (
    select * from {{ ref('stg_plan_measures') }}
),

measured as (
    select
        plan_rows.*,
        measures.measure,
        measures.span,
        measures.direction,
        measures.population,
        measures.units_per_target_unit,
        measures.basis_zh,
        measures.basis_en,
        measures.reason_zh,
        measures.reason_en,
        measures.confidence,
        measures.valid_from as measure_valid_from,
        row_number() over (
            partition by plan_rows.target_id, plan_rows.month
            order by measures.valid_from desc nulls last
        ) as newest_first,
        -- A baseline is of its own years, written 2020 or 2016-2020.
        case
            when plan_rows.row_type in ('baseline', 'derived')
                then try_cast(substr(plan_rows.baseline_year, 1, 4) as integer)
        end as first_year,
        case
            when plan_rows.row_type in ('baseline', 'derived')
                then try_cast(right(plan_rows.baseline_year, 4) as integer)
        end as last_year
    from plan_rows
    left join measures
        on
            plan_rows.target_id = measures.target_id
            and plan_rows.month >= measures.valid_from
            and coalesce(measures.valid_to, plan_rows.month) >= plan_rows.month
),

final as (
    select
        target_id,
        month,
        {{ plan_row_columns() }},
        in_plan_period,
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
        first_year is not null as is_baseline,
        case
            when first_year is not null then make_date(first_year, 1, 1)
            when span = 'calendar_year' then cast(date_trunc('year', month) as date)
            when span = 'plan_years'
                then
                    cast(
                        date_trunc('month', coalesce(valid_from, measure_valid_from))
                        as date
                    )
            else month
        end as first_month,
        case
            when first_year is not null
                then least(month, make_date(last_year, 12, 1))
            when span = 'plan_years'
                then
                    least(
                        month,
                        cast(date_trunc('month', coalesce(valid_to, month)) as date)
                    )
            else month
        end as last_month
    from measured
    where newest_first = 1
)

select * from final
