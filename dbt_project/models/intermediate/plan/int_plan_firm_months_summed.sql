-- Each row is one month of the enterprises that one measure covers: those of its
-- population in any of its scopes, each once.
with

measures as (
    select distinct
        target_id,
        population
    from {{ ref('stg_plan_measures') }}
    where population is not null
),

scopes as (
    select * from {{ ref('stg_plan_measure_scopes') }}
),

enterprise_months as (
    select * from {{ ref('enterprise_months') }}
    where above_scale is not null
),

industries as (
    select * from {{ ref('stg_industry_codes') }}
),

towns as (
    select * from {{ ref('stg_towns') }}
    where district_code = '{{ var("district_code") }}'
),

successors as (
    select * from {{ ref('int_enterprise_successors_followed') }}
),

registered as (
    select
        enterprise_months.*,
        coalesce(industries.is_industry = 1, false) as is_industry,
        coalesce(industries.is_manufacturing = 1, false) as is_manufacturing,
        -- A firm that changed its code is not a new one.
        enterprise_months.month = min(enterprise_months.month) over (
            partition by coalesce(successors.current_uscc, enterprise_months.uscc)
        ) as is_first_month
    from enterprise_months
    inner join towns on enterprise_months.town_code = towns.code
    left join industries on enterprise_months.industry_code = industries.code
    left join successors on enterprise_months.uscc = successors.uscc
),

covered as (
    select distinct
        measures.target_id,
        measures.population,
        registered.uscc,
        registered.month,
        registered.is_first_month,
        registered.output_filed,
        registered.gross_output_10k_cny,
        registered.revenue_10k_cny,
        registered.tax_10k_cny
    from measures
    inner join scopes on measures.target_id = scopes.target_id
    inner join registered
        on
            {{ in_build('registered.month') }}
            and scopes.valid_from <= registered.month
            and coalesce(scopes.valid_to, registered.month) >= registered.month
            and case scopes.scope_kind
                when 'district' then scopes.scope_key = '{{ var("district_code") }}'
                when 'park' then scopes.scope_key = registered.park
                when 'cluster' then scopes.scope_key = registered.cluster
                when 'zone' then scopes.scope_key = registered.land_zone
                when 'river_strip'
                    then scopes.scope_key = 'yes' and registered.river_strip
                else false
            end
            and case measures.population
                when 'registered' then true
                when 'industry' then registered.is_industry
                when 'above_scale_industry'
                    then registered.is_industry and registered.above_scale
                when 'above_scale_manufacturing'
                    then registered.is_manufacturing and registered.above_scale
                else false
            end
),

final as (
    select
        target_id,
        population,
        month,
        count(*) as firms_registered,
        count(*) filter (where is_first_month) as firms_entered,
        count(*) filter (where output_filed) as firms_filed,
        sum(gross_output_10k_cny) as gross_output_10k_cny,
        sum(revenue_10k_cny) as revenue_10k_cny,
        sum(tax_10k_cny) as tax_10k_cny
    from covered
    group by target_id, population, month
)

select * from final
