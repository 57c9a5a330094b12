-- Each row is one group over January to a month, and why its growth must not leave the
-- bureau. Its sums of both years may be out, so a growth tells two things: the panel's
-- change, and by subtraction what firms outside the panel had in either year.
with

months as (
    select * from {{ ref('int_calendar_months') }}
    where {{ in_build('month') }}
),

windows as (
    select * from {{ ref('int_month_windows_listed') }}
    where window_name = 'ytd' and {{ in_build('month') }}
),

spans as (
    select * from {{ ref('int_panel_spans_paired') }}
    where
        grouping <> 'enterprise'
        and {{ in_build('last_month', months_before=11) }}
),

firm_windows as (
    select * from {{ ref('int_group_firms_windowed') }}
    where
        window_name = 'ytd'
        and months_matched > 0
        and grouping <> 'enterprise'
        and {{ in_build('month', months_before=12) }}
),

cells as (
    select * from {{ ref('int_group_cells_suppressed') }}
    where window_name = 'ytd'
),

rules as (
    select * from {{ ref('int_scoring_rules_dated') }}
),

panel as (
    select
        spans.grouping,
        spans.group_key,
        spans.firm_uscc,
        windows.month,
        sum(spans.energy_tce) as energy_tce,
        sum(spans.value_added) as value_added,
        sum(spans.energy_last_year_tce) as energy_last_year_tce,
        sum(spans.value_added_last_year) as value_added_last_year
    from spans
    inner join windows
        on
            spans.last_month = windows.member_month
            and spans.first_month >= windows.first_month
    group by spans.grouping, spans.group_key, spans.firm_uscc, windows.month
),

of_panel as (
    select
        grouping,
        group_key,
        firm_uscc,
        month,
        'now' as side,
        energy_tce,
        value_added
    from panel
    union all
    select
        grouping,
        group_key,
        firm_uscc,
        month,
        'last_year' as side,
        energy_last_year_tce as energy_tce,
        value_added_last_year as value_added
    from panel
),

of_groups as (
    select
        firm_windows.grouping,
        firm_windows.group_key,
        firm_windows.firm_uscc,
        months.month,
        'now' as side,
        firm_windows.energy_tce,
        firm_windows.value_added_constant_10k_cny as value_added
    from firm_windows
    inner join months on firm_windows.month = months.month
    union all
    select
        firm_windows.grouping,
        firm_windows.group_key,
        firm_windows.firm_uscc,
        months.month,
        'last_year' as side,
        firm_windows.energy_tce,
        firm_windows.value_added_constant_10k_cny as value_added
    from firm_windows
    inner join months on firm_windows.month = months.month_last_year
),

outside as (
    select
        of_groups.grouping,
        of_groups.group_key,
        of_groups.firm_uscc,
        of_groups.month,
        of_groups.side,
        coalesce(of_groups.energy_tce, 0) - coalesce(of_panel.energy_tce, 0)
            as energy_tce,
        coalesce(of_groups.value_added, 0) - coalesce(of_panel.value_added, 0)
            as value_added
    from of_groups
    left join of_panel
        on
            of_groups.grouping = of_panel.grouping
            and of_groups.group_key = of_panel.group_key
            and of_groups.firm_uscc = of_panel.firm_uscc
            and of_groups.month = of_panel.month
            and of_groups.side = of_panel.side
),

parts as (
    select
        grouping,
        group_key,
        month,
        side,
        true as is_panel,
        energy_tce,
        value_added
    from of_panel
    union all
    select
        grouping,
        group_key,
        month,
        side,
        false as is_panel,
        energy_tce,
        value_added
    from outside
    where energy_tce <> 0 or value_added <> 0
),

concentrated as (
    select
        grouping,
        group_key,
        month,
        side,
        is_panel,
        count(*) as firms,
        greatest(
            {{ ratio('max(abs(energy_tce))', 'sum(abs(energy_tce))') }},
            {{ ratio('max(abs(value_added))', 'sum(abs(value_added))') }}
        ) as largest_firm_share
    from parts
    group by grouping, group_key, month, side, is_panel
),

judged as (
    select
        concentrated.grouping,
        concentrated.group_key,
        concentrated.month,
        coalesce(bool_or(concentrated.is_panel), false) as has_panel,
        bool_or(
            concentrated.is_panel
            and coalesce(concentrated.firms < rules.suppression_min_firms, true)
        ) as has_few_in_panel,
        bool_or(
            concentrated.is_panel
            and coalesce(
                concentrated.largest_firm_share > rules.suppression_dominance, true
            )
        ) as has_one_in_panel,
        bool_or(
            not concentrated.is_panel
            and (
                coalesce(concentrated.firms < rules.suppression_min_firms, true)
                or coalesce(
                    concentrated.largest_firm_share > rules.suppression_dominance, true
                )
            )
        ) as has_few_outside
    from concentrated
    left join rules on concentrated.month = rules.month
    group by concentrated.grouping, concentrated.group_key, concentrated.month
),

final as (
    select
        judged.grouping,
        judged.group_key,
        judged.month,
        case
            when now_cells.firms is null then 'too_few_firms'
            when now_cells.suppression is not null then now_cells.suppression
            when judged.has_few_in_panel or not judged.has_panel then 'too_few_firms'
            when judged.has_one_in_panel then 'one_firm_dominates'
            when last_cells.firms is null or last_cells.suppression is not null
                then 'last_year_suppressed'
            when judged.has_few_outside then 'few_firms_outside_the_panel'
        end as suppression
    from judged
    inner join months on judged.month = months.month
    left join cells as now_cells
        on
            judged.grouping = now_cells.grouping
            and judged.group_key = now_cells.group_key
            and judged.month = now_cells.month
    left join cells as last_cells
        on
            judged.grouping = last_cells.grouping
            and judged.group_key = last_cells.group_key
            and months.month_last_year = last_cells.month
)

select * from final
