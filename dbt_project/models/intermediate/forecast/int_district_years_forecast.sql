-- Each row is one origin month: the district's year as filed up to it and forecast
-- after it, and why there is no forecast where there is none.
with

coverage as (
    select * from {{ ref('int_district_coverage_judged') }}
),

district as (
    select * from {{ ref('int_group_windows_measured') }}
    where grouping = 'district' and window_name = 'ytd'
),

firm_years as (
    select * from {{ ref('int_firm_years_forecast') }}
),

parameters as (
    select * from {{ ref('int_check_parameters_dated') }}
    where parameter = 'forecast_history_share_min'
),

summed as (
    select
        month,
        count(*) filter (where forecast_rule = 'last_year_grown') as firms_by_growth,
        count(*) filter (where forecast_rule = 'this_year_mean') as firms_by_mean,
        count(*) filter (where forecast_rule = 'last_year') as firms_by_last_year,
        count(*) filter (where forecast_rule = 'unknown') as firms_unknown,
        sum(energy_filed_tce) as energy_filed_tce,
        sum(energy_filed_tce + energy_rest_tce) as energy_tce,
        sum(value_added_filed + value_added_rest) as value_added,
        -- A year that is over needs no history.
        {{ ratio(
            "sum(case when forecast_rule in ('last_year_grown', 'nothing_more')"
            ~ " then energy_filed_tce else 0 end)",
            'sum(energy_filed_tce)'
        ) }} as history_share
    from firm_years
    group by month
),

reasoned as (
    select
        coverage.month,
        summed.firms_by_growth,
        summed.firms_by_mean,
        summed.firms_by_last_year,
        summed.firms_unknown,
        summed.energy_filed_tce,
        summed.energy_tce,
        summed.value_added,
        summed.history_share,
        12 - month(coverage.month) as months_remaining,
        case
            when district.reason in ('nothing_filed', 'no_matched_months')
                then district.reason
            when district.month is null then 'nothing_filed'
            when not coverage.is_settled then 'month_not_settled'
            when
                coalesce(summed.history_share, 0)
                < cast(parameters.value as double)
                then 'too_little_history'
            when summed.value_added <= 0 then 'value_added_not_positive'
        end as reason
    from coverage
    left join district on coverage.month = district.month
    left join summed on coverage.month = summed.month
    left join parameters on coverage.month = parameters.month
),

final as (
    select
        month,
        months_remaining,
        firms_by_growth,
        firms_by_mean,
        firms_by_last_year,
        firms_unknown,
        energy_filed_tce,
        reason,
        case when reason is null then energy_tce end as energy_tce,
        case when reason is null then value_added end as value_added,
        case when reason is null then {{ ratio('energy_tce', 'value_added') }} end
            as intensity,
        history_share
    from reasoned
)

select * from final
