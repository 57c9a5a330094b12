-- Each row is one calendar month: the enterprises expected to be accepted by the end of
-- its year, and, once the year is over, how many they were.
with

forecasts as (
    select * from {{ ref('audit_forecasts') }}
),

parameters as (
    select * from {{ ref('int_check_parameters_dated') }}
    where parameter = 'audit_forecast_band_deviations'
),

progress as (
    select * from {{ ref('audit_progress_months') }}
),

targets as (
    select * from {{ ref('int_targets_dated') }}
    where target_id = '{{ var("audit_target_id") }}'
),

clock as (
    select * from {{ ref('stg_clock') }}
),

summed as (
    select
        month,
        -- Sums of decimals: those of doubles depend on the order of their rows.
        cast(sum(cast(acceptance_share as decimal(28, 18))) as double) as expected_new,
        cast(
            sum(cast(acceptance_share * (1 - acceptance_share) as decimal(28, 18)))
            as double
        ) as variance,
        count(*) as rounds_open,
        count(*) filter (where status = 'measured') as rounds_forecast,
        min(past_rounds) filter (where status = 'measured') as past_rounds_least
    from forecasts
    group by month
),

-- After the plan's last year acceptances are counted on, separately.
counts as (
    select
        targets.month,
        progress.target,
        make_date(cast(year(targets.month) as integer), 12, 1) as december,
        make_date(cast(year(targets.month) as integer), 12, 31) as year_end,
        least(targets.last_day_of_month, clock.today) as made_on,
        coalesce(targets.last_day_of_month > targets.valid_to, false)
            as is_after_target_years,
        case
            when coalesce(targets.last_day_of_month > targets.valid_to, false)
                then progress.accepted_after_window
            else progress.accepted_enterprises
        end as accepted_so_far
    from targets
    cross join clock
    inner join progress on targets.month = progress.month
    where targets.last_day_of_month >= targets.valid_from
),

joined as (
    select
        counts.*,
        clock.today,
        decembers.accepted_so_far as accepted_in_december,
        parameters.value as band_deviations,
        summed.past_rounds_least,
        coalesce(summed.rounds_open, 0) as rounds_open,
        coalesce(summed.rounds_forecast, 0) as rounds_forecast,
        case
            when coalesce(summed.rounds_open, 0) = 0 then 0
            when summed.rounds_forecast > 0 then summed.expected_new
        end as expected_new,
        coalesce(summed.variance, 0) as variance
    from counts
    cross join clock
    left join summed on counts.month = summed.month
    left join parameters on counts.month = parameters.month
    left join counts as decembers on counts.december = decembers.month
),

-- A round without a forecast may pass or not: the low end says no, the high end yes.
banded as (
    select
        *,
        greatest(
            accepted_so_far,
            floor(
                accepted_so_far + expected_new
                - cast(band_deviations as double) * sqrt(variance)
            )
        ) as low,
        least(
            accepted_so_far + rounds_open,
            ceil(
                accepted_so_far + expected_new
                + cast(band_deviations as double) * sqrt(variance)
            ) + rounds_open - rounds_forecast
        ) as high,
        case when year_end <= today then accepted_in_december end
            as accepted_by_year_end
    from joined
)

select
    month,
    made_on,
    year_end,
    is_after_target_years,
    target,
    accepted_so_far,
    rounds_open,
    rounds_forecast,
    past_rounds_least,
    'share_of_past_rounds_at_the_same_stage' as method,
    cast(expected_new as double) as expected_new_enterprises,
    cast(accepted_so_far + expected_new as double) as expected_by_year_end,
    accepted_by_year_end,
    cast(accepted_so_far + expected_new - accepted_by_year_end as double)
        as forecast_error,
    case when expected_new is null then 'not_measurable' else 'measured' end as status,
    case
        when rounds_forecast < rounds_open then 'too_few_past_rounds'
    end as reason,
    case when expected_new is not null then cast(low as bigint) end as low_by_year_end,
    case when expected_new is not null then cast(high as bigint) end
        as high_by_year_end,
    case
        when expected_new is not null and accepted_by_year_end is not null
            then accepted_by_year_end >= low and accepted_by_year_end <= high
    end as within_band
from banded
