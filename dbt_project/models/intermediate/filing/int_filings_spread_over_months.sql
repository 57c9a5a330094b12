-- Each row is one month of one enterprise that a monthly form in force covers. A
-- February filing of two months covers January too, unless January has a filing of its
-- own.
with

filings as (
    select * from {{ ref('stg_filings') }}
    where
        is_in_force
        and form in ('energy_monthly', 'output_monthly')
),

own_months as (
    select
        form,
        subject as uscc,
        period as month,
        period as covering_month,
        months_covered,
        filing_id,
        receipt
    from filings
),

januaries as (
    select
        form,
        uscc,
        cast(covering_month - interval 1 month as date) as month,
        covering_month,
        months_covered,
        filing_id,
        receipt
    from own_months
    where months_covered = 2
),

januaries_not_filed as (
    select januaries.*
    from januaries
    left join own_months
        on
            januaries.form = own_months.form
            and januaries.uscc = own_months.uscc
            and januaries.month = own_months.month
    where own_months.filing_id is null
),

final as (
    select
        form,
        uscc,
        month,
        covering_month,
        months_covered,
        filing_id,
        receipt
    from own_months
    union all
    select
        form,
        uscc,
        month,
        covering_month,
        months_covered,
        filing_id,
        receipt
    from januaries_not_filed
)

select * from final
