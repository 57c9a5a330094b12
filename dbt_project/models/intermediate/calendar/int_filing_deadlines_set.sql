-- Each row is one monthly form in one month, and the last day on which it may be filed
-- in time: the filing calendar's, or else the usual day of the following month.
with

months as (
    select * from {{ ref('int_calendar_months') }}
),

forms as (
    select 'energy_monthly' as form
    union all
    select 'output_monthly' as form
),

parameters as (
    select * from {{ ref('int_check_parameters_dated') }}
),

filing_calendar as (
    select * from {{ ref('stg_filing_calendar') }}
),

usual as (
    select
        months.month,
        cast(months.month + interval 1 month as date) as next_month,
        cast(parameters.value as integer) as due_day
    from months
    left join parameters
        on
            months.month = parameters.month
            and parameters.parameter = 'filing_due_day'
),

final as (
    select
        forms.form,
        usual.month,
        coalesce(
            filing_calendar.due_on,
            make_date(
                cast(year(usual.next_month) as integer),
                cast(month(usual.next_month) as integer),
                least(usual.due_day, cast(day(last_day(usual.next_month)) as integer))
            )
        ) as due_on
    from usual
    cross join forms
    left join filing_calendar
        on
            forms.form = filing_calendar.form
            and usual.month = filing_calendar.month
)

select * from final
