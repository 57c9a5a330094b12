-- Each row is one row of a plan in one month whose measure is of enterprises, summed
-- over its months.
with

spans as (
    select * from {{ ref('int_plan_spans_set') }}
),

firm_months as (
    select * from {{ ref('int_plan_firm_months_summed') }}
),

final as (
    select
        spans.target_id,
        spans.month,
        sum(firm_months.firms_registered) as firm_months_due,
        sum(firm_months.firms_filed) as firm_months_filed,
        sum(firm_months.firms_entered) as firms_entered,
        sum(firm_months.firms_registered)
        filter (where firm_months.month = spans.last_month) as firms_registered,
        sum(firm_months.gross_output_10k_cny) as gross_output_10k_cny,
        sum(firm_months.revenue_10k_cny) as revenue_10k_cny,
        sum(firm_months.tax_10k_cny) as tax_10k_cny
    from spans
    inner join firm_months
        on
            spans.target_id = firm_months.target_id
            and spans.population = firm_months.population
            and spans.first_month <= firm_months.month
            and spans.last_month >= firm_months.month
    group by spans.target_id, spans.month
)

select * from final
