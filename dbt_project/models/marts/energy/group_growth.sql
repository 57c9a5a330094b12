-- Each row is one group over one window, grown since the same window of last year: on
-- firms, and on their months, that are matched in both.
with

successors as (
    select * from {{ ref('int_enterprise_successors_followed') }}
),

-- An enterprise grows as its firm, under any code that the firm has had.
group_windows as (
    select
        windowed.grouping,
        windowed.group_key,
        windowed.month,
        windowed.window_name,
        windowed.group_name_zh,
        windowed.group_name_en,
        windowed.provisional,
        coalesce(successors.current_uscc, windowed.group_key) as panel_key,
        sum(windowed.energy_tce) over (
            partition by
                windowed.grouping,
                coalesce(successors.current_uscc, windowed.group_key),
                windowed.month,
                windowed.window_name
        ) as energy_tce
    from {{ ref('group_months') }} as windowed
    left join successors
        on windowed.grouping = 'enterprise' and windowed.group_key = successors.uscc
    where {{ in_build('windowed.month') }}
),

spans as (
    select * from {{ ref('int_panel_spans_paired') }}
    where {{ in_build('last_month', months_before=11) }}
),

windows as (
    select * from {{ ref('int_month_windows_listed') }}
    where {{ in_build('month') }}
),

panel_cells as (
    select * from {{ ref('int_panel_cells_suppressed') }}
),

summed as (
    select
        spans.grouping,
        spans.group_key,
        windows.month,
        windows.window_name,
        count(distinct spans.firm_uscc) as panel_firms,
        sum(spans.months_paired) as panel_firm_months,
        sum(spans.months_undeflated) as months_undeflated,
        sum(spans.energy_tce) as energy_tce,
        sum(spans.value_added) as value_added,
        sum(spans.energy_last_year_tce) as energy_last_year_tce,
        sum(spans.value_added_last_year) as value_added_last_year
    from spans
    -- A span lies in the window whole, or not at all.
    inner join windows
        on
            spans.last_month = windows.member_month
            and spans.first_month >= windows.first_month
    group by spans.grouping, spans.group_key, windows.month, windows.window_name
),

grown as (
    select
        *,
        -- Differences first: they are exact in decimals.
        case
            when energy_last_year_tce > 0
                then
                    {{ ratio(
                        'energy_tce - energy_last_year_tce', 'energy_last_year_tce'
                    ) }}
        end as energy_growth,
        case
            when value_added_last_year > 0
                then
                    {{ ratio(
                        'value_added - value_added_last_year', 'value_added_last_year'
                    ) }}
        end as value_added_growth,
        case
            when value_added <= 0 or value_added_last_year <= 0
                then 'value_added_not_positive'
            when energy_last_year_tce <= 0 then 'energy_not_positive'
        end as reason
    from summed
)

select
    group_windows.grouping,
    group_windows.group_key,
    group_windows.month,
    group_windows.window_name,
    group_windows.group_name_zh,
    group_windows.group_name_en,
    grown.energy_growth,
    grown.value_added_growth,
    group_windows.provisional,
    cast(coalesce(grown.panel_firms, 0) as bigint) as panel_firms,
    cast(coalesce(grown.panel_firm_months, 0) as bigint) as panel_firm_months,
    {{ ratio('grown.energy_tce', 'group_windows.energy_tce') }} as panel_energy_share,
    cast(grown.energy_tce as decimal(28, 10)) as energy_tce,
    cast(grown.energy_last_year_tce as decimal(28, 10)) as energy_last_year_tce,
    cast(grown.value_added as decimal(28, 10)) as value_added_constant_10k_cny,
    cast(grown.value_added_last_year as decimal(28, 10))
        as value_added_constant_last_year_10k_cny,
    -- (1 + e) / (1 + v) - 1, with one rounding less.
    case
        when grown.reason is null
            then
                (grown.energy_growth - grown.value_added_growth)
                / (1 + grown.value_added_growth)
    end as intensity_change,
    case
        when grown.grouping is not null and grown.reason is null then 'measured'
        else 'not_measurable'
    end as status,
    case when grown.grouping is null then 'no_panel' else grown.reason end as reason,
    case
        when grown.months_undeflated > 0 then 'undeflated'
        when grown.grouping is not null then 'deflated'
    end as price_status,
    case
        when group_windows.window_name <> 'ytd' then 'not_year_to_date'
        when panel_cells.grouping is null then 'too_few_firms'
        else panel_cells.suppression
    end as suppression
from group_windows
left join grown
    on
        group_windows.grouping = grown.grouping
        and group_windows.panel_key = grown.group_key
        and group_windows.month = grown.month
        and group_windows.window_name = grown.window_name
left join panel_cells
    on
        group_windows.grouping = panel_cells.grouping
        and group_windows.group_key = panel_cells.group_key
        and group_windows.month = panel_cells.month
