-- Each row is one check in one month in which a form that it looks at came in, or in
-- which it found something.
with

checks as (
    select * from {{ ref('stg_checks') }}
),

findings as (
    select * from {{ ref('int_findings_dated') }}
),

filings as (
    select * from {{ ref('int_filings_dated') }}
),

-- A check of an earlier set of rules is known by what it found.
check_forms as (
    select
        check_id,
        form
    from checks
    union distinct
    select
        check_id,
        form
    from findings
    where form is not null
),

filings_of_months as (
    select
        form,
        month,
        count(*) as filings_checked
    from filings
    group by form, month
),

touched as (
    select
        check_forms.check_id,
        filings_of_months.month,
        sum(filings_of_months.filings_checked) as filings_checked
    from check_forms
    inner join filings_of_months on check_forms.form = filings_of_months.form
    group by check_forms.check_id, filings_of_months.month
),

found as (
    select
        check_id,
        month,
        count(*) as findings,
        count(distinct filing_id) as filings_failed,
        count(
            distinct case when filing_id is null then receipt end
        ) as files_failed
    from findings
    group by check_id, month
),

named as (
    select
        check_id,
        max(check_name) as check_name,
        max(severity) as severity
    from (
        select
            check_id,
            check_name,
            severity
        from checks
        union all
        select
            check_id,
            null as check_name,
            severity
        from findings
    ) as known
    group by check_id
),

counted as (
    select
        touched.filings_checked,
        coalesce(touched.check_id, found.check_id) as check_id,
        coalesce(touched.month, found.month) as month,
        coalesce(found.findings, 0) as findings,
        coalesce(found.filings_failed, 0) as filings_failed,
        coalesce(found.files_failed, 0) as files_failed
    from touched
    full outer join found
        on touched.check_id = found.check_id and touched.month = found.month
),

final as (
    select
        counted.check_id,
        counted.month,
        named.check_name,
        named.severity,
        counted.findings,
        counted.filings_failed,
        counted.files_failed,
        counted.filings_checked,
        counted.filings_failed + counted.files_failed as failed,
        counted.filings_checked + counted.files_failed as touched
    from counted
    inner join named on counted.check_id = named.check_id
)

select
    check_id,
    month,
    severity,
    cast(findings as bigint) as findings,
    cast(filings_failed as bigint) as filings_failed,
    cast(filings_checked as bigint) as filings_checked,
    1 - {{ ratio('failed', 'touched') }} as pass_share,
    check_name,
    cast(files_failed as bigint) as files_failed
from final
