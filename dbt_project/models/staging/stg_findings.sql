-- Each row is one failed check of a submission that was known as of the clock.
with

findings as (
    select * from {{ source('filed', 'findings') }}
),

clock as (
    select * from {{ ref('stg_clock') }}
),

final as (
    select
        findings.receipt,
        findings.filing_id,
        findings.check_id,
        findings.severity,
        findings.line,
        findings.column_name,
        findings.period,
        findings.received_at
    from findings
    cross join clock
    where
        findings.received_at <= clock.as_of
        and coalesce(findings.found_at, findings.received_at) <= clock.as_of
)

select * from final
