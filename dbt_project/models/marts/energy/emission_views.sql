-- Each row is the CO2 of the production energy of one group over one window, as one
-- carbon purpose accounts for it.
with

measured as (
    select * from {{ ref('int_group_windows_measured') }}
    where {{ in_build('month') }}
),

emissions as (
    select * from {{ ref('int_emissions_summed') }}
    where {{ in_build('month') }}
),

purposes as (
    select distinct purpose
    from {{ ref('int_factors_claimed') }}
    where kind = 'CO2'
),

-- A factor of no year is used in both years of a window: named once.
of_factors as (
    select
        grouping,
        group_key,
        month,
        window_name,
        purpose,
        factor_id,
        item_without_factor,
        item_without_year,
        bool_or(carried_forward) as carried_forward,
        min(confidence_rank) as confidence_rank,
        sum(co2_t) as co2_t,
        sum(case when is_power then co2_t end) as co2_electricity_t,
        sum(case when is_bought_heat then co2_t end) as co2_heat_t,
        sum(case when not is_power and not is_bought_heat then co2_t end) as co2_fuels_t
    from emissions
    group by
        grouping,
        group_key,
        month,
        window_name,
        purpose,
        factor_id,
        item_without_factor,
        item_without_year
),

summed as (
    select
        grouping,
        group_key,
        month,
        window_name,
        purpose,
        {{ listagg('factor_id', "';'", 'order by factor_id nulls last') }}
            as factor_ids,
        {{ listagg(
            'coalesce(item_without_factor, item_without_year)', "';'",
            'order by coalesce(item_without_factor, item_without_year) nulls last'
        ) }} as items_without_factor,
        count(item_without_factor) > 0 as lacks_item,
        count(item_without_year) > 0 as lacks_year,
        bool_or(carried_forward) as carried_forward,
        min(confidence_rank) as confidence_rank,
        sum(co2_t) as co2_t,
        sum(co2_electricity_t) as co2_electricity_t,
        sum(co2_heat_t) as co2_heat_t,
        sum(co2_fuels_t) as co2_fuels_t
    from of_factors
    group by grouping, group_key, month, window_name, purpose
),

reasoned as (
    select
        measured.grouping,
        measured.group_key,
        measured.month,
        measured.window_name,
        purposes.purpose,
        summed.factor_ids,
        summed.items_without_factor,
        summed.confidence_rank,
        coalesce(summed.carried_forward, false) as carried_forward,
        coalesce(summed.co2_t, 0) as co2_t,
        coalesce(summed.co2_electricity_t, 0) as co2_electricity_t,
        coalesce(summed.co2_heat_t, 0) as co2_heat_t,
        coalesce(summed.co2_fuels_t, 0) as co2_fuels_t,
        case
            when measured.energy_filed_tce is null then 'nothing_filed'
            when summed.lacks_item then 'no_factor_of_item'
            when summed.lacks_year then 'no_factor_of_year'
        end as reason
    from measured
    cross join purposes
    left join summed
        on
            measured.grouping = summed.grouping
            and measured.group_key = summed.group_key
            and measured.month = summed.month
            and measured.window_name = summed.window_name
            and purposes.purpose = summed.purpose
)

select
    grouping,
    group_key,
    month,
    window_name,
    purpose,
    cast(case when reason is null then co2_t end as decimal(28, 10)) as co2_t,
    cast(
        case when reason is null then co2_electricity_t end as decimal(28, 10)
    ) as co2_electricity_t,
    cast(case when reason is null then co2_heat_t end as decimal(28, 10)) as co2_heat_t,
    cast(
        case when reason is null then co2_fuels_t end as decimal(28, 10)
    ) as co2_fuels_t,
    case
        when coalesce(reason, '') <> 'nothing_filed'
            then cast(co2_t as decimal(28, 10))
    end as co2_covered_t,
    case when reason is null then 'measured' else 'not_measurable' end as status,
    reason,
    items_without_factor,
    factor_ids,
    carried_forward,
    {{ confidence_of_rank('confidence_rank') }} as factor_confidence
from reasoned
