-- Each row is one enterprise over one window (month, rolling_12) in which a monthly
-- form of it fell due or came in: complete, in time, and passed by the checks.
with

clock as (
    select * from {{ ref('stg_clock') }}
),

owed as (
    select * from {{ ref('filing_coverage') }}
),

filings as (
    select * from {{ ref('int_monthly_filings_judged') }}
),

windows as (
    select * from {{ ref('int_month_windows_listed') }}
    where window_name <> 'ytd'
),

enterprise_months as (
    select * from {{ ref('enterprise_months') }}
),

rules as (
    select * from {{ ref('int_scoring_rules_dated') }}
),

-- A form counts from the day after its due day, filed or not: an early one does not
-- make a month complete that others still have time for.
due as (
    select
        owed.uscc,
        owed.month,
        count(*) as forms_due,
        count(*) filter (where owed.state in ('filed', 'late')) as forms_filed,
        count(*) filter (where owed.state = 'filed') as forms_in_time,
        sum(owed.days_late) as days_late
    from owed
    inner join clock on owed.due_on < clock.today
    group by owed.uscc, owed.month
),

sent_by_form as (
    select
        uscc,
        month,
        form,
        count(*) as filings,
        count(*) filter (where findings_error = 0) as filings_passed,
        count(*) filter (
            where findings_error = 0 and findings_warning = 0
        ) as filings_clean,
        count(*) filter (where state = 'returned') as filings_returned,
        -- The first accepted version answers the form; each one after it corrects.
        greatest(count(accepted_at) - 1, 0) as corrections,
        sum(findings_error) as findings_error,
        sum(findings_warning) as findings_warning
    from filings
    group by uscc, month, form
),

sent as (
    select
        uscc,
        month,
        sum(filings) as filings,
        sum(filings_passed) as filings_passed,
        sum(filings_clean) as filings_clean,
        sum(filings_returned) as filings_returned,
        sum(corrections) as corrections,
        sum(findings_error) as findings_error,
        sum(findings_warning) as findings_warning
    from sent_by_form
    group by uscc, month
),

keys as (
    select
        uscc,
        month
    from due
    union distinct
    select
        uscc,
        month
    from sent
),

summed as (
    select
        keys.uscc,
        windows.month,
        windows.window_name,
        coalesce(sum(due.forms_due), 0) as forms_due,
        coalesce(sum(due.forms_filed), 0) as forms_filed,
        coalesce(sum(due.forms_in_time), 0) as forms_in_time,
        coalesce(sum(due.days_late), 0) as days_late,
        coalesce(sum(sent.filings), 0) as filings,
        coalesce(sum(sent.filings_passed), 0) as filings_passed,
        coalesce(sum(sent.filings_clean), 0) as filings_clean,
        coalesce(sum(sent.filings_returned), 0) as filings_returned,
        coalesce(sum(sent.corrections), 0) as corrections,
        coalesce(sum(sent.findings_error), 0) as findings_error,
        coalesce(sum(sent.findings_warning), 0) as findings_warning
    from keys
    inner join windows on keys.month = windows.member_month
    left join due on keys.uscc = due.uscc and keys.month = due.month
    left join sent on keys.uscc = sent.uscc and keys.month = sent.month
    group by keys.uscc, windows.month, windows.window_name
),

final as (
    select
        summed.*,
        enterprise_months.name,
        enterprise_months.park,
        {{ quality_score('summed', 'rules') }}
    from summed
    left join enterprise_months
        on
            summed.uscc = enterprise_months.uscc
            and summed.month = enterprise_months.month
    left join rules on summed.month = rules.month
)

select
    uscc,
    month,
    window_name,
    name,
    park,
    cast(days_late as bigint) as days_late,
    {{ quality_columns() }}
from final
