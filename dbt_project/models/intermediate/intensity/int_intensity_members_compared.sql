-- Each row is one member of one group with its sums from January to a month, this year
-- and last, where the group's ratio is measured in both. `standing` says how it can be
-- compared; the panel are the members that have logarithms in both years.
with

summed as (
    select * from {{ ref('int_intensity_members_summed') }}
),

months as (
    select * from {{ ref('int_calendar_months') }}
    where {{ in_build('month') }}
),

both_years as (
    select
        grouping,
        group_key,
        month,
        member_kind,
        member_key,
        months_undeflated,
        energy_tce,
        value_added_constant_10k_cny as value_added,
        0 as energy_last_year_tce,
        0 as value_added_last_year
    from summed
    where {{ in_build('month') }}
    union all
    select
        summed.grouping,
        summed.group_key,
        months.month,
        summed.member_kind,
        summed.member_key,
        summed.months_undeflated,
        0 as energy_tce,
        0 as value_added,
        summed.energy_tce as energy_last_year_tce,
        summed.value_added_constant_10k_cny as value_added_last_year
    from summed
    inner join months on summed.month = months.month_last_year
),

compared as (
    select
        grouping,
        group_key,
        month,
        member_kind,
        member_key,
        sum(months_undeflated) as months_undeflated,
        sum(energy_tce) as energy_tce,
        sum(value_added) as value_added,
        sum(energy_last_year_tce) as energy_last_year_tce,
        sum(value_added_last_year) as value_added_last_year
    from both_years
    group by grouping, group_key, month, member_kind, member_key
),

judged as (
    select
        *,
        -- Neither energy nor value added in a whole window is absence.
        case
            when energy_last_year_tce = 0 and value_added_last_year = 0
                then
                    case
                        when energy_tce = 0 and value_added = 0 then 'stands_still'
                        else 'entry'
                    end
            when energy_tce = 0 and value_added = 0 then 'exit'
            when
                value_added > 0
                and value_added_last_year > 0
                and energy_tce >= 0
                and energy_last_year_tce >= 0
                then 'panel'
            else 'not_decomposable'
        end as standing
    from compared
),

group_sums as (
    select
        grouping,
        group_key,
        month,
        member_kind,
        sum(months_undeflated) as group_months_undeflated,
        sum(energy_tce) as group_energy_tce,
        sum(value_added) as group_value_added,
        sum(energy_last_year_tce) as group_energy_last_year_tce,
        sum(value_added_last_year) as group_value_added_last_year,
        count(*) filter (where standing = 'panel') as panel_members,
        sum(energy_tce) filter (where standing = 'panel') as panel_energy_tce,
        sum(value_added) filter (where standing = 'panel') as panel_value_added,
        sum(energy_last_year_tce) filter (
            where standing = 'panel'
        ) as panel_energy_last_year_tce,
        sum(value_added_last_year) filter (
            where standing = 'panel'
        ) as panel_value_added_last_year
    from judged
    group by grouping, group_key, month, member_kind
),

final as (
    select
        judged.grouping,
        judged.group_key,
        judged.month,
        judged.member_kind,
        judged.member_key,
        judged.standing,
        judged.energy_tce,
        judged.value_added,
        judged.energy_last_year_tce,
        judged.value_added_last_year,
        group_sums.group_months_undeflated,
        group_sums.group_value_added,
        group_sums.group_value_added_last_year,
        group_sums.panel_members,
        group_sums.panel_value_added,
        group_sums.panel_value_added_last_year,
        {{ ratio('group_sums.group_energy_tce', 'group_sums.group_value_added') }}
            as group_intensity,
        {{ ratio(
            'group_sums.group_energy_last_year_tce',
            'group_sums.group_value_added_last_year'
        ) }} as group_intensity_last_year,
        {{ ratio('group_sums.panel_energy_tce', 'group_sums.panel_value_added') }}
            as panel_intensity,
        {{ ratio(
            'group_sums.panel_energy_last_year_tce',
            'group_sums.panel_value_added_last_year'
        ) }} as panel_intensity_last_year
    from judged
    inner join group_sums
        on
            judged.grouping = group_sums.grouping
            and judged.group_key = group_sums.group_key
            and judged.month = group_sums.month
            and judged.member_kind = group_sums.member_kind
    where
        judged.standing <> 'stands_still'
        and group_sums.group_value_added > 0
        and group_sums.group_value_added_last_year > 0
)

select * from final
