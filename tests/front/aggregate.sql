-- The fixture's group months, from its own enterprise months. Plausible, not authoritative: the
-- front's tests look at what is shown of these figures, never at how the models compute them.
create temp table member as
select 'district' as grouping, '310151' as group_key, '全区' as group_name_zh, 'District' as group_name_en, * from marts.enterprise_months where in_population
union all select 'park', park, park, park, * from marts.enterprise_months where in_population
union all select 'industry', industry_code, industry_name_zh, industry_name_en, * from marts.enterprise_months where in_population
union all select 'cluster', cluster, cluster, cluster, * from marts.enterprise_months where in_population
union all select 'town', town_code, town_name_zh, town_name_en, * from marts.enterprise_months where in_population
union all select 'zone', land_zone, land_zone, land_zone, * from marts.enterprise_months where in_population
union all select 'enterprise', uscc, name, name, * from marts.enterprise_months;

create temp table span as
select month, 'month' as window_name, month as first_month from (select distinct month from marts.enterprise_months)
union all select month, 'ytd', cast(date_trunc('year', month) as date) from (select distinct month from marts.enterprise_months)
union all select month, 'rolling_12', cast(month - interval 11 month as date) from (select distinct month from marts.enterprise_months);

insert into marts.group_months by name
with summed as (
    select
        m.grouping, m.group_key, s.month, s.window_name,
        any_value(m.group_name_zh) as group_name_zh, any_value(m.group_name_en) as group_name_en,
        sum(m.energy_tce) filter (where m.matched) as energy_tce,
        sum(m.energy_tce) as energy_filed_tce,
        sum(m.value_added_10k_cny) filter (where m.matched) as value_added_current_10k_cny,
        sum(m.value_added_constant_10k_cny) filter (where m.matched) as value_added_constant_10k_cny,
        sum(m.value_added_10k_cny) as value_added_filed_10k_cny,
        sum(m.gross_output_10k_cny) as gross_output_10k_cny,
        sum(m.revenue_10k_cny) as revenue_10k_cny, sum(m.tax_10k_cny) as tax_10k_cny,
        count(distinct m.uscc) as firms_due,
        count(distinct m.uscc) filter (where m.energy_filed or m.output_filed) as firms_filed,
        count(distinct m.uscc) filter (where m.matched) as firms_matched,
        count(*) as firm_months_due,
        count(*) filter (where m.energy_filed or m.output_filed) as firm_months_filed,
        count(*) filter (where m.matched) as firm_months_matched
    from member as m
    inner join span as s on m.month between s.first_month and s.month
    group by m.grouping, m.group_key, s.month, s.window_name
)
select
    *,
    if(value_added_constant_10k_cny > 0, cast(energy_tce as double) / cast(value_added_constant_10k_cny as double), null)
        as intensity_constant_tce_per_10k_cny,
    if(value_added_current_10k_cny > 0, cast(energy_tce as double) / cast(value_added_current_10k_cny as double), null)
        as intensity_current_tce_per_10k_cny,
    if(value_added_constant_10k_cny > 0, 'measured', 'not_measurable') as status,
    case
        when firms_filed = 0 then 'nothing_filed'
        when firms_matched = 0 then 'no_matched_months'
        when value_added_constant_10k_cny <= 0 then 'value_added_not_positive'
    end as reason,
    'undeflated' as price_status, 1.0 as undeflated_share,
    firms_matched / firms_due as energy_share, 0.06 as estimated_share,
    month >= date '2026-11-01' as provisional
from summed;

insert into marts.target_progress by name
select
    'T01' as target_id, y.month,
    y.intensity_constant_tce_per_10k_cny as intensity_ytd,
    r.intensity_constant_tce_per_10k_cny as intensity_rolling_12,
    m.intensity_constant_tce_per_10k_cny as intensity_month,
    y.intensity_current_tce_per_10k_cny as intensity_ytd_current,
    round(y.intensity_constant_tce_per_10k_cny, 4) as intensity_rounded_4,
    $target as target_high, 2025 as target_year,
    y.month < date '2026-01-01' as in_plan_period,
    y.intensity_constant_tce_per_10k_cny - $target as gap,
    y.intensity_constant_tce_per_10k_cny / $target - 1 as gap_share,
    greatest(0, y.energy_tce - cast($target * y.value_added_constant_10k_cny as decimal(28, 10))) as tce_to_save,
    round(y.intensity_constant_tce_per_10k_cny, 4) <= $target as reached,
    case
        when round(y.intensity_constant_tce_per_10k_cny, 4) <= $target then 'reached'
        when round(y.intensity_constant_tce_per_10k_cny, 4) <= $target * 1.05 then 'close'
        when y.intensity_constant_tce_per_10k_cny is not null then 'not_reached'
    end as standing,
    0.05 as close_band_share,
    y.status, y.reason, y.price_status, m.energy_share as coverage_share,
    m.firms_due, m.firms_filed, m.firms_matched,
    y.month < date '2026-11-01' as is_due, y.month = date '2026-10-01' as is_headline,
    y.provisional,
    '万元工业增加值能耗下降至0.08吨标准煤左右' as quote_zh,
    '规模以上工业，按所在地；当量值；2020 年不变价' as basis_zh,
    'above-scale industry by location; energy at calorific value; constant 2020 prices' as basis_en
