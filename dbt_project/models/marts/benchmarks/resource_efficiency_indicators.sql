-- Each row is one indicator of one enterprise over the twelve months to a month, beside
-- the district's value of it.
with

judged as (
    select * from {{ ref('int_efficiency_indicators_judged') }}
    where {{ in_build('month') }}
),

rules as (
    select * from {{ ref('int_scoring_rules_dated') }}
),

-- The district's value is the ratio of sums; a negative value added stays in it.
districts as (
    select
        month,
        indicator,
        count(*) as district_firms,
        {{ ratio('sum(numerator)', 'sum(denominator)') }} as district_value
    from judged
    where reason is null
    group by month, indicator
),

reasoned as (
    select
        judged.*,
        districts.district_value,
        rules.efficiency_cap,
        coalesce(districts.district_firms, 0) as district_firms,
        {{ ratio('judged.numerator', 'judged.denominator') }} as indicator_value,
        case
            when judged.reason is not null then judged.reason
            when
                judged.indicator in (
                    'value_added_per_energy', 'value_added_per_employee'
                )
                and judged.numerator <= 0
                then 'value_added_not_positive'
            when coalesce(districts.district_value <= 0, true)
                then 'district_not_positive'
        end as reason_of_indicator
    from judged
    left join districts
        on
            judged.month = districts.month
            and judged.indicator = districts.indicator
    left join rules on judged.month = rules.month
),

pointed as (
    select
        *,
        -- A year of tax refunds earns no points, and no debt either.
        case
            when reason_of_indicator is null
                then
                    100 * least(
                        greatest(indicator_value / district_value, 0),
                        coalesce(efficiency_cap, indicator_value / district_value)
                    )
        end as points
    from reasoned
),

weighted as (
    select
        *,
        sum(case when points is not null then weight end) over (
            partition by uscc, month
        ) as weight_measured
    from pointed
)

select
    uscc,
    month,
    indicator,
    name,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    cast(months as bigint) as months,
    district_value,
    district_firms,
    reason_of_indicator as reason,
    points,
    cast(weight as decimal(16, 12)) as weight,
    case when reason is null then indicator_value end as indicator_value,
    case when reason_of_indicator is null then 'measured' else 'not_measurable' end
        as status,
    case
        when points is not null then {{ ratio('weight', 'weight_measured') }}
    end
        as weight_used
from weighted
