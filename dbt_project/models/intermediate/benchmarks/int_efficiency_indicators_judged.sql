-- Each row is one indicator that one enterprise of the population is scored by in one
-- month, with why it cannot be, if it cannot.
with

firms as (
    select * from {{ ref('int_population_firms_listed') }}
    where {{ in_build('month') }}
),

weights as (
    select
        month,
        value as weight,
        replace(parameter, 'efficiency_weight:', '') as indicator
    from {{ ref('int_check_parameters_dated') }}
    where parameter like 'efficiency_weight:%'
),

summed as (
    select * from {{ ref('int_efficiency_indicators_summed') }}
),

rules as (
    select * from {{ ref('int_scoring_rules_dated') }}
),

final as (
    select
        firms.uscc,
        firms.month,
        firms.name,
        firms.park,
        firms.industry_code,
        firms.industry_name_zh,
        firms.industry_name_en,
        weights.indicator,
        weights.weight,
        summed.numerator,
        summed.denominator,
        coalesce(summed.months, 0) as months,
        case
            when summed.firm_uscc is null then 'nothing_filed'
            when summed.months = 0 then summed.missing_reason
            when summed.months < rules.efficiency_min_months then 'too_few_months'
            when summed.denominator <= 0 then 'denominator_not_positive'
        end as reason
    from firms
    inner join weights on firms.month = weights.month
    left join summed
        on
            firms.firm_uscc = summed.firm_uscc
            and firms.month = summed.month
            and weights.indicator = summed.indicator
    left join rules on firms.month = rules.month
)

select * from final
