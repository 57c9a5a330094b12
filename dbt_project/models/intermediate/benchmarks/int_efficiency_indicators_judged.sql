-- Each row is one indicator that one enterprise of the population is scored by in one
-- month, with why it cannot be, if it cannot.
with

enterprise_months as (
    select * from {{ ref('enterprise_months') }}
    where in_population
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
        enterprise_months.uscc,
        enterprise_months.month,
        enterprise_months.name,
        enterprise_months.park,
        enterprise_months.industry_code,
        enterprise_months.industry_name_zh,
        enterprise_months.industry_name_en,
        weights.indicator,
        weights.weight,
        summed.numerator,
        summed.denominator,
        coalesce(summed.months, 0) as months,
        case
            when summed.uscc is null then 'nothing_filed'
            when summed.months = 0 then summed.missing_reason
            when summed.months < rules.efficiency_min_months then 'too_few_months'
            when summed.denominator <= 0 then 'denominator_not_positive'
        end as reason
    from enterprise_months
    inner join weights on enterprise_months.month = weights.month
    left join summed
        on
            enterprise_months.uscc = summed.uscc
            and enterprise_months.month = summed.month
            and weights.indicator = summed.indicator
    left join rules on enterprise_months.month = rules.month
)

select * from final
