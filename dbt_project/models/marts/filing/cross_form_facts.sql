-- Each row is one thing that the two monthly forms of one enterprise and month say only
-- together: one without the other, unlike intervals, or energy beside a nil return.
with

clock as (
    select * from {{ ref('stg_clock') }}
),

parameters as (
    select * from {{ ref('int_check_parameters_dated') }}
),

enterprise_months as (
    select * from {{ ref('enterprise_months') }}
),

coverage as (
    select * from {{ ref('filing_coverage') }}
),

look_back as (
    select
        clock.today,
        parameters.value as months,
        cast(year(clock.this_month) as integer) * 12
        + cast(month(clock.this_month) as integer) as this_month_number
    from clock
    left join parameters
        on
            clock.this_month = parameters.month
            and parameters.parameter = 'cross_form_alert_months'
),

owed as (
    select
        uscc,
        month,
        max(due_on) as due_on,
        sum(case when state = 'awaiting_review' then 1 else 0 end) as awaiting_review
    from coverage
    group by uscc, month
),

facts as (
    select
        uscc,
        month,
        case unmatched_reason
            when 'output_missing' then 'energy_without_output'
            when 'energy_missing' then 'output_without_energy'
            when 'interval_differs' then 'interval_differs'
        end as fact
    from enterprise_months
    -- What a February filing says of January is told once, with February.
    where
        unmatched_reason in ('output_missing', 'energy_missing', 'interval_differs')
        and not covered_by_february
    union all
    select
        uscc,
        month,
        'nil_return_with_energy' as fact
    from enterprise_months
    where nil_return and energy_filed and energy_tce > 0
)

select
    facts.uscc,
    facts.month,
    facts.fact,
    enterprise_months.name,
    enterprise_months.park,
    owed.due_on,
    enterprise_months.energy_tce,
    enterprise_months.energy_receipt,
    enterprise_months.output_receipt,
    look_back.today > owed.due_on as past_due,
    -- A form that waits for a review is there: the bureau has to act, not the firm.
    look_back.today > owed.due_on
    and owed.awaiting_review = 0
    and coalesce(
        look_back.this_month_number
        - cast(year(facts.month) as integer) * 12
        - cast(month(facts.month) as integer) <= look_back.months,
        false
    ) as to_alert
from facts
inner join enterprise_months
    on facts.uscc = enterprise_months.uscc and facts.month = enterprise_months.month
inner join owed
    on facts.uscc = owed.uscc and facts.month = owed.month
cross join look_back
