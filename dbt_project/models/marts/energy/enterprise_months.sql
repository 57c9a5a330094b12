-- Each row is one enterprise in one calendar month: what it filed and whether numerator
-- and denominator are of the same months.
with

register_months as (
    select * from {{ ref('int_register_spread_over_months') }}
    where {{ in_build('month') }}
),

covered_months as (
    select * from {{ ref('int_filings_spread_over_months') }}
    where {{ in_build('month') }}
),

energy_rows as (
    select * from {{ ref('enterprise_energy_months') }}
    where {{ in_build('month') }}
),

value_added as (
    select * from {{ ref('int_value_added_resolved') }}
),

deflators as (
    select * from {{ ref('stg_deflators') }}
),

successors as (
    select * from {{ ref('int_enterprise_successors_followed') }}
),

keys as (
    select
        uscc,
        month
    from register_months
    union distinct
    select
        uscc,
        month
    from covered_months
),

energy_months as (
    select
        uscc,
        month,
        sum(energy_tce) filter (where counted) as energy_tce,
        sum(energy_tce) filter (
            where counted and coefficient_flagged
        ) as energy_flagged_tce
    from energy_rows
    group by uscc, month
),

joined as (
    select
        keys.uscc,
        keys.month,
        register_months.name,
        register_months.industry_code,
        register_months.industry_name_zh,
        register_months.industry_name_en,
        register_months.cluster,
        register_months.park,
        register_months.town_code,
        register_months.town_name_zh,
        register_months.town_name_en,
        register_months.land_zone,
        register_months.river_strip,
        register_months.above_scale,
        energy_filing.covering_month as energy_covering_month,
        output_filing.covering_month as output_covering_month,
        energy_filing.months_covered as energy_months_covered,
        output_filing.months_covered as output_months_covered,
        energy_filing.receipt as energy_receipt,
        output_filing.receipt as output_receipt,
        output_row.file_name as output_file_name,
        output_row.line as output_line,
        energy_months.energy_tce as energy_of_rows_tce,
        energy_months.energy_flagged_tce,
        output_row.value_added_basis as basis_of_filing,
        output_row.value_added_10k_cny as value_added_of_filing_10k_cny,
        output_row.gross_output_10k_cny,
        output_row.revenue_10k_cny,
        output_row.tax_10k_cny,
        output_row.employees,
        deflators.index_2020_100,
        coalesce(successors.current_uscc, keys.uscc) as firm_uscc,
        coalesce(register_months.in_population, false) as in_population,
        energy_filing.filing_id is not null as energy_filed,
        output_filing.filing_id is not null as output_filed,
        coalesce(output_row.nil_return, false) as nil_return,
        -- What a February filing says of two months is counted in February, never
        -- twice.
        coalesce(output_filing.covering_month = keys.month, false) as output_is_own
    from keys
    left join register_months
        on keys.uscc = register_months.uscc and keys.month = register_months.month
    left join successors on keys.uscc = successors.uscc
    left join covered_months as energy_filing
        on
            keys.uscc = energy_filing.uscc
            and keys.month = energy_filing.month
            and energy_filing.form = 'energy_monthly'
    left join covered_months as output_filing
        on
            keys.uscc = output_filing.uscc
            and keys.month = output_filing.month
            and output_filing.form = 'output_monthly'
    left join energy_months
        on keys.uscc = energy_months.uscc and keys.month = energy_months.month
    left join value_added as output_row
        on
            output_filing.uscc = output_row.uscc
            and output_filing.covering_month = output_row.month
    left join deflators
        on
            register_months.industry_code = deflators.industry_code
            and keys.month = deflators.month
),

matched as (
    select
        *,
        case
            when not energy_filed and not output_filed then 'nothing_filed'
            when not output_filed then 'output_missing'
            -- A nil return says that no energy was used either.
            when not energy_filed and not nil_return then 'energy_missing'
            when
                energy_filed
                and (
                    energy_covering_month <> output_covering_month
                    or energy_months_covered <> output_months_covered
                )
                then 'interval_differs'
            when basis_of_filing is null then 'value_added_missing'
        end as unmatched_reason,
        case
            when energy_filed then energy_of_rows_tce
            when nil_return and output_is_own then 0
        end as energy_tce,
        case
            when output_is_own then value_added_of_filing_10k_cny
        end as value_added_10k_cny
    from joined
)

select
    uscc,
    month,
    firm_uscc,
    name,
    industry_code,
    industry_name_zh,
    industry_name_en,
    cluster,
    park,
    town_code,
    town_name_zh,
    town_name_en,
    land_zone,
    river_strip,
    above_scale,
    in_population,
    energy_filed,
    output_filed,
    nil_return,
    energy_months_covered,
    output_months_covered,
    unmatched_reason,
    value_added_10k_cny,
    index_2020_100 as deflator_index_2020_100,
    energy_receipt,
    output_receipt,
    output_file_name,
    output_line,
    cast(energy_tce as decimal(28, 10)) as energy_tce,
    cast(energy_flagged_tce as decimal(28, 10)) as energy_flagged_tce,
    coalesce(energy_covering_month > month, false)
    or coalesce(output_covering_month > month, false) as covered_by_february,
    unmatched_reason is null as matched,
    case when output_is_own then gross_output_10k_cny end as gross_output_10k_cny,
    case when output_is_own then basis_of_filing end as value_added_basis,
    case when index_2020_100 is null then 'undeflated' else 'deflated' end
        as price_status,
    -- No index, no change: the month says so in price_status.
    case
        when index_2020_100 is null then value_added_10k_cny
        else
            cast(
                cast(value_added_10k_cny as double) * 100
                / cast(index_2020_100 as double) as decimal(28, 10)
            )
    end as value_added_constant_10k_cny,
    case when output_is_own then revenue_10k_cny end as revenue_10k_cny,
    case when output_is_own then tax_10k_cny end as tax_10k_cny,
    case when output_is_own then employees end as employees
from matched
