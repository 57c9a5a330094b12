-- Each row is one energy-intensity target in one origin month of a year that is over,
-- forecast from what was filed up to it, beside what the year came out as.
with

targets as (
    select * from {{ ref('int_targets_dated') }}
    where target_id = '{{ var("intensity_target_id") }}'
),

forecasts as (
    select * from {{ ref('int_district_years_banded') }}
)

select
    targets.target_id,
    targets.month,
    year(targets.month) as forecast_year,
    cast(forecasts.months_remaining as bigint) as months_remaining,
    forecasts.intensity as intensity_forecast,
    forecasts.intensity_low,
    forecasts.intensity_high,
    forecasts.intensity_came_out,
    {{ ratio(
        'forecasts.intensity_came_out - forecasts.intensity', 'forecasts.intensity'
    ) }} as error_share,
    forecasts.inside_band,
    cast(forecasts.band_level as double) as band_level,
    cast(
        count(forecasts.inside_band) over (partition by targets.target_id) as bigint
    ) as back_tests,
    avg(
        case
            when forecasts.inside_band then 1.0
            when not forecasts.inside_band then 0.0
        end
    ) over (partition by targets.target_id) as band_coverage
from targets
inner join forecasts on targets.month = forecasts.month
where
    forecasts.intensity is not null
    and forecasts.intensity_came_out is not null
    and forecasts.months_remaining > 0
