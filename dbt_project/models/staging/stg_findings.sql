-- Each row is one failed check of a submission that was known as of the clock.
with

findings as (
    select * from {{ source('filed', 'findings') }}
),

instant as (
    select * from {{ ref('stg_instant') }}
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
    cross join instant
    where
        findings.received_at <= instant.as_of
        and coalesce(findings.found_at, findings.received_at) <= instant.as_of
)

select * from final
