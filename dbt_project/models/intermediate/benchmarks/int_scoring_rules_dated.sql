{#- Parameters of benchmarks and scores, and the column each becomes. -#}
{%- set parameters = {
    'suppression_min_firms': 'suppression_min_firms',
    'suppression_dominance': 'suppression_dominance',
    'suppression_min_firms_quartiles': 'suppression_min_firms_quartiles',
    'benchmark_quartile': 'benchmark_quartile',
    'benchmark_min_firms': 'benchmark_min_firms',
    'benchmark_tier_yellow_above': 'tier_yellow_above',
    'benchmark_tier_orange_above': 'tier_orange_above',
    'benchmark_tier_red_above': 'tier_red_above',
    'efficiency_cap': 'efficiency_cap',
    'efficiency_min_months': 'efficiency_min_months',
    'efficiency_min_weight': 'efficiency_min_weight',
    'efficiency_class_a_from': 'efficiency_class_a_from',
    'efficiency_class_b_from': 'efficiency_class_b_from',
    'efficiency_class_c_from': 'efficiency_class_c_from',
    'quality_weight:completeness': 'completeness_weight',
    'quality_weight:punctuality': 'punctuality_weight',
    'quality_weight:pass': 'pass_weight'
} -%}
-- Each row is one month with the rules of benchmarks and scores that are valid in it, a
-- column each; null where a rule is not set.
with

months as (
    select * from {{ ref('int_calendar_months') }}
),

parameters as (
    select
        parameter,
        month,
        cast(value as double) as parameter_value
    from {{ ref('int_check_parameters_dated') }}
),

final as (
    select
        {% for parameter, column in parameters.items() %}
        max(
            case
                when parameters.parameter = '{{ parameter }}'
                    then parameters.parameter_value
            end
        ) as {{ column }},
        {% endfor %}
        months.month
    from months
    left join parameters on months.month = parameters.month
    group by months.month
)

select * from final
