-- Each row is one filing of any form, version and state, and the month it is about; of
-- a form without months the one in which it was received, in the district's time.
with

filings as (
    select * from {{ ref('stg_filings') }}
),

final as (
    select
        filing_id,
        form,
        coalesce(
            period,
            cast(date_trunc('month', received_at + interval 8 hour) as date)
        ) as month
    from filings
)

select * from final
