-- Each row is the due day of one form and month.
with

filing_calendar as (
    {{ newest_rows_in_force(source('filed', 'filing_calendar'), ['form', 'period']) }}
),

final as (
    select
        form,
        period as month,
        opens_on,
        due_on,
        source
    from filing_calendar
)

select * from final
