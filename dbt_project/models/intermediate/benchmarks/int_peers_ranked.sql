-- Each row is one measured enterprise over one window and its place among the measured
-- firms of its industry: the share of the others that are less intensive.
with

peers as (
    select * from {{ ref('int_peers_measured') }}
    where status = 'measured' and {{ in_build('month') }}
),

final as (
    select
        uscc,
        month,
        window_name,
        count(*) over (
            partition by industry_code, month, window_name
        ) - 1 as peers,
        percent_rank() over (
            partition by industry_code, month, window_name
            order by intensity_tce_per_10k_cny nulls last
        ) as peers_below_share
    from peers
)

select * from final
