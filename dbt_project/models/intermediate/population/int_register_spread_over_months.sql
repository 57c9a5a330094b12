-- Each row is one enterprise in one month in which its register row is valid.
with

months as (
    select * from {{ ref('int_calendar_months') }}
),

register as (
    select * from {{ ref('stg_enterprise_register') }}
),

industries as (
    select * from {{ ref('stg_industry_codes') }}
),

towns as (
    select * from {{ ref('stg_towns') }}
),

land_zones as (
    select * from {{ ref('stg_land_zones') }}
    where zone is not null
),

-- A new row of an enterprise closes the one before it. The earlier of the two ends
-- counts, so that no month has two rows even where a row was filed with too late an
-- end.
closed as (
    select
        *,
        least(
            valid_to,
            cast(
                lead(valid_from) over (
                    partition by uscc
                    order by valid_from nulls last
                ) - interval 1 month as date
            )
        ) as last_month
    from register
),

final as (
    select
        closed.uscc,
        months.month,
        closed.name,
        closed.industry_code,
        industries.name_zh as industry_name_zh,
        industries.name_en as industry_name_en,
        closed.cluster,
        closed.park,
        closed.town_code,
        towns.name_zh as town_name_zh,
        towns.name_en as town_name_en,
        closed.land_zone,
        closed.land_area_ha,
        land_zones.name_zh as land_zone_name_zh,
        closed.river_strip,
        closed.above_scale,
        closed.value_added_rate,
        closed.contact_email,
        closed.filing_id,
        closed.receipt,
        closed.file_name,
        closed.line,
        closed.above_scale
        and coalesce(industries.is_industry = 1, false)
        and coalesce(
            towns.district_code = '{{ var("district_code") }}', false
        ) as in_population
    from closed
    inner join months
        on
            closed.valid_from <= months.month
            and coalesce(closed.last_month, months.month) >= months.month
    left join industries on closed.industry_code = industries.code
    left join towns on closed.town_code = towns.code
    left join land_zones on closed.land_zone = land_zones.zone
)

select * from final
