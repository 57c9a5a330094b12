{#- Each indicator: numerator, denominator, and what is missing where one of them is
    null. -#}
{%- set indicators = {
    'value_added_per_energy': [
        'case when matched then value_added_constant_10k_cny end',
        'case when matched then energy_tce end',
        "'no_matched_months'"
    ],
    'tax_per_land': [
        'tax_10k_cny',
        'land_ha_years',
        "case when tax_10k_cny is null then 'tax_missing' else 'land_area_missing' end"
    ],
    'output_per_land': [
        'gross_output_10k_cny', 'land_ha_years', "'land_area_missing'"
    ],
    'value_added_per_employee': [
        'value_added_constant_10k_cny',
        'person_years',
        "case when person_years is null then 'employees_missing'"
        ~ " else 'value_added_missing' end"
    ]
} -%}
-- Each row is one indicator of one firm over twelve months: numerator and
-- denominator of the same months, those that have both. Sums of decimals: those of
-- doubles depend on the order of their rows, and no build would equal another.
with

facts as (
    select * from {{ ref('int_efficiency_facts_dated') }}
    where {{ in_build('month', months_before=11) }}
),

windows as (
    select * from {{ ref('int_month_windows_listed') }}
    where window_name = 'rolling_12' and {{ in_build('month') }}
),

parts as (
    {% for indicator, parts in indicators.items() %}
    {% if not loop.first %}
    union all
    {% endif %}
    select
        firm_uscc,
        month,
        '{{ indicator }}' as indicator,
        months,
        cast({{ parts[0] }} as decimal(28, 10)) as numerator,
        cast({{ parts[1] }} as decimal(28, 10)) as denominator,
        {{ parts[2] }} as missing_reason
    from facts
    {% endfor %}
),

final as (
    select
        parts.firm_uscc,
        windows.month,
        parts.indicator,
        max(parts.missing_reason) as missing_reason,
        coalesce(sum(
            case
                when parts.numerator is not null and parts.denominator is not null
                    then parts.months
            end
        ), 0) as months,
        sum(case when parts.denominator is not null then parts.numerator end)
            as numerator,
        sum(case when parts.numerator is not null then parts.denominator end)
            as denominator
    from parts
    inner join windows on parts.month = windows.member_month
    group by parts.firm_uscc, windows.month, parts.indicator
)

select * from final
