-- Each row is one check in one month in which it found something, or in which forms
-- came in that it has ever found something in.
with

findings as (
    select * from {{ ref('int_findings_dated') }}
),

filings as (
    select * from {{ ref('int_monthly_filings_judged') }}
),

-- Filings of the forms that the check looks at, as far as its findings have shown them.
check_forms as (
    select distinct
        check_id,
        severity,
        form
    from findings
),

filings_of_months as (
    select
        form,
        month,
        count(*) as filings_checked
    from filings
    group by form, month
),

counted as (
    select
        check_forms.check_id,
        filings_of_months.month,
        max(check_forms.severity) as severity,
        sum(filings_of_months.filings_checked) as filings_checked,
        0 as findings,
        0 as filings_failed
    from check_forms
    inner join filings_of_months on check_forms.form = filings_of_months.form
    group by check_forms.check_id, filings_of_months.month
    union all
    select
        check_id,
        month,
        max(severity) as severity,
        null as filings_checked,
        count(*) as findings,
        count(distinct filing_id) as filings_failed
    from findings
    group by check_id, month
),

final as (
    select
        check_id,
        month,
        max(severity) as severity,
        sum(findings) as findings,
        sum(filings_failed) as filings_failed,
        sum(filings_checked) as filings_checked
    from counted
    group by check_id, month
)

select
    check_id,
    month,
    severity,
    cast(findings as bigint) as findings,
    cast(filings_failed as bigint) as filings_failed,
    cast(filings_checked as bigint) as filings_checked,
    1 - {{ ratio('filings_failed', 'filings_checked') }} as pass_share
from final
