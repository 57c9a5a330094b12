-- Each row is one enterprise-month of the output form with its value added at current
-- price: nil return, else given, else derived, else estimated.
with

output_monthly as (
    select * from {{ ref('stg_output_monthly') }}
),

register_months as (
    select * from {{ ref('int_register_spread_over_months') }}
),

based as (
    select
        output_monthly.*,
        register_months.value_added_rate,
        case
            when output_monthly.nil_return then 'nil'
            when output_monthly.value_added_10k_cny is not null then 'given'
            when
                output_monthly.intermediate_input_10k_cny is not null
                and output_monthly.vat_payable_10k_cny is not null
                then 'derived'
            when register_months.value_added_rate is not null then 'estimated'
        end as value_added_basis
    from output_monthly
    left join register_months
        on
            output_monthly.uscc = register_months.uscc
            and output_monthly.month = register_months.month
),

final as (
    select
        uscc,
        month,
        months_covered,
        nil_return,
        gross_output_10k_cny,
        revenue_10k_cny,
        tax_10k_cny,
        employees,
        value_added_basis,
        filing_id,
        receipt,
        file_name,
        line,
        -- The production approach ADDS the VAT payable.
        cast(
            case value_added_basis
                when 'nil' then 0
                when 'given' then value_added_10k_cny
                when
                    'derived'
                    then
                        gross_output_10k_cny
                        - intermediate_input_10k_cny
                        + vat_payable_10k_cny
                when
                    'estimated'
                    then {{ product('gross_output_10k_cny', 'value_added_rate') }}
            end as decimal(28, 10)
        ) as value_added_10k_cny
    from based
)

select * from final
