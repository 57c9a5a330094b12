{#- Which column of an enterprise-month names its group. -#}
{%- set group_keys = {
    'district': "'" ~ var('district_code') ~ "'",
    'park': 'park',
    'industry': 'industry_code',
    'cluster': 'cluster',
    'town': 'town_code',
    'zone': "coalesce(land_zone, 'unstated')",
    'enterprise': 'uscc'
} -%}
-- Each row is one enterprise-month as member of one group of one grouping. All
-- groupings but `enterprise` hold the population only; a month belongs to the group its
-- register row names.
with

enterprise_months as (
    select * from {{ ref('enterprise_months') }}
    where {{ in_build('month') }}
),

measured as (
    select
        *,
        energy_filed or output_filed as is_filed,
        -- Sums of January and February stand together in such a year.
        covered_by_february
        or coalesce(energy_months_covered, 1) > 1
        or coalesce(output_months_covered, 1) > 1 as is_combined,
        case when matched then energy_tce end as matched_energy_tce,
        case when matched then value_added_10k_cny end as matched_current_10k_cny,
        case
            when matched then value_added_constant_10k_cny
        end as matched_constant_10k_cny,
        {% for basis in ['given', 'derived', 'estimated'] %}
        case
            when matched and value_added_basis = '{{ basis }}'
                then value_added_10k_cny
        end as matched_{{ basis }}_10k_cny,
        {% endfor %}
        case
            when matched and price_status = 'undeflated'
                then value_added_10k_cny
        end as matched_undeflated_10k_cny
    from enterprise_months
),

final as (
    {% for grouping, group_key in group_keys.items() %}
    {% if not loop.first %}
    union all
    {% endif %}
    select
        '{{ grouping }}' as grouping,
        {{ group_key }} as group_key,
        uscc,
        firm_uscc,
        month,
        industry_code,
        in_population,
        is_filed,
        is_combined,
        matched,
        energy_tce,
        energy_flagged_tce,
        matched_energy_tce,
        value_added_10k_cny,
        matched_current_10k_cny,
        matched_constant_10k_cny,
        matched_given_10k_cny,
        matched_derived_10k_cny,
        matched_estimated_10k_cny,
        matched_undeflated_10k_cny,
        gross_output_10k_cny,
        revenue_10k_cny,
        tax_10k_cny
    from measured
    {% if grouping != 'enterprise' %}
    where in_population
    {% endif %}
    {% endfor %}
)

select * from final
