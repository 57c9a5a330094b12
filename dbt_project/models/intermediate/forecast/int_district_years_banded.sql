-- Each row is one origin month with its forecast, the band around it and, where the
-- year is over, how it came out. The band rests on back-tests of earlier years from the
-- same calendar month only, so that nothing after the origin is in it.
with

district_years as (
    select * from {{ ref('int_district_years_forecast') }}
),

firm_years as (
    select * from {{ ref('int_firm_years_forecast') }}
    where forecast_rule <> 'nothing_more'
),

residuals as (
    select * from {{ ref('int_firm_residuals_measured') }}
),

coverage as (
    select * from {{ ref('int_district_coverage_judged') }}
),

year_ends as (
    select
        district.intensity_constant_tce_per_10k_cny as intensity_came_out,
        year(district.month) as closed_year
    from {{ ref('int_group_windows_measured') }} as district
    inner join coverage on district.month = coverage.month
    where
        district.grouping = 'district'
        and district.window_name = 'ytd'
        and month(district.month) = 12
        and coverage.is_settled
),

parameters as (
    select
        month,
        max(case when parameter = 'forecast_band_level' then value end) as band_level,
        max(case when parameter = 'forecast_band_quantile' then value end)
            as band_quantile,
        max(case when parameter = 'forecast_years_min' then value end) as years_min
    from {{ ref('int_check_parameters_dated') }}
    group by month
),

-- Firms that err independently: each with its own past, or all firms' where it has
-- none.
own_past as (
    select
        firm_years.firm_uscc,
        firm_years.month,
        {{ ratio(
            steady_sum(square('residuals.residual_tce')),
            steady_sum(square('residuals.energy_year_tce'))
        ) }} as mean_square
    from firm_years
    inner join residuals
        on
            firm_years.firm_uscc = residuals.firm_uscc
            and month(firm_years.month) = month(residuals.month)
            and year(firm_years.month) > year(residuals.month)
    group by firm_years.firm_uscc, firm_years.month
),

all_past as (
    select
        district_years.month,
        {{ ratio(
            steady_sum(square('residuals.residual_tce')),
            steady_sum(square('residuals.energy_year_tce'))
        ) }} as mean_square
    from district_years
    inner join residuals
        on
            month(district_years.month) = month(residuals.month)
            and year(district_years.month) > year(residuals.month)
    group by district_years.month
),

independent as (
    select
        firm_years.month,
        {{ steady_sum(
            square('firm_years.energy_filed_tce + firm_years.energy_rest_tce')
            ~ ' * coalesce(own_past.mean_square, all_past.mean_square)'
        ) }} as variance_tce
    from firm_years
    inner join all_past on firm_years.month = all_past.month
    left join own_past
        on
            firm_years.firm_uscc = own_past.firm_uscc
            and firm_years.month = own_past.month
    group by firm_years.month
),

-- What firms have in common, and who came after the origin: the district's own errors.
together as (
    select
        district_years.month,
        count(*) as earlier_years,
        {{ steady_sum(
            square('year_ends.intensity_came_out / earlier.intensity - 1')
        ) }} as squares
    from district_years
    inner join district_years as earlier
        on
            month(district_years.month) = month(earlier.month)
            and year(district_years.month) > year(earlier.month)
    inner join year_ends on year(earlier.month) = year_ends.closed_year
    where
        earlier.intensity is not null
        and year_ends.intensity_came_out is not null
    group by district_years.month
),

deviated as (
    select
        district_years.*,
        year_ends.intensity_came_out,
        parameters.band_level,
        coalesce(together.earlier_years, 0) as earlier_years,
        case
            when district_years.months_remaining = 0 then 0
            when together.earlier_years >= parameters.years_min
                then
                    cast(parameters.band_quantile as double)
                    * greatest(
                        sqrt(independent.variance_tce)
                        / cast(district_years.value_added as double),
                        sqrt(together.squares / together.earlier_years)
                        * district_years.intensity
                    )
        end as half_width
    from district_years
    left join parameters on district_years.month = parameters.month
    left join together on district_years.month = together.month
    left join independent on district_years.month = independent.month
    left join year_ends on year(district_years.month) = year_ends.closed_year
),

held as (
    select
        *,
        intensity - half_width as intensity_low,
        intensity + half_width as intensity_high,
        -- December is no forecast.
        case
            when months_remaining > 0
                then
                    -- At ten digits: a forecast that is exact is inside its empty band.
                    round(abs(intensity_came_out - intensity), 10)
                    <= round(half_width, 10)
        end as inside_band
    from deviated
),

coverages as (
    select
        held.month,
        count(past.inside_band) as back_tests,
        {{ ratio(
            'sum(case when past.inside_band then 1 else 0 end)',
            'count(past.inside_band)'
        ) }} as band_coverage
    from held
    left join held as past on year(held.month) > year(past.month)
    group by held.month
),

final as (
    select
        held.month,
        held.months_remaining,
        held.reason,
        held.firms_by_growth,
        held.firms_by_mean,
        held.firms_by_last_year,
        held.firms_unknown,
        held.energy_filed_tce,
        held.energy_tce,
        held.value_added,
        held.history_share,
        held.intensity,
        held.intensity_low,
        held.intensity_high,
        held.intensity_came_out,
        held.inside_band,
        held.earlier_years,
        held.band_level,
        coverages.back_tests,
        coverages.band_coverage
    from held
    left join coverages on held.month = coverages.month
)

select * from final
