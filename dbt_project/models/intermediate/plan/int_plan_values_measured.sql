-- Each row is one row of a plan in one month with its value, or why there is none.
with

spans as (
    select * from {{ ref('int_plan_spans_set') }}
),

sums as (
    select * from {{ ref('int_plan_spans_summed') }}
),

projects as (
    select * from {{ ref('int_plan_projects_counted') }}
),

land as (
    select * from {{ ref('int_plan_land_summed') }}
),

intensity as (
    select * from {{ ref('target_progress') }}
    where target_id = '{{ var("intensity_target_id") }}'
),

audits as (
    select * from {{ ref('audit_progress_months') }}
),

register as (
    select distinct month from {{ ref('int_register_spread_over_months') }}
),

joined as (
    select
        spans.*,
        land.parks,
        land.parks_without_land,
        land.land_area_km2,
        intensity.status as intensity_status,
        intensity.reason as intensity_reason,
        intensity.intensity_ytd,
        intensity.basis_zh as intensity_basis_zh,
        intensity.basis_en as intensity_basis_en,
        audits.accepted_enterprises,
        sums.firms_entered,
        sums.firms_registered,
        sums.firm_months_due,
        sums.firm_months_filed,
        sums.gross_output_10k_cny,
        sums.revenue_10k_cny,
        sums.tax_10k_cny,
        projects.projects_filed,
        projects.projects_completed,
        projects.tce_saved,
        projects.is_before_the_series,
        register.month is not null as has_register,
        coalesce(
            spans.measure in ('gross_output', 'gross_output_per_km2', 'revenue', 'tax'),
            false
        ) as is_of_output
    from spans
    left join sums
        on spans.target_id = sums.target_id and spans.month = sums.month
    left join projects
        on spans.target_id = projects.target_id and spans.month = projects.month
    left join land
        on spans.target_id = land.target_id and spans.month = land.month
    left join intensity on spans.last_month = intensity.month
    left join audits on spans.last_month = audits.month
    left join register on spans.last_month = register.month
),

reasoned as (
    select
        *,
        case
            when measure is null then 'no_measure'
            when measure = 'not_in_forms' then 'not_in_forms'
            when first_month > last_month then 'not_begun'
            when measure = 'energy_intensity'
                then
                    case
                        when intensity_status is null then 'nothing_filed'
                        else intensity_reason
                    end
            when measure in ('projects_completed', 'projects_saving')
                then
                    case
                        when projects_filed = 0 then 'no_projects_filed'
                        when is_before_the_series then 'before_the_series'
                        when
                            measure = 'projects_saving'
                            and projects_completed > 0
                            and tce_saved is null
                            then 'saving_not_stated'
                    end
            when measure = 'audit_acceptances' then null
            -- An empty register is not a district without firms.
            when
                measure in ('firms_registered', 'firms_entered')
                and not has_register
                then 'no_firms_registered'
            when measure in ('firms_registered', 'firms_entered') then null
            when coalesce(firm_months_filed, 0) = 0 then 'nothing_filed'
            when
                measure = 'gross_output_per_km2'
                and coalesce(parks_without_land, 1) > 0
                then 'park_land_missing'
        end as reason
    from joined
),

valued as (
    select
        *,
        case
            when reason is not null then null
            when measure = 'energy_intensity'
                then cast(intensity_ytd as decimal(28, 10))
            when measure = 'audit_acceptances' then accepted_enterprises
            when measure = 'firms_registered' then coalesce(firms_registered, 0)
            when measure = 'firms_entered' then coalesce(firms_entered, 0)
            when measure = 'projects_completed' then projects_completed
            -- One scale for all: the widest sum would round the intensity.
            when measure = 'projects_saving'
                then cast(coalesce(tce_saved, 0) as decimal(28, 10))
            when measure = 'gross_output'
                then cast(gross_output_10k_cny as decimal(28, 10))
            when measure = 'revenue' then cast(revenue_10k_cny as decimal(28, 10))
            when measure = 'tax' then cast(tax_10k_cny as decimal(28, 10))
            when measure = 'gross_output_per_km2'
                then
                    cast(
                        {{ ratio('gross_output_10k_cny', 'land_area_km2') }}
                        as decimal(28, 10)
                    )
        end as value_of_measure
    from reasoned
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
        confidence,
        is_baseline,
        first_month,
        last_month,
        reason,
        reason_zh,
        reason_en,
        parks,
        parks_without_land,
        -- From the measure's unit to the plan's.
        cast(
            cast(value_of_measure as decimal(28, 10)) / units_per_target_unit
            as decimal(28, 10)
        ) as value_in_unit,
        case when is_of_output then firm_months_due end as firm_months_due,
        case when is_of_output then firm_months_filed end as firm_months_filed,
        case
            when measure = 'energy_intensity' then intensity_basis_zh
            else basis_zh
        end as basis_zh,
        case
            when measure = 'energy_intensity' then intensity_basis_en
            else basis_en
        end as basis_en
    from valued
)

select * from final
