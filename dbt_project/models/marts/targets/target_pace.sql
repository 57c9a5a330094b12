-- Each row is one energy-intensity target in one calendar month: the decline a year
-- that would reach it in its year, and the decline there was. The line is ours: the
-- plan has none.
with

targets as (
    select * from {{ ref('int_targets_dated') }}
    where target_id = '{{ var("intensity_target_id") }}'
),

months as (
    select * from {{ ref('int_calendar_months') }}
),

district as (
    select * from {{ ref('group_months') }}
    where grouping = 'district' and window_name = 'ytd'
),

growth as (
    select * from {{ ref('group_growth') }}
    where grouping = 'district' and window_name = 'ytd'
),

based as (
    select
        targets.target_id,
        targets.month,
        targets.target_high,
        targets.target_year,
        targets.baseline_value,
        this_year.intensity_constant_tce_per_10k_cny as intensity_ytd,
        last_year.intensity_constant_tce_per_10k_cny as intensity_ytd_last_year,
        growth.energy_growth,
        growth.value_added_growth,
        growth.intensity_change as achieved_change,
        growth.panel_firms,
        growth.panel_energy_share,
        this_year.price_status,
        this_year.provisional,
        -- Text in the plan's table: a span of years is no base year.
        try_cast(targets.baseline_year as bigint) as baseline_year,
        targets.target_year - year(targets.month) + 1 as years_left,
        case
            when this_year.status = 'not_measurable' then this_year.reason
            when coalesce(targets.target_year < year(targets.month), true)
                then 'target_year_over'
            when
                last_year.intensity_constant_tce_per_10k_cny is null
                then 'no_last_year'
            else growth.reason
        end as reason
    from targets
    inner join months on targets.month = months.month
    left join district as this_year on targets.month = this_year.month
    left join district as last_year on months.month_last_year = last_year.month
    left join growth on targets.month = growth.month
),

paced as (
    select
        *,
        -- Below the target already: no decline is called for.
        case
            when reason is null
                then
                    least(
                        (
                            cast(target_high as double) / intensity_ytd_last_year - 1
                        ) / years_left,
                        0
                    )
        end as required_change,
        -- Against the plan's own baseline, where a plan gives one.
        case
            when baseline_value is not null and baseline_year < target_year
                then
                    cast(baseline_value as double)
                    + cast(target_high - baseline_value as double)
                    * (least(year(month), target_year) - baseline_year)
                    / (target_year - baseline_year)
        end as plan_line_intensity
    from based
)

select
    target_id,
    month,
    target_high,
    intensity_ytd,
    intensity_ytd_last_year,
    required_change,
    achieved_change,
    energy_growth,
    value_added_growth,
    panel_energy_share,
    reason,
    price_status,
    provisional,
    plan_line_intensity,
    cast(target_year as bigint) as target_year,
    cast(case when reason is null then years_left end as bigint) as years_left,
    cast(coalesce(panel_firms, 0) as bigint) as panel_firms,
    intensity_ytd_last_year * (1 + required_change) as intensity_on_line,
    achieved_change <= required_change as on_pace,
    case when reason is null then 'measured' else 'not_measurable' end as status,
    case when plan_line_intensity is null then 'not_measurable' else 'measured' end
        as plan_line_status,
    case when plan_line_intensity is null then 'no_plan_baseline' end
        as plan_line_reason,
    '直线进度为本系统口径：规划未给年度路径'
    || case when baseline_value is null then '，也未给基数' else '' end
    || '；从上年同期按直线到目标年，降幅按同口径企业' as basis_zh,
    'The straight line is ours: the plan gives no annual path'
    || case when baseline_value is null then ' and no baseline' else '' end
    || '; from the same months of last year to the target year, declines on firms'
    || ' present in both years' as basis_en
from paced
