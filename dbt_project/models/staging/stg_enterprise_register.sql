-- Each row is one enterprise from one month on.
with

enterprise_register as (
    {{ newest_rows_in_force(
        source('filed', 'enterprise_register'), ['uscc', 'valid_from']
    ) }}
),

final as (
    select
        uscc,
        name,
        industry_code,
        cluster,
        park,
        town_code,
        land_zone,
        land_area_ha,
        river_strip,
        above_scale,
        value_added_rate,
        contact_name,
        contact_email,
        valid_from,
        valid_to,
        filing_id,
        receipt,
        file_name,
        line
    from enterprise_register
)

select * from final
