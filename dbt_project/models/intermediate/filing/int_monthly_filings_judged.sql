-- Each row is one monthly filing of any version and state, with its findings counted.
with

filings as (
    select * from {{ ref('stg_filings') }}
    where form in ('energy_monthly', 'output_monthly')
),

findings as (
    select * from {{ ref('stg_findings') }}
),

counted as (
    select
        filing_id,
        count(*) filter (where severity = 'error') as findings_error,
        count(*) filter (where severity = 'warning') as findings_warning
    from findings
    where filing_id is not null
    group by filing_id
),

final as (
    select
        filings.filing_id,
        filings.form,
        filings.subject as uscc,
        filings.period as month,
        filings.state,
        filings.accepted_at,
        coalesce(counted.findings_error, 0) as findings_error,
        coalesce(counted.findings_warning, 0) as findings_warning
    from filings
    left join counted on filings.filing_id = counted.filing_id
)

select * from final
