-- Each row is one edition of one energy item's coefficient.
with

energy_coefficients as (
    {{ newest_rows_in_force(
        source('filed', 'energy_coefficients'), ['item_code', 'valid_from']
    ) }}
),

final as (
    select
        item_code,
        name_zh,
        name_en,
        category,
        form_unit,
        tce_per_report_unit_low,
        tce_per_report_unit_high,
        tce_per_report_unit_default,
        gj_per_report_unit,
        own_coefficient,
        own_low,
        own_high,
        part_of,
        reportable,
        is_fossil,
        confidence,
        edition,
        valid_from,
        valid_to
    from energy_coefficients
)

select * from final
