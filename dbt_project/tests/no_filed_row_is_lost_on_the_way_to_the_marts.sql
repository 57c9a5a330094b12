-- No join drops or doubles a row that a firm filed.
with

filed as (
    select
        'energy_monthly' as form,
        count(*) as row_count
    from {{ ref('stg_energy_monthly') }}
    union all
    select
        'output_monthly' as form,
        count(*) as row_count
    from {{ ref('stg_output_monthly') }}
),

arrived as (
    select
        form,
        count(*) as row_count
    from {{ ref('lineage') }}
    group by form
)

select
    filed.form,
    filed.row_count as filed_rows,
    coalesce(arrived.row_count, 0) as arrived_rows
from filed
left join arrived on filed.form = arrived.form
where filed.row_count <> coalesce(arrived.row_count, 0)