from marts.group_months as y
inner join marts.group_months as r
    on y.grouping = r.grouping and y.month = r.month and r.window_name = 'rolling_12'
inner join marts.group_months as m
    on y.grouping = m.grouping and y.month = m.month and m.window_name = 'month'
where y.grouping = 'district' and y.window_name = 'ytd';

insert into marts.industry_benchmarks by name
with firm as (
    select e.industry_code, g.*
    from marts.enterprise_months as e
    inner join marts.group_months as g on g.grouping = 'enterprise' and e.uscc = g.group_key and e.month = g.month
),
spread as (
    select
        industry_code, month, window_name, count(*) as firms,
        count(intensity_constant_tce_per_10k_cny) as firms_measured,
        quantile_cont(intensity_constant_tce_per_10k_cny, 0.25) as q1_tce_per_10k_cny,
        median(intensity_constant_tce_per_10k_cny) as median_tce_per_10k_cny,
        quantile_cont(intensity_constant_tce_per_10k_cny, 0.75) as q3_tce_per_10k_cny,
        max(cast(energy_tce as double)) / sum(cast(energy_tce as double)) as largest_share
    from firm group by all
)
select
    spread.*, g.group_name_zh as industry_name_zh, g.group_name_en as industry_name_en,
    g.intensity_constant_tce_per_10k_cny as aggregate_tce_per_10k_cny, g.status as aggregate_status,
    g.reason as aggregate_reason, g.firms_matched as firms_summed,
    case when g.firms_matched < 3 then 'too_few_firms' when spread.largest_share > 0.85 then 'one_firm_dominates' end
        as aggregate_suppressed_reason,
    case when spread.firms_measured < 12 then 'too_few_firms' when spread.largest_share > 0.85 then 'one_firm_dominates' end
        as quartiles_suppressed_reason,
    g.price_status, g.provisional
from spread
inner join marts.group_months as g
    on g.grouping = 'industry' and spread.industry_code = g.group_key and spread.month = g.month
    and spread.window_name = g.window_name;

insert into marts.enterprise_benchmarks by name
with compared as (
    select
        e.uscc, e.month, g.window_name, e.name, e.park, e.industry_code, e.industry_name_zh, e.industry_name_en,
        g.energy_tce, g.value_added_constant_10k_cny,
        g.intensity_constant_tce_per_10k_cny as intensity_tce_per_10k_cny, g.status, g.reason, g.price_status,
        i.firms_measured as industry_firms_measured, 'industry_median' as benchmark_basis,
        i.median_tce_per_10k_cny as benchmark_tce_per_10k_cny,
        g.intensity_constant_tce_per_10k_cny / i.median_tce_per_10k_cny as benchmark_ratio,
        case when g.status = 'measured' then g.energy_tce - cast(i.median_tce_per_10k_cny * cast(g.value_added_constant_10k_cny as double) as decimal(28, 10)) end
            as energy_over_benchmark_tce,
        $target as target_tce_per_10k_cny,
        case when g.status = 'measured' then g.energy_tce - cast($target * g.value_added_constant_10k_cny as decimal(28, 10)) end
            as energy_over_target_tce,
        case when g.status = 'measured' then i.firms_measured - 1 end as peers,
        percent_rank() over (partition by e.industry_code, e.month, g.window_name order by g.intensity_constant_tce_per_10k_cny nulls last)
            as peers_below_share,
        i.aggregate_suppressed_reason as peers_suppressed_reason, g.provisional
    from marts.enterprise_months as e
    inner join marts.group_months as g on g.grouping = 'enterprise' and e.uscc = g.group_key and e.month = g.month
    inner join marts.industry_benchmarks as i
        on e.industry_code = i.industry_code and e.month = i.month and g.window_name = i.window_name
    where g.window_name <> 'month'
)
select
    *, greatest(energy_over_benchmark_tce, 0) as excess_tce,
    case when energy_over_benchmark_tce is not null then row_number() over (
        partition by month, window_name order by energy_over_benchmark_tce desc nulls last, uscc) end as excess_rank,
    case when benchmark_ratio > 1.5 then 'red' when benchmark_ratio > 1.2 then 'orange'
        when benchmark_ratio > 1 then 'yellow' when benchmark_ratio <= 1 then 'green' end as tier
