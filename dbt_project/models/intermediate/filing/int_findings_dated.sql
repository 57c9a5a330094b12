-- Each row is one finding and the month it is about: its filing's, its own, or else the
-- month in which the file was received, in the district's time.
with

findings as (
    select * from {{ ref('stg_findings') }}
),

filings as (
    select * from {{ ref('int_filings_dated') }}
),

final as (
    select
        findings.receipt,
        findings.check_id,
        findings.severity,
        findings.filing_id,
        filings.form,
        coalesce(
            filings.month,
            findings.period,
            cast(
                date_trunc('month', findings.received_at + interval 8 hour) as date
            )
        ) as month
    from findings
    left join filings on findings.filing_id = filings.filing_id
)

select * from final
