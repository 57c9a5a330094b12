-- Each row is one filing that was known as of the clock, and the state it then had.
with

filings as (
    select * from {{ source('filed', 'filings') }}
),

instant as (
    select * from {{ ref('stg_instant') }}
),

known as (
    select
        filings.*,
        instant.as_of
    from filings
    cross join instant
    where
        filings.received_at <= instant.as_of
        and coalesce(filings.decided_at, filings.received_at) <= instant.as_of
),

final as (
    select
        filing_id,
        receipt,
        form,
        subject,
        period,
        months_covered,
        version,
        received_at,
        case when accepted_at <= as_of then accepted_at end as accepted_at,
        case
            when withdrawn_at <= as_of then 'withdrawn'
            when superseded_at <= as_of then 'superseded'
            when accepted_at <= as_of then 'accepted'
            when
                state = 'returned'
                and coalesce(returned_at, decided_at, received_at) <= as_of
                then 'returned'
            else 'awaiting_review'
        end as state,
        coalesce(accepted_at <= as_of, false)
        and not coalesce(superseded_at <= as_of, false)
        and not coalesce(withdrawn_at <= as_of, false) as is_in_force
    from known
)

select * from final
