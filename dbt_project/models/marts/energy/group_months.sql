-- Each row is one group over one window that ends in a calendar month.
with

measured as (
    select * from {{ ref('int_group_windows_measured') }}
    where {{ in_build('month') }}
),

names as (
    select * from {{ ref('int_groups_named') }}
),

settled as (
    select * from {{ ref('int_months_settled') }}
),

cells as (
    select * from {{ ref('int_group_cells_suppressed') }}
)

select
    measured.grouping,
    measured.group_key,
    measured.month,
    measured.window_name,
    names.group_name_zh,
    names.group_name_en,
    cast(measured.energy_tce as decimal(28, 10)) as energy_tce,
    cast(measured.energy_filed_tce as decimal(28, 10)) as energy_filed_tce,
    cast(measured.value_added_current_10k_cny as decimal(28, 10))
        as value_added_current_10k_cny,
    cast(measured.value_added_constant_10k_cny as decimal(28, 10))
        as value_added_constant_10k_cny,
    cast(measured.value_added_filed_10k_cny as decimal(28, 10))
        as value_added_filed_10k_cny,
    cast(measured.gross_output_10k_cny as decimal(28, 6)) as gross_output_10k_cny,
    cast(measured.revenue_10k_cny as decimal(28, 6)) as revenue_10k_cny,
    cast(measured.tax_10k_cny as decimal(28, 6)) as tax_10k_cny,
    measured.intensity_constant_tce_per_10k_cny,
    measured.intensity_current_tce_per_10k_cny,
    measured.status,
    measured.reason,
    measured.price_status,
    measured.undeflated_share,
    cast(measured.firms_due as bigint) as firms_due,
    cast(measured.firms_filed as bigint) as firms_filed,
    cast(measured.firms_matched as bigint) as firms_matched,
    cast(measured.firm_months_due as bigint) as firm_months_due,
    cast(measured.firm_months_filed as bigint) as firm_months_filed,
    cast(measured.firm_months_matched as bigint) as firm_months_matched,
    measured.energy_share,
    measured.given_share,
    measured.derived_share,
    measured.estimated_share,
    measured.flagged_coefficient_share,
    cells.largest_firm_share,
    settled.provisional,
    -- A group without a matched firm has nothing to show.
    case
        when cells.firms is null then 'too_few_firms'
        else cells.suppression
    end as suppression
from measured
left join names
    on
        measured.grouping = names.grouping
        and measured.group_key = names.group_key
left join settled on measured.month = settled.month
left join cells
    on
        measured.grouping = cells.grouping
        and measured.group_key = cells.group_key
        and measured.month = cells.month
        and measured.window_name = cells.window_name
