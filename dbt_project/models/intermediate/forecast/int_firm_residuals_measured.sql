-- Each row is one firm in one origin month of a year that is over: by how much
-- its rest of the year came out above the forecast, as energy beyond the forecast
-- ratio. The sum over the firms, divided by the value added, is the ratio's own error.
with

firm_years as (
    select * from {{ ref('int_firm_years_forecast') }}
    where forecast_rule <> 'nothing_more'
),

district_years as (
    select * from {{ ref('int_district_years_forecast') }}
),

coverage as (
    select * from {{ ref('int_district_coverage_judged') }}
),

members as (
    select * from {{ ref('int_group_members_listed') }}
    where grouping = 'district'
),

closed_years as (
    select year(month) as closed_year
    from coverage
    where is_settled and month(month) = 12
),

came_out as (
    select
        firm_years.firm_uscc,
        firm_years.month,
        coalesce(sum(members.matched_energy_tce), 0) as energy_rest_tce,
        coalesce(sum(members.matched_constant_10k_cny), 0) as value_added_rest
    from firm_years
    inner join closed_years on year(firm_years.month) = closed_years.closed_year
    left join members
        on
            firm_years.firm_uscc = members.firm_uscc
            and year(firm_years.month) = year(members.month)
            and firm_years.month < members.month
    group by firm_years.firm_uscc, firm_years.month
),

final as (
    select
        came_out.firm_uscc,
        came_out.month,
        cast(
            firm_years.energy_filed_tce
            + firm_years.energy_rest_tce as decimal(28, 10)
        ) as energy_year_tce,
        cast(
            cast(came_out.energy_rest_tce - firm_years.energy_rest_tce as double)
            - district_years.intensity
            * cast(
                came_out.value_added_rest - firm_years.value_added_rest as double
            ) as decimal(28, 10)
        ) as residual_tce
    from came_out
    inner join firm_years
        on
            came_out.firm_uscc = firm_years.firm_uscc
            and came_out.month = firm_years.month
    inner join district_years on came_out.month = district_years.month
    where district_years.intensity is not null
)

select * from final
