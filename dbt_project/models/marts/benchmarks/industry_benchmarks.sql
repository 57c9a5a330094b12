-- Each row is one industry over one window that ends in a calendar month: how its
-- firms' own intensities are spread, beside the ratio of its sums.
with

industries as (
    select * from {{ ref('int_group_windows_measured') }}
    where grouping = 'industry'
),

names as (
    select * from {{ ref('int_groups_named') }}
    where grouping = 'industry'
),

peers as (
    select * from {{ ref('int_peers_measured') }}
),

cells as (
    select * from {{ ref('int_group_cells_suppressed') }}
    where grouping = 'industry'
),

rules as (
    select * from {{ ref('int_scoring_rules_dated') }}
),

settled as (
    select * from {{ ref('int_months_settled') }}
),

-- Quartiles are interpolated between the two firms beside them (Hyndman and Fan's
-- type 7, a spreadsheet's QUARTILE.INC).
spread as (
    select
        industry_code,
        month,
        window_name,
        count(*) as firms,
        count(intensity_tce_per_10k_cny) as firms_measured,
        percentile_cont(0.25) within group (
            order by intensity_tce_per_10k_cny nulls last
        ) as q1_tce_per_10k_cny,
        median(intensity_tce_per_10k_cny) as median_tce_per_10k_cny,
        percentile_cont(0.75) within group (
            order by intensity_tce_per_10k_cny nulls last
        ) as q3_tce_per_10k_cny
    from peers
    group by industry_code, month, window_name
),

joined as (
    select
        industries.*,
        names.group_name_zh,
        names.group_name_en,
        spread.q1_tce_per_10k_cny,
        spread.median_tce_per_10k_cny,
        spread.q3_tce_per_10k_cny,
        cells.largest_firm_share,
        cells.suppression,
        rules.suppression_min_firms_quartiles,
        settled.provisional,
        coalesce(spread.firms, 0) as firms,
        coalesce(spread.firms_measured, 0) as firms_measured,
        coalesce(cells.firms, 0) as firms_summed
    from industries
    left join names on industries.group_key = names.group_key
    left join spread
        on
            industries.group_key = spread.industry_code
            and industries.month = spread.month
            and industries.window_name = spread.window_name
    left join cells
        on
            industries.group_key = cells.group_key
            and industries.month = cells.month
            and industries.window_name = cells.window_name
    left join rules on industries.month = rules.month
    left join settled on industries.month = settled.month
)

select
    group_key as industry_code,
    month,
    window_name,
    group_name_zh as industry_name_zh,
    group_name_en as industry_name_en,
    firms,
    firms_measured,
    q1_tce_per_10k_cny,
    median_tce_per_10k_cny,
    q3_tce_per_10k_cny,
    intensity_constant_tce_per_10k_cny as aggregate_tce_per_10k_cny,
    status as aggregate_status,
    reason as aggregate_reason,
    firms_summed,
    largest_firm_share as largest_share,
    price_status,
    provisional,
    case
        -- Nothing is known of a cell without a matched month.
        when firms_summed = 0 then 'too_few_firms'
        else suppression
    end as aggregate_suppressed_reason,
    case
        when coalesce(firms_measured < suppression_min_firms_quartiles, true)
            then 'too_few_firms'
        when suppression = 'one_firm_dominates' then suppression
    end as quartiles_suppressed_reason
from joined