from compared;

-- Plausible, like the rest: the rolling ratio stands for the year; no band before 2025.
insert into marts.target_forecasts by name
select
    p.target_id, p.month, year(p.month) as forecast_year,
    if(p.provisional, null, p.intensity_rolling_12) as intensity_forecast,
    if(p.provisional or p.month < date '2025-01-01', null, p.intensity_rolling_12 * 0.98) as intensity_low,
    if(p.provisional or p.month < date '2025-01-01', null, p.intensity_rolling_12 * 1.02) as intensity_high,
    0.8 as band_level,
    if(p.month < date '2025-01-01', null, 0.85) as band_coverage,
    if(p.month < date '2025-01-01', 0, 20) as back_tests,
    if(not p.provisional and p.month < date '2025-01-01', 'too_few_back_tests', null) as band_reason,
    p.target_high,
    if(p.provisional, null, if(round(p.intensity_rolling_12, 4) <= p.target_high, 'reached', 'close'))
        as standing_forecast,
    if(p.provisional, null, r.energy_tce) as energy_tce,
    if(p.provisional, null, r.value_added_constant_10k_cny) as value_added_constant_10k_cny,
    if(p.provisional, null, greatest(0, r.energy_tce - cast($target * r.value_added_constant_10k_cny as decimal(28, 10))))
        as tce_to_save,
    'last_year_months_grown' as forecast_method,
    p.firms_due as firms_forecast, p.firms_due - 1 as firms_by_growth, 1 as firms_by_mean,
    0 as firms_by_last_year, 0 as firms_left_out, 12 - month(p.month) as months_remaining,
    if(p.provisional, null, month(p.month) / 12) as filed_share, 1.0 as history_share,
    if(p.provisional, 'not_measurable', 'measured') as status,
    if(p.provisional, 'month_not_settled', null) as reason,
    p.price_status, p.provisional
from marts.target_progress as p
inner join marts.group_months as r
    on p.month = r.month and r.grouping = 'district' and r.window_name = 'rolling_12';

insert into marts.lineage by name
select
    uscc, month, 'energy_monthly' as form, filing_id, line, energy_item, receipt, file_name,
    1 as version, quantity, coefficient_tce, coefficient_basis, coefficient_edition, energy_tce, counted,
    null as value_added_10k_cny, null as value_added_basis, null as deflator_index_2020_100,
    true as matched
from marts.enterprise_energy_months
union all by name
select
    uscc, month, 'output_monthly' as form, 500000 + output_line as filing_id, output_line as line,
    output_receipt as receipt, output_file_name as file_name, 1 as version,
    value_added_10k_cny, value_added_basis, deflator_index_2020_100, matched
from marts.enterprise_months
where output_filed;

insert into marts.intensity_drivers by name
with industry as (
    select
        now.group_key, now.group_name_zh, now.group_name_en, now.month,
        now.intensity_constant_tce_per_10k_cny as ratio,
        before.intensity_constant_tce_per_10k_cny as ratio_before,
        cast(before.value_added_constant_10k_cny as double)
        / sum(cast(before.value_added_constant_10k_cny as double)) over (partition by now.month)
            as share_before,
        now.energy_tce, before.energy_tce as energy_last_year_tce,
        now.value_added_constant_10k_cny,
        before.value_added_constant_10k_cny as value_added_constant_last_year_10k_cny
    from marts.group_months as now
    inner join marts.group_months as before
        on now.grouping = before.grouping and now.group_key = before.group_key
        and now.window_name = before.window_name
        and before.month = cast(now.month - interval 1 year as date)
    where now.grouping = 'industry' and now.window_name = 'ytd'
        and now.status = 'measured' and before.status = 'measured'
),

effects as (
    select *, 'intensity' as effect, share_before * (ratio - ratio_before) as contribution from industry
    union all by name
    -- The mix takes what is left, so that the parts of the fixture sum as those of the mart do.
    select
        industry.*, 'structure' as effect,
        (district.now - district.before
            - sum(share_before * (ratio - ratio_before)) over (partition by industry.month))
        / count(*) over (partition by industry.month) as contribution
    from industry
    inner join (
        select
            now.month, now.intensity_ytd as now, before.intensity_ytd as before
        from marts.target_progress as now
        inner join marts.target_progress as before
            on before.month = cast(now.month - interval 1 year as date)
    ) as district on industry.month = district.month
)

