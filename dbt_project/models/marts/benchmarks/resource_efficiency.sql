-- Each row is one enterprise of the population over the twelve months to a month: its
-- resource-efficiency score and class.
with

indicators as (
    select * from {{ ref('resource_efficiency_indicators') }}
),

firms as (
    select * from {{ ref('int_population_firms_listed') }}
),

rules as (
    select * from {{ ref('int_scoring_rules_dated') }}
),

coverage as (
    select * from {{ ref('int_district_coverage_judged') }}
),

scored as (
    select
        uscc,
        month,
        count(*) filter (where status = 'measured') as indicators_measured,
        count(*) filter (where reason = 'value_added_not_positive') as losses,
        count(*) filter (where reason = 'nothing_filed') as silences,
        {% for indicator in [
            'value_added_per_energy',
            'tax_per_land',
            'output_per_land',
            'value_added_per_employee'
        ] %}
        max(
            case
                when indicator = '{{ indicator }}' then indicator_value
            end
        ) as {{ indicator }},
        max(
            case
                when indicator = '{{ indicator }}' then points
            end
        ) as {{ indicator }}_points,
        {% endfor %}
        {{ ratio(
            "coalesce(sum(weight) filter (where status = 'measured'), 0)", 'sum(weight)'
        ) }} as weight_measured_share,
        cast(
            sum(cast(weight_used * points as decimal(28, 10))) as double
        ) as score
    from indicators
    group by uscc, month
),

joined as (
    select
        scored.*,
        firms.uscc as uscc_due,
        firms.month as month_due,
        firms.name,
        firms.park,
        firms.industry_code,
        firms.industry_name_zh,
        firms.industry_name_en,
        rules.efficiency_class_a_from,
        rules.efficiency_class_b_from,
        rules.efficiency_class_c_from,
        coverage.provisional,
        -- What is missing gives its weight to the rest; a loss is not missing, and
        -- would be rewarded by that.
        case
            when scored.uscc is null then 'weights_not_set'
            when scored.silences > 0 then 'nothing_filed'
            when scored.losses > 0 then 'value_added_not_positive'
            when
                coalesce(
                    scored.weight_measured_share < rules.efficiency_min_weight,
                    scored.indicators_measured = 0
                )
                then 'too_few_indicators'
        end as reason
    from firms
    left join scored
        on
            firms.uscc = scored.uscc
            and firms.month = scored.month
    left join rules on firms.month = rules.month
    left join coverage on firms.month = coverage.month
),

final as (
    select
        *,
        case when reason is null then score end as score_measured
    from joined
)

select
    uscc_due as uscc,
    month_due as month,
    name,
    park,
    industry_code,
    industry_name_zh,
    industry_name_en,
    value_added_per_energy as value_added_10k_cny_per_tce,
    tax_per_land as tax_10k_cny_per_ha,
    output_per_land as output_10k_cny_per_ha,
    value_added_per_employee as value_added_10k_cny_per_person,
    value_added_per_energy_points,
    tax_per_land_points,
    output_per_land_points,
    value_added_per_employee_points,
    weight_measured_share,
    reason,
    score_measured as score,
    provisional,
    coalesce(indicators_measured, 0) as indicators_measured,
    case when reason is null then 'measured' else 'not_measurable' end as status,
    case
        when score_measured is null then null
        when score_measured >= efficiency_class_a_from then 'A'
        when score_measured >= efficiency_class_b_from then 'B'
        when score_measured >= efficiency_class_c_from then 'C'
        when score_measured < efficiency_class_c_from then 'D'
    end as efficiency_class
from final
