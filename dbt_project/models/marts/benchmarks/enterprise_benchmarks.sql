-- Each row is one enterprise of the population over one window (ytd, rolling_12) beside
-- the benchmark of its industry.
with

peers as (
    select * from {{ ref('int_peers_measured') }}
    where window_name <> 'month' and {{ in_build('month') }}
),

ranked as (
    select * from {{ ref('int_peers_ranked') }}
),

industries as (
    select * from {{ ref('industry_benchmarks') }}
),

rules as (
    select * from {{ ref('int_scoring_rules_dated') }}
),

targets as (
    select * from {{ ref('int_targets_dated') }}
    where target_id = '{{ var("intensity_target_id") }}'
),

chosen as (
    select
        peers.*,
        industries.firms_measured as industry_firms_measured,
        industries.q1_tce_per_10k_cny,
        industries.median_tce_per_10k_cny,
        industries.q3_tce_per_10k_cny,
        industries.provisional,
        ranked.peers,
        ranked.peers_below_share,
        targets.target_high,
        rules.tier_yellow_above,
        rules.tier_orange_above,
        rules.tier_red_above,
        case
            when coalesce(ranked.peers < rules.suppression_min_firms, true)
                then 'too_few_firms'
            -- A neighbour is found by subtracting sums, not by a place.
            when industries.aggregate_suppressed_reason <> 'protects_a_neighbour'
                then industries.aggregate_suppressed_reason
        end as peers_suppressed_reason,
        -- Quartiles of a handful of firms are those firms: the plan's target stands in.
        case
            when
                rules.benchmark_quartile is null
                or rules.benchmark_min_firms is null
                then null
            when industries.firms_measured < rules.benchmark_min_firms
                then 'district_target'
            when rules.benchmark_quartile = 1 then 'industry_q1'
            when rules.benchmark_quartile = 2 then 'industry_median'
            when rules.benchmark_quartile = 3 then 'industry_q3'
        end as benchmark_basis
    from peers
    left join industries
        on
            peers.industry_code = industries.industry_code
            and peers.month = industries.month
            and peers.window_name = industries.window_name
    left join ranked
        on
            peers.uscc = ranked.uscc
            and peers.month = ranked.month
            and peers.window_name = ranked.window_name
    left join rules on peers.month = rules.month
    left join targets on peers.month = targets.month
),

benchmarked as (
    select
        *,
        case benchmark_basis
            when 'district_target' then cast(target_high as double)
            when 'industry_q1' then q1_tce_per_10k_cny
            when 'industry_median' then median_tce_per_10k_cny
            when 'industry_q3' then q3_tce_per_10k_cny
        end as benchmark_tce_per_10k_cny
    from chosen
),

compared as (
    select
        *,
        case
            when reason is not null then reason
            when benchmark_tce_per_10k_cny is null then 'benchmark_not_set'
        end as reason_of_comparison,
        intensity_tce_per_10k_cny / nullif(benchmark_tce_per_10k_cny, 0)
            as benchmark_ratio,
        case
            when status = 'measured'
                then
                    energy_tce
                    - cast(
                        cast(value_added_constant_10k_cny as double)
                        * benchmark_tce_per_10k_cny as decimal(28, 10)
                    )
        end as energy_over_benchmark_tce,
        case
            when status = 'measured'
                then
                    energy_tce
                    - {{ product('value_added_constant_10k_cny', 'target_high') }}
        end as energy_over_target_tce
    from benchmarked
)

select
    uscc,
    month,
    window_name,
    name,
    park,
    industry_code,
    industry_name_zh,
    industry_name_en,
    cast(energy_tce as decimal(28, 10)) as energy_tce,
    cast(value_added_constant_10k_cny as decimal(28, 10))
        as value_added_constant_10k_cny,
    intensity_tce_per_10k_cny,
    reason_of_comparison as reason,
    price_status,
    industry_firms_measured,
    benchmark_basis,
    benchmark_tce_per_10k_cny,
    benchmark_ratio,
    cast(energy_over_benchmark_tce as decimal(28, 10)) as energy_over_benchmark_tce,
    cast(
        case
            when energy_over_benchmark_tce > 0 then energy_over_benchmark_tce
            when energy_over_benchmark_tce <= 0 then 0
        end as decimal(28, 10)
    ) as excess_tce,
    target_high as target_tce_per_10k_cny,
    cast(energy_over_target_tce as decimal(28, 10)) as energy_over_target_tce,
    peers,
    peers_suppressed_reason,
    provisional,
    case when reason_of_comparison is null then 'measured' else 'not_measurable' end
        as status,
    case
        when energy_over_benchmark_tce is not null
            then
                row_number() over (
                    partition by month, window_name
                    order by
                        energy_over_benchmark_tce desc nulls last,
                        uscc asc nulls last
                )
    end as excess_rank,
    case
        when reason_of_comparison is not null then null
        when benchmark_ratio > tier_red_above then 'red'
        when benchmark_ratio > tier_orange_above then 'orange'
        when benchmark_ratio > tier_yellow_above then 'yellow'
        when benchmark_ratio <= tier_yellow_above then 'green'
    end as tier,
    case when peers > 0 then peers_below_share end as peers_below_share
from compared
