{#- Assessment views and what each takes off. -#}
{%- set deducted = {
    'less_feedstock': 'feedstock',
    'less_certified_green_power': 'green_power',
    'less_feedstock_and_certified_green_power': 'feedstock_or_green_power'
} -%}
-- Each row is one view of the energy of one group over one window: the official
-- quantity, and others beside it, never instead of it.
with

measured as (
    select * from {{ ref('int_group_windows_measured') }}
    where {{ in_build('month') }}
),

equivalents as (
    select * from {{ ref('int_equivalents_rated') }}
    where {{ in_build('month') }}
),

deductions as (
    select * from {{ ref('int_deductions_summed') }}
    where {{ in_build('month') }}
),

electricity as (
    select * from equivalents
    where is_power
),

heat as (
    select * from equivalents
    where not is_power
),

differences as (
    select
        grouping,
        group_key,
        month,
        window_name,
        'official' as view,
        0 as difference_tce,
        0 as difference_filed_tce,
        cast(null as string) as unrated,
        cast(null as string) as factor_ids,
        false as carried_forward,
        cast(null as integer) as confidence_rank
    from measured
    union all
    select
        grouping,
        group_key,
        month,
        window_name,
        'equivalent_electricity' as view,
        difference_tce,
        difference_filed_tce,
        case when is_unrated then 'no_equivalent_rate_of_electricity' end as unrated,
        factor_ids,
        coalesce(carried_forward, false) as carried_forward,
        confidence_rank
    from electricity
    union all
    select
        measured.grouping,
        measured.group_key,
        measured.month,
        measured.window_name,
        'equivalent' as view,
        coalesce(electricity.difference_tce, 0) + coalesce(heat.difference_tce, 0)
            as difference_tce,
        coalesce(electricity.difference_filed_tce, 0)
        + coalesce(heat.difference_filed_tce, 0) as difference_filed_tce,
        case
            when electricity.is_unrated then 'no_equivalent_rate_of_electricity'
            when heat.is_unrated then 'no_equivalent_rate_of_heat'
        end as unrated,
        case
            when heat.factor_ids is null then electricity.factor_ids
            when electricity.factor_ids is null then heat.factor_ids
            else electricity.factor_ids || ';' || heat.factor_ids
        end as factor_ids,
        coalesce(electricity.carried_forward, false)
        or coalesce(heat.carried_forward, false) as carried_forward,
        least(electricity.confidence_rank, heat.confidence_rank) as confidence_rank
    from measured
    left join electricity
        on
            measured.grouping = electricity.grouping
            and measured.group_key = electricity.group_key
            and measured.month = electricity.month
            and measured.window_name = electricity.window_name
    left join heat
        on
            measured.grouping = heat.grouping
            and measured.group_key = heat.group_key
            and measured.month = heat.month
            and measured.window_name = heat.window_name
    {% for view, name in deducted.items() %}
    union all
    select
        grouping,
        group_key,
        month,
        window_name,
        '{{ view }}' as view,
        -{{ name }}_tce as difference_tce,
        -{{ name }}_filed_tce as difference_filed_tce,
        null as unrated,
        null as factor_ids,
        false as carried_forward,
        null as confidence_rank
    from deductions
    {% endfor %}
),

view_names as (
    select 'official' as view
    union all
    select 'equivalent_electricity' as view
    union all
    select 'equivalent' as view
    {% for view in deducted %}
    union all
    select '{{ view }}' as view
    {% endfor %}
),

viewed as (
    select
        measured.grouping,
        measured.group_key,
        measured.month,
        measured.window_name,
        view_names.view,
        measured.value_added_constant_10k_cny,
        measured.reason as intensity_reason,
        measured.price_status,
        measured.firms_due,
        measured.firms_matched,
        measured.energy_share,
        differences.factor_ids,
        differences.confidence_rank,
        coalesce(differences.carried_forward, false) as carried_forward,
        case
            when measured.energy_filed_tce is null then 'nothing_filed'
            else differences.unrated
        end as reason,
        measured.energy_tce + coalesce(differences.difference_tce, 0) as energy_tce,
        measured.energy_filed_tce + coalesce(differences.difference_filed_tce, 0)
            as energy_filed_tce,
        coalesce(differences.difference_filed_tce, 0) as difference_filed_tce
    from measured
    cross join view_names
    left join differences
        on
            measured.grouping = differences.grouping
            and measured.group_key = differences.group_key
            and measured.month = differences.month
            and measured.window_name = differences.window_name
            and view_names.view = differences.view
)

select
    grouping,
    group_key,
    month,
    window_name,
    view,
    view = 'official' as is_official,
    cast(case when reason is null then energy_tce end as decimal(28, 10)) as energy_tce,
    cast(
        case when reason is null then energy_filed_tce end as decimal(28, 10)
    ) as energy_filed_tce,
    cast(
        case when reason is null then difference_filed_tce end as decimal(28, 10)
    ) as difference_filed_tce,
    case
        when reason is null and intensity_reason is null
            then {{ ratio('energy_tce', 'value_added_constant_10k_cny') }}
    end as intensity_constant_tce_per_10k_cny,
    price_status,
    energy_share,
    cast(firms_due as bigint) as firms_due,
    cast(firms_matched as bigint) as firms_matched,
    case when reason is null then 'measured' else 'not_measurable' end as status,
    reason,
    factor_ids,
    carried_forward,
    {{ confidence_of_rank('confidence_rank') }} as factor_confidence
from viewed
