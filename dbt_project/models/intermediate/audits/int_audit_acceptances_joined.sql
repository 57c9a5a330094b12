-- Each row is one round that passed, with the audit it belongs to: what one document
-- accepts on one day in one park, under one name of the round, is one audit of several
-- enterprises. Outside the parks every enterprise has an audit of its own.
with

events as (
    select * from {{ ref('int_audit_events_staged') }}
    where is_acceptance
),

register_months as (
    select * from {{ ref('int_register_spread_over_months') }}
),

successors as (
    select * from {{ ref('int_enterprise_successors_followed') }}
),

-- One park per firm and month, also where its old and its new code overlap.
parks as (
    select
        register_months.month,
        coalesce(successors.current_uscc, register_months.uscc) as current_uscc,
        max(register_months.park) as park
    from register_months
    left join successors on register_months.uscc = successors.uscc
    where register_months.park <> '{{ var("outside_parks") }}'
    group by
        coalesce(successors.current_uscc, register_months.uscc),
        register_months.month
),

-- A round passes once, by its first acceptance.
ranked as (
    select
        *,
        row_number() over (
            partition by current_uscc, audit_round
            order by event_date nulls last, uscc nulls last
        ) as earliest_first
    from events
),

parked as (
    select
        ranked.current_uscc,
        ranked.audit_round,
        ranked.event_date,
        ranked.document_no,
        parks.park
    from ranked
    left join parks
        on
            ranked.current_uscc = parks.current_uscc
            and cast(date_trunc('month', ranked.event_date) as date) = parks.month
    where ranked.earliest_first = 1
),

counted as (
    select
        *,
        count(*) over (
            partition by park, document_no, event_date, audit_round
        ) as enterprises
    from parked
),

final as (
    select
        current_uscc,
        audit_round,
        event_date,
        case
            when park is not null and document_no is not null and enterprises > 1
                then park || ' ' || audit_round || ' ' || document_no
            else current_uscc || ' ' || audit_round
        end as audit_key,
        case
            when park is not null and document_no is not null then enterprises
            else 1
        end as enterprises_in_audit
    from counted
)

select * from final
