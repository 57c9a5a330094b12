-- Each row is one monthly form that one enterprise of the population owes for one
-- month.
with

clock as (
    select * from {{ ref('stg_clock') }}
),

register_months as (
    select * from {{ ref('int_register_spread_over_months') }}
    where in_population and {{ in_build('month') }}
),

deadlines as (
    select * from {{ ref('int_filing_deadlines_set') }}
),

filings as (
    select * from {{ ref('stg_filings') }}
),

covered_months as (
    select * from {{ ref('int_filings_spread_over_months') }}
),

nil_returns as (
    select
        covered_months.uscc,
        covered_months.month,
        covered_months.filing_id
    from covered_months
    inner join {{ ref('int_value_added_resolved') }} as value_added
        on covered_months.filing_id = value_added.filing_id
    where value_added.nil_return
),

-- The filing that a form and month rests on: its own, February's, or a nil return.
satisfied as (
    select
        register_months.uscc,
        register_months.month,
        deadlines.form,
        register_months.name,
        register_months.park,
        register_months.contact_email,
        -- January inside a February filing is due with February.
        coalesce(february.due_on, deadlines.due_on) as due_on,
        coalesce(covered_months.filing_id, nil_returns.filing_id) as filing_id,
        case
            when covered_months.filing_id is null and nil_returns.filing_id is not null
                then 'nil_return'
            when covered_months.covering_month > register_months.month
                then 'february_combined'
        end as satisfied_by
    from register_months
    inner join deadlines on register_months.month = deadlines.month
    left join covered_months
        on
            register_months.uscc = covered_months.uscc
            and register_months.month = covered_months.month
            and deadlines.form = covered_months.form
    left join deadlines as february
        on
            covered_months.form = february.form
            and covered_months.covering_month = february.month
            and register_months.month < covered_months.covering_month
    left join nil_returns
        on
            register_months.uscc = nil_returns.uscc
            and register_months.month = nil_returns.month
            and deadlines.form = 'energy_monthly'
),

-- All that was ever sent for a form, enterprise and period.
sent as (
    select
        form,
        subject as uscc,
        period,
        min(received_at) as first_received_at,
        min(received_at) filter (where accepted_at is not null)
            as first_good_received_at,
        count(*) filter (where state = 'awaiting_review') as awaiting_review,
        count(*) filter (where state = 'returned') as returned
    from filings
    group by form, subject, period
),

joined as (
    select
        satisfied.*,
        clock.today,
        in_force.accepted_at,
        -- Received in UTC; the due day is one of the district, eight hours ahead. A
        -- reviewer's delay is not the firm's: what counts is when the first good
        -- version came.
        cast(of_filing.first_good_received_at + interval 8 hour as date)
            as good_received_on,
        coalesce(of_form.awaiting_review, 0) as awaiting_review,
        coalesce(of_form.returned, 0) as returned,
        coalesce(of_filing.first_received_at, of_form.first_received_at)
            as first_received_at
    from satisfied
    cross join clock
    left join filings as in_force on satisfied.filing_id = in_force.filing_id
    left join sent as of_filing
        on
            in_force.form = of_filing.form
            and in_force.subject = of_filing.uscc
            and in_force.period = of_filing.period
    left join sent as of_form
        on
            satisfied.form = of_form.form
            and satisfied.uscc = of_form.uscc
            and satisfied.month = of_form.period
)

select
    uscc,
    month,
    form,
    due_on,
    case
        when filing_id is not null and good_received_on > due_on then 'late'
        when filing_id is not null then 'filed'
        when awaiting_review > 0 then 'awaiting_review'
        when returned > 0 then 'returned'
        when today > due_on then 'missing'
        else 'not_due_yet'
    end as state,
    satisfied_by,
    first_received_at,
    accepted_at,
    cast(
        case
            when filing_id is not null and good_received_on > due_on
                then {{ days_between('due_on', 'good_received_on') }}
            when filing_id is not null then 0
            when today > due_on then {{ days_between('due_on', 'today') }}
            else 0
        end as integer
    ) as days_late,
    name,
    park,
    contact_email
from joined
