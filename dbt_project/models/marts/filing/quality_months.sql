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
    cast(forms_due as bigint) as forms_due,
    cast(forms_filed as bigint) as forms_filed,
    cast(forms_in_time as bigint) as forms_in_time,
    cast(filings as bigint) as filings,
    cast(filings_passed as bigint) as filings_passed,
    cast(filings_clean as bigint) as filings_clean,
    cast(filings_returned as bigint) as filings_returned,
    cast(corrections as bigint) as corrections,
    cast(findings_error as bigint) as findings_error,
    cast(findings_warning as bigint) as findings_warning,
    completeness_share,
    punctuality_share,
    pass_share,
    weight_measured_share,
    score
from final
