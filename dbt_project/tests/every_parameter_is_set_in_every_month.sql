-- Due days, the headline and forecasts need their parameters; none has a value in the
-- code.
with

wanted as (
    select 'filing_due_day' as parameter
    union all
    select 'headline_coverage_min' as parameter
    union all
    select 'audit_forecast_min_rounds' as parameter
    union all
    select 'audit_forecast_band_deviations' as parameter
),

population_months as (
    select distinct month
    from {{ ref('int_register_spread_over_months') }}
    where in_population
)

select
    wanted.parameter,
    population_months.month
from population_months
cross join wanted
left join {{ ref('int_check_parameters_dated') }} as set_values
    on
        population_months.month = set_values.month
        and wanted.parameter = set_values.parameter
where set_values.value is null
