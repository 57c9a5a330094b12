-- Each row is one reporting month: how clean the monthly filings for it came in.
with

filings as (
    select * from {{ ref('int_monthly_filings_judged') }}
),

counted as (
    select
        month,
        count(*) as filings,
        count(*) filter (
            where findings_error = 0 and findings_warning = 0
        ) as filings_clean,
        count(*) filter (where state = 'returned') as filings_returned,
        sum(findings_error) as findings_error,
        sum(findings_warning) as findings_warning
    from filings
    group by month
)

select
    month,
    filings,
    filings_clean,
    filings_returned,
    cast(findings_error as bigint) as findings_error,
    cast(findings_warning as bigint) as findings_warning,
    100 * {{ ratio('filings_clean', 'filings') }} as score
from counted
