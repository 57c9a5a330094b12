-- Each row is the standard's coefficient of one energy item that is valid in one month.
with

months as (
    select * from {{ ref('int_calendar_months') }}
),

coefficients as (
    select * from {{ ref('stg_energy_coefficients') }}
    where reportable = 1
),

valid as (
    select
        coefficients.*,
        months.month,
        row_number() over (
            partition by coefficients.item_code, months.month
            order by coefficients.valid_from desc nulls last
        ) as newest_first
    from months
    inner join coefficients
        on
            months.month >= coefficients.valid_from
            and coalesce(coefficients.valid_to, months.month) >= months.month
),

newest as (
    select * from valid
    where newest_first = 1
),

heat as (
    select
        month,
        tce_per_report_unit_default as tce_per_gj
    from newest
    where item_code = 'heat'
),

final as (
    select
        newest.item_code,
        newest.month,
        newest.name_zh,
        newest.name_en,
        newest.category,
        newest.part_of,
        newest.form_unit,
        newest.is_fossil,
        newest.gj_per_report_unit as gj_per_form_unit,
        newest.edition,
        newest.own_coefficient,
        newest.own_low,
        newest.own_high,
        -- Steam and hot water in tonnes go through their heat: GJ per tonne, then
        -- heat's own coefficient. Printed factors per tonne are rounded and never used.
        coalesce(
            newest.tce_per_report_unit_default,
            cast(
                cast(newest.gj_per_report_unit as decimal(28, 12)) * heat.tce_per_gj
                as decimal(16, 12)
            )
        ) as standard_coefficient_tce,
        coalesce(
            newest.tce_per_report_unit_low <> newest.tce_per_report_unit_high, false
        ) as standard_is_range
    from newest
    left join heat on newest.month = heat.month
)

select * from final
