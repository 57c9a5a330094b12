-- Each row is one energy-intensity target in one origin month, with the year forecast
-- from what is filed up to it.
with

targets as (
    select * from {{ ref('int_targets_dated') }}
    where target_id = '{{ var("intensity_target_id") }}'
),

forecasts as (
    select * from {{ ref('int_district_years_banded') }}
),

coverage as (
    select * from {{ ref('int_district_coverage_judged') }}
),

district as (
    select * from {{ ref('int_group_windows_measured') }}
    where grouping = 'district' and window_name = 'ytd'
),

parameters as (
    select * from {{ ref('int_check_parameters_dated') }}
    where parameter = 'target_close_band'
)

select
    targets.target_id,
    targets.month,
    year(targets.month) as forecast_year,
    forecasts.intensity as intensity_forecast,
    forecasts.intensity_low,
    forecasts.intensity_high,
    cast(forecasts.band_level as double) as band_level,
    forecasts.band_coverage,
    cast(coalesce(forecasts.back_tests, 0) as bigint) as back_tests,
    case
        when forecasts.reason is null and forecasts.intensity_low is null
            then 'too_few_back_tests'
    end as band_reason,
    targets.target_high,
    {{ standing('forecasts.intensity', 'targets.target_high', 'parameters.value') }}
        as standing_forecast,
    cast(forecasts.energy_tce as decimal(28, 10)) as energy_tce,
    cast(forecasts.value_added as decimal(28, 10)) as value_added_constant_10k_cny,
    case
        when forecasts.reason is null
            then
                cast(
                    greatest(
                        forecasts.energy_tce
                        - {{ product('forecasts.value_added', 'targets.target_high') }},
                        0
                    ) as decimal(28, 10)
                )
    end as tce_to_save,
    'last_year_months_grown' as forecast_method,
    cast(
        coalesce(
            forecasts.firms_by_growth
            + forecasts.firms_by_mean
            + forecasts.firms_by_last_year,
            0
        ) as bigint
    ) as firms_forecast,
    cast(coalesce(forecasts.firms_by_growth, 0) as bigint) as firms_by_growth,
    cast(coalesce(forecasts.firms_by_mean, 0) as bigint) as firms_by_mean,
    cast(coalesce(forecasts.firms_by_last_year, 0) as bigint) as firms_by_last_year,
    cast(coalesce(forecasts.firms_unknown, 0) as bigint) as firms_left_out,
    cast(12 - month(targets.month) as bigint) as months_remaining,
    {{ ratio('forecasts.energy_filed_tce', 'forecasts.energy_tce') }} as filed_share,
    forecasts.history_share,
    case when forecasts.reason is null then 'measured' else 'not_measurable' end
        as status,
    forecasts.reason,
    district.price_status,
    coverage.provisional
from targets
left join forecasts on targets.month = forecasts.month
left join coverage on targets.month = coverage.month
left join district on targets.month = district.month
left join parameters on targets.month = parameters.month
