-- Each row is one filed row in force and what became of it.
with

energy_rows as (
    select * from {{ ref('enterprise_energy_months') }}
    where {{ in_build('month') }}
),

output_rows as (
    select * from {{ ref('int_value_added_resolved') }}
    where {{ in_build('month') }}
),

enterprise_months as (
    select * from {{ ref('enterprise_months') }}
),

filings as (
    select * from {{ ref('stg_filings') }}
),

filed_rows as (
    select
        uscc,
        month,
        'energy_monthly' as form,
        filing_id,
        line,
        energy_item,
        receipt,
        file_name,
        quantity,
        coefficient_tce,
        coefficient_basis,
        coefficient_edition,
        energy_tce,
        counted,
        cast(null as decimal(28, 10)) as value_added_10k_cny,
        cast(null as string) as value_added_basis
    from energy_rows
    union all
    select
        uscc,
        month,
        'output_monthly' as form,
        filing_id,
        line,
        cast(null as string) as energy_item,
        receipt,
        file_name,
        cast(null as decimal(19, 6)) as quantity,
        cast(null as decimal(16, 12)) as coefficient_tce,
        cast(null as string) as coefficient_basis,
        cast(null as string) as coefficient_edition,
        cast(null as decimal(28, 10)) as energy_tce,
        cast(null as boolean) as counted,
        value_added_10k_cny,
        value_added_basis
    from output_rows
)

select
    filed_rows.uscc,
    filed_rows.month,
    filed_rows.form,
    filed_rows.filing_id,
    filed_rows.line,
    filed_rows.energy_item,
    filed_rows.receipt,
    filed_rows.file_name,
    filings.version,
    filed_rows.quantity,
    filed_rows.coefficient_tce,
    filed_rows.coefficient_basis,
    filed_rows.coefficient_edition,
    filed_rows.energy_tce,
    filed_rows.counted,
    filed_rows.value_added_10k_cny,
    filed_rows.value_added_basis,
    case
        when filed_rows.form = 'output_monthly'
            then enterprise_months.deflator_index_2020_100
    end as deflator_index_2020_100,
    coalesce(enterprise_months.matched, false) as matched
from filed_rows
left join filings on filed_rows.filing_id = filings.filing_id
left join enterprise_months
    on
        filed_rows.uscc = enterprise_months.uscc
        and filed_rows.month = enterprise_months.month
