-- Each row is one target, baseline or rule of a plan in one calendar month.
with

measured as (
    select * from {{ ref('int_plan_values_measured') }}
),

coverage as (
    select * from {{ ref('int_district_coverage_judged') }}
),

bounded as (
    select
        measured.*,
        coverage.provisional,
        coalesce(coverage.is_headline, false) as is_headline,
        case
            when measured.is_baseline then measured.baseline_value
            when measured.direction = 'at_least' then measured.target_low
            when measured.direction = 'at_most' then measured.target_high
        end as held_against,
        -- The intensity is judged at four decimals, as in target_progress.
        case
            when measured.measure = 'energy_intensity'
                then cast(round(measured.value_in_unit, 4) as decimal(28, 10))
            else measured.value_in_unit
        end as judged_value,
        -- A part of a year is no year: what it lacks may still come.
        measured.span = 'calendar_year'
        and measured.measure <> 'energy_intensity'
        and month(measured.last_month) < 12 as is_part_year
    from measured
    left join coverage on measured.month = coverage.month
),

judged as (
    select
        *,
        case
            when is_baseline or direction = 'counted' then null
            when direction = 'at_least' then judged_value >= held_against
            when direction = 'at_most' then judged_value <= held_against
        end as reached
    from bounded
)

select
    target_id,
    month,
    section,
    row_type,
    indicator_zh,
    indicator_en,
    entity_scope,
    measure,
    direction,
    first_month,
    last_month,
    unit,
    value_in_unit as measured_value,
    target_low,
    target_high,
    target_year,
    comparator,
    baseline_value,
    baseline_year,
    in_plan_period,
    reason,
    is_headline,
    coalesce(provisional, true) as provisional,
    confidence,
    basis_zh,
    basis_en,
    quote_zh,
    ambiguity,
    case
        when reason in ('no_measure', 'not_begun') or span is null then null
        when is_part_year then 'year_to_date'
        when is_baseline then 'baseline_years'
        when measure = 'energy_intensity' and month(last_month) < 12
            then 'year_to_date'
        else span
    end as value_window,
    case
        when value_in_unit is null then 'not_measurable'
        when is_baseline then 'compared'
        when reached is null then 'counted'
        when reached then 'reached'
        when
            month >= make_date(cast(target_year as integer), 12, 1)
            and not is_part_year
            then 'not_reached'
        else 'on_the_way'
    end as status,
    cast(value_in_unit - held_against as decimal(28, 10)) as gap,
    {{ ratio('value_in_unit - held_against', 'held_against') }} as gap_share,
    cast(firm_months_due as bigint) as firm_months_due,
    cast(firm_months_filed as bigint) as firm_months_filed,
    case reason
        when 'not_in_forms' then reason_zh
        when 'no_measure' then '没有为这一指标登记测算口径（plan_measures）'
        when 'not_begun' then '所属年份还没有开始'
        when 'nothing_filed' then '所属月份和范围内没有报送'
        when 'no_firms_registered' then '本月企业名录为空'
        when 'no_matched_months' then '没有能耗与增加值都已报送的企业月'
        when 'value_added_not_positive' then '增加值合计不为正'
        when 'no_projects_filed' then '没有报送过重点项目'
        when 'before_the_series' then '所属年份早于本系统的数据，未补报'
        when 'saving_not_stated' then '已完成的项目都没有填报节能量'
        when 'park_land_missing'
            then
                '范围内 ' || cast(coalesce(parks, 0) as string) || ' 个园区中，'
                || cast(coalesce(parks_without_land, 0) as string)
                || ' 个没有登记土地面积（park_land）'
    end as reason_zh,
    case reason
        when 'not_in_forms' then reason_en
        when 'no_measure' then 'no measure is filed for it (plan_measures)'
        when 'not_begun' then 'its years have not begun'
        when 'nothing_filed' then 'nothing is filed for its months and scope'
        when 'no_firms_registered' then 'the register of the month is empty'
        when 'no_matched_months'
            then 'no firm-month has both energy and value added'
        when 'value_added_not_positive' then 'value added is not above zero'
        when 'no_projects_filed' then 'no plan project was ever filed'
        when 'before_the_series'
            then 'its years lie before the data, and none was filed for them'
        when 'saving_not_stated' then 'no completed project states its saving'
        when 'park_land_missing'
            then
                'no land area is filed (park_land) for '
                || cast(coalesce(parks_without_land, 0) as string) || ' of '
                || cast(coalesce(parks, 0) as string) || ' parks'
    end as reason_en
from judged
