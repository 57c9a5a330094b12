-- Each row is one reporting month of the district: the sums of its firms, and the same
-- score.
with

enterprise_quality as (
    select * from {{ ref('enterprise_quality_months') }}
    where window_name = 'month'
),

rules as (
    select * from {{ ref('int_scoring_rules_dated') }}
),

summed as (
    select
        month,
        sum(forms_due) as forms_due,
        sum(forms_filed) as forms_filed,
        sum(forms_in_time) as forms_in_time,
        sum(filings) as filings,
        sum(filings_passed) as filings_passed,
        sum(filings_clean) as filings_clean,
        sum(filings_returned) as filings_returned,
        sum(corrections) as corrections,
        sum(findings_error) as findings_error,
        sum(findings_warning) as findings_warning
    from enterprise_quality
    group by month
),

final as (
    select
        summed.*,
        {{ quality_score('summed', 'rules') }}
    from summed
    left join rules on summed.month = rules.month
)

select
    month,
    {{ quality_columns() }}
from final
