-- Each row is one energy-intensity target in one calendar month of the series.
with

targets as (
    select * from {{ ref('int_targets_dated') }}
    where target_id = '{{ var("intensity_target_id") }}'
),

district as (
    select * from {{ ref('group_months') }}
    where grouping = 'district'
),

coverage as (
    select * from {{ ref('int_district_coverage_judged') }}
),

close_bands as (
    select * from {{ ref('int_check_parameters_dated') }}
    where parameter = 'target_close_band'
),

held_against as (
    select
        targets.target_id,
        targets.month,
        targets.target_high,
        targets.target_year,
        targets.quote_zh,
        targets.in_plan_period,
        of_ytd.energy_tce,
        of_ytd.value_added_constant_10k_cny,
        of_ytd.intensity_constant_tce_per_10k_cny as intensity_ytd,
        of_rolling.intensity_constant_tce_per_10k_cny as intensity_rolling_12,
        of_month.intensity_constant_tce_per_10k_cny as intensity_month,
        of_ytd.intensity_current_tce_per_10k_cny as intensity_ytd_current,
        -- The plan prints two decimals; reached is judged at four.
        cast(
            round(of_ytd.intensity_constant_tce_per_10k_cny, 4) as decimal(19, 4)
        ) as intensity_rounded_4,
        of_ytd.status,
        of_ytd.reason,
        of_ytd.price_status,
        coverage.coverage_share,
        coverage.firms_due,
        coverage.firms_filed,
        coverage.firms_matched,
        coverage.is_due,
        coverage.is_headline,
        coverage.provisional,
        close_bands.value as close_band
    from targets
    left join district as of_ytd
        on targets.month = of_ytd.month and of_ytd.window_name = 'ytd'
    left join district as of_rolling
        on targets.month = of_rolling.month and of_rolling.window_name = 'rolling_12'
    left join district as of_month
        on targets.month = of_month.month and of_month.window_name = 'month'
    left join coverage on targets.month = coverage.month
    left join close_bands on targets.month = close_bands.month
)

select
    target_id,
    month,
    intensity_ytd,
    intensity_rolling_12,
    intensity_month,
    intensity_ytd_current,
    intensity_rounded_4,
    target_high,
    target_year,
    in_plan_period,
    intensity_ytd - cast(target_high as double) as gap,
    {{ ratio('intensity_ytd - cast(target_high as double)', 'target_high') }}
        as gap_share,
    case
        when status = 'measured'
            then
                cast(
                    greatest(
                        energy_tce
                        - {{ product('value_added_constant_10k_cny', 'target_high') }},
                        0
                    ) as decimal(28, 10)
                )
    end as tce_to_save,
    intensity_rounded_4 <= target_high as reached,
    {{ standing('intensity_ytd', 'target_high', 'close_band') }} as standing,
    cast(close_band as double) as close_band_share,
    status,
    reason,
    price_status,
    coverage_share,
    cast(firms_due as bigint) as firms_due,
    cast(firms_filed as bigint) as firms_filed,
    cast(firms_matched as bigint) as firms_matched,
    is_due,
    is_headline,
    provisional,
    quote_zh,
    '规上工业（按所在地）；电力当量折标；'
    || case
        when price_status = 'deflated' then '2020年可比价'
        when price_status = 'undeflated' then '未平减（部分或全部月份没有价格指数）'
        else '2020年可比价'
    end
    || '；不扣除原料用能和非化石能源；1月至本月累计' as basis_zh,
    'above-scale industry by location; electricity at its heat equivalent; '
    || case
        when price_status = 'deflated' then '2020 constant price'
        when price_status = 'undeflated'
            then 'undeflated (no price index for some or all months)'
        else '2020 constant price'
    end
    || '; no deductions for feedstock or non-fossil energy; January to this month'
        as basis_en
from held_against
