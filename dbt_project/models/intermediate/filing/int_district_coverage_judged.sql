-- Each row is one month: whether the district's number of it is settled. The headline
-- month is the latest one past its due day with enough coverage; later ones are
-- provisional.
with

months as (
    select * from {{ ref('int_calendar_months') }}
),

clock as (
    select * from {{ ref('stg_clock') }}
),

deadlines as (
    select
        month,
        max(due_on) as due_on
    from {{ ref('int_filing_deadlines_set') }}
    group by month
),

parameters as (
    select * from {{ ref('int_check_parameters_dated') }}
    where parameter = 'headline_coverage_min'
),

district as (
    select * from {{ ref('int_group_windows_measured') }}
    where grouping = 'district'
),

-- The share of energy is of the year to date, the count of firms of the month itself:
-- over a year to date every firm that filed once would count.
covered as (
    select
        months.month,
        deadlines.due_on,
        clock.today > deadlines.due_on as is_due,
        of_month.firms_due,
        of_month.firms_filed,
        of_month.firms_matched,
        parameters.value as headline_coverage_min,
        coalesce(
            of_ytd.energy_share,
            {{ ratio('of_month.firms_matched', 'of_month.firms_due') }}
        ) as coverage_share
    from months
    cross join clock
    left join deadlines on months.month = deadlines.month
    left join parameters on months.month = parameters.month
    left join district as of_month
        on months.month = of_month.month and of_month.window_name = 'month'
    left join district as of_ytd
        on months.month = of_ytd.month and of_ytd.window_name = 'ytd'
),

settled as (
    select
        *,
        is_due
        and coalesce(
            coverage_share >= cast(headline_coverage_min as double), false
        ) as is_settled
    from covered
),

headline as (
    select max(month) as headline_month
    from settled
    where is_settled
),

final as (
    select
        settled.month,
        settled.due_on,
        settled.is_due,
        settled.firms_due,
        settled.firms_filed,
        settled.firms_matched,
        settled.coverage_share,
        settled.is_settled,
        headline.headline_month,
        coalesce(settled.month = headline.headline_month, false) as is_headline,
        coalesce(settled.month > headline.headline_month, true) as provisional
    from settled
    cross join headline
)

select * from final
