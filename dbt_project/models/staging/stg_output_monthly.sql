-- Each row is one enterprise and month in force.
with

output_monthly as (
    {{ rows_in_force(source('filed', 'output_monthly')) }}
),

final as (
    select
        uscc,
        period as month,
        months_covered,
        gross_output_10k_cny,
        value_added_10k_cny,
        intermediate_input_10k_cny,
        vat_payable_10k_cny,
        revenue_10k_cny,
        tax_10k_cny,
        employees,
        nil_return,
        filing_id,
        receipt,
        file_name,
        line
    from output_monthly
)

select * from final
