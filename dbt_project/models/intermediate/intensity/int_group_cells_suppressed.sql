-- Each row is one group over one window, and why its sums must not leave the bureau:
-- too few firms, one firm that dominates, or that a hidden neighbour could be found by
-- taking the shown ones from the district.
with

firm_windows as (
    select * from {{ ref('int_group_firms_windowed') }}
    where months_matched > 0 and {{ in_build('month') }}
),

dated_parameters as (
    select * from {{ ref('int_check_parameters_dated') }}
),

thresholds as (
    select
        month,
        max(case when parameter = 'suppression_min_firms' then value end)
            as minimum_firms,
        max(case when parameter = 'suppression_dominance' then value end) as dominance
    from dated_parameters
    group by month
),

-- Amounts without their signs: a loss tells as much of a firm as a profit.
concentrated as (
    select
        grouping,
        group_key,
        month,
        window_name,
        count(*) as firms,
        coalesce(sum(abs(energy_tce)), 0) as energy,
        coalesce(max(abs(energy_tce)), 0) as largest_energy,
        coalesce(sum(abs(value_added_constant_10k_cny)), 0) as value_added,
        coalesce(max(abs(value_added_constant_10k_cny)), 0) as largest_value_added
    from firm_windows
    group by grouping, group_key, month, window_name
),

measured as (
    select
        concentrated.*,
        thresholds.minimum_firms,
        thresholds.dominance,
        -- The larger of the two shares: either would give the firm away.
        greatest(
            {{ ratio('concentrated.largest_energy', 'concentrated.energy') }},
            {{ ratio('concentrated.largest_value_added', 'concentrated.value_added') }}
        ) as largest_firm_share
    from concentrated
    left join thresholds on concentrated.month = thresholds.month
),

-- A threshold or a share that is not known is no reason to show.
judged as (
    select
        *,
        case
            when coalesce(firms < minimum_firms, true) then 'too_few_firms'
            when coalesce(largest_firm_share > cast(dominance as double), true)
                then 'one_firm_dominates'
        end as own_reason,
        grouping not in ('district', 'enterprise') as is_part_of_district
    from measured
),

ranked as (
    select
        *,
        count(own_reason) over (
            partition by grouping, month, window_name
        ) as cells_hidden,
        row_number() over (
            partition by grouping, month, window_name
            order by
                case when own_reason is not null then 0 else 1 end nulls last,
                energy nulls last,
                group_key nulls last
        ) as hidden_first
    from judged
),

-- What a reader finds by subtraction is the sum of the hidden cells: here of the first
-- so many of them, the smallest shown ones after those that are hidden anyway.
accumulated as (
    select
        *,
        sum(firms) over hidden_so_far as hidden_firms,
        greatest(
            {{ ratio(
                'max(largest_energy) over hidden_so_far',
                'sum(energy) over hidden_so_far'
            ) }},
            {{ ratio(
                'max(largest_value_added) over hidden_so_far',
                'sum(value_added) over hidden_so_far'
            ) }}
        ) as hidden_largest_share
    from ranked
    window
        hidden_so_far as (
            partition by grouping, month, window_name
            order by hidden_first
            rows between unbounded preceding and current row
        )
),

sufficient as (
    select
        *,
        -- Where no number of cells suffices, all are hidden.
        coalesce(
            min(
                case
                    when
                        hidden_first >= cells_hidden
                        and hidden_firms >= minimum_firms
                        and hidden_largest_share <= cast(dominance as double)
                        then hidden_first
                end
            ) over (partition by grouping, month, window_name),
            max(hidden_first) over (partition by grouping, month, window_name)
        ) as cells_to_hide
    from accumulated
),

final as (
    select
        grouping,
        group_key,
        month,
        window_name,
        firms,
        largest_firm_share,
        case
            when own_reason is not null then own_reason
            when
                is_part_of_district
                and cells_hidden > 0
                and hidden_first <= cells_to_hide
                then 'protects_a_neighbour'
        end as suppression
    from sufficient
)

select * from final
