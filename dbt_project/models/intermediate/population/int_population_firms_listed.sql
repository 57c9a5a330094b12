-- Each row is one firm of the population in one month, under the code that it is shown
-- by: where the register has its old and its new code, the new one.
with

enterprise_months as (
    select * from {{ ref('enterprise_months') }}
    where in_population
),

ranked as (
    select
        *,
        row_number() over (
            partition by firm_uscc, month
            order by
                case when uscc = firm_uscc then 0 else 1 end nulls last,
                uscc nulls last
        ) as newest_first
    from enterprise_months
),

final as (
    select
        uscc,
        firm_uscc,
        month,
        name,
        park,
        industry_code,
        industry_name_zh,
        industry_name_en
    from ranked
    where newest_first = 1
)

select * from final