select
    'district' as grouping, '310151' as group_key, effects.month, 'industry' as member_kind,
    effects.group_key as member_key, effects.effect,
    cast(effects.month - interval 1 year as date) as month_last_year,
    effects.group_name_zh as member_name_zh, effects.group_name_en as member_name_en,
    effects.contribution as contribution_tce_per_10k_cny,
    now.intensity_ytd as intensity_tce_per_10k_cny,
    before.intensity_ytd as intensity_last_year_tce_per_10k_cny,
    count(distinct effects.group_key) over (partition by effects.month) as panel_members,
    now.provisional, effects.energy_tce, effects.energy_last_year_tce,
    effects.value_added_constant_10k_cny, effects.value_added_constant_last_year_10k_cny,
    'undeflated' as price_status
from effects
inner join marts.target_progress as now on effects.month = now.month
inner join marts.target_progress as before
    on before.month = cast(effects.month - interval 1 year as date);

insert into marts.plan_scoreboard by name
with plan as (
    select * from (values
        ('T07', 'target', '海洋装备产业产值', 'marine-equipment output', '全区', 'gross_output', 'at_least',
            '亿元', 583.47, 1000, 1000, 2025, null, null, 'not_reached', null, null, 'medium'),
        ('T03', 'target', '淘汰落后产能项目', 'phase-outs', '全区', 'projects_completed', 'at_least',
            '项', 7, 5, 10, 2025, null, null, 'reached', null, null, 'high'),
        ('T06', 'target', '园区单位土地产值', 'park output per km2', '产业园区', 'gross_output_per_km2', 'at_least',
            '亿元/平方公里', null, 25, 25, 2025, null, null, 'not_measurable',
            '范围内 5 个园区中，5 个没有登记土地面积（park_land）',
            'no land area is filed (park_land) for 5 of 5 parks', 'low'),
        ('T11', 'target', '新兴产业产值', 'emerging industries output', '多处', 'gross_output', 'at_least',
            '亿元', 33.4, 30, 30, 2025, null, null, 'reached', null, null, 'low'),
        ('B01', 'baseline', '全区工业总产值', 'gross industrial output', '全区工业', 'gross_output', 'counted',
            '亿元', 475.3, null, null, null, 475.3, '2020', 'compared', null, null, 'medium'),
        ('R02', 'rule', '198区域 减量化', 'zone 198: reduce', '198', 'firms_entered', 'counted',
            null, 1, null, null, null, null, null, 'counted', null, null, 'high')
    ) as listed (
        target_id, row_type, indicator_zh, indicator_en, entity_scope, measure, direction, unit,
        measured_value, target_low, target_high, target_year, baseline_value, baseline_year,
        status, reason_zh, reason_en, confidence
    )
)
select
    plan.*, progress.month, '表1' as section, date_trunc('year', progress.month) as first_month,
    progress.month as last_month, '预计' as comparator, progress.in_plan_period,
    case when plan.reason_en is not null then 'park_land_missing' end as reason,
    progress.is_headline, progress.provisional, '示例口径' as basis_zh, 'an example basis' as basis_en,
    '示例原文' as quote_zh, 'calendar_year' as value_window,
    plan.measured_value - coalesce(plan.target_low, plan.baseline_value) as gap,
    plan.measured_value / coalesce(plan.target_low, plan.baseline_value) - 1 as gap_share,
    120 as firm_months_due, 119 as firm_months_filed
from plan cross join marts.target_progress as progress;

insert into marts.enterprise_quality_months by name
with span as (
    select month, 'month' as window_name, month as first_month from (select distinct month from marts.filing_coverage)
    union all
    select month, 'rolling_12', cast(month - interval 11 month as date) from (select distinct month from marts.filing_coverage)
),
counted as (
    select
        c.uscc, s.month, s.window_name, any_value(c.name) as name, any_value(c.park) as park,
        count(*) filter (where c.state <> 'not_due_yet') as forms_due,
        count(*) filter (where c.state in ('filed', 'late')) as forms_filed,
        count(*) filter (where c.state = 'filed') as forms_in_time,
        sum(c.days_late) as days_late, count(*) filter (where c.state in ('filed', 'late', 'returned')) as filings,
        count(*) filter (where c.state in ('filed', 'late')) as filings_passed,
        count(*) filter (where c.state = 'returned') as filings_returned
    from marts.filing_coverage as c
    inner join span as s on c.month between s.first_month and s.month
    group by c.uscc, s.month, s.window_name
),
shared as (
    select
        *, filings_passed as filings_clean, 0 as corrections, filings_returned as findings_error, 0 as findings_warning,
        forms_filed / nullif(forms_due, 0) as completeness_share,
        forms_in_time / nullif(forms_due, 0) as punctuality_share,
        filings_passed / nullif(filings, 0) as pass_share, 1.0 as weight_measured_share
    from counted
)
select
    *, 100 * (0.4 * completeness_share + 0.3 * punctuality_share + 0.3 * coalesce(pass_share, 1)) as score
from shared;
