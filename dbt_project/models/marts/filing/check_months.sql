-- Each row is one check in one month in which it found something.
with

findings as (
    select * from {{ ref('int_findings_dated') }}
),

filings as (
    select * from {{ ref('int_monthly_filings_judged') }}
),

found as (
    select
        check_id,
        month,
        max(severity) as severity,
        count(*) as findings,
        count(distinct filing_id) as filings_failed
    from findings
    group by check_id, month
),

check_forms as (
    select distinct
        check_id,
        form
    from findings
    where form is not null
),

-- Filings of the forms that the check looks at, as far as its findings have shown them.
checked as (
    select
        check_forms.check_id,
        filings.month,
        count(*) as filings_checked
    from check_forms
    inner join filings on check_forms.form = filings.form
    group by check_forms.check_id, filings.month
)

select
    found.check_id,
    found.month,
    found.severity,
    found.findings,
    found.filings_failed,
    checked.filings_checked,
    1 - {{ ratio('found.filings_failed', 'checked.filings_checked') }} as pass_share
from found
left join checked
    on found.check_id = checked.check_id and found.month = checked.month
