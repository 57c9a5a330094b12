-- Each row is the factor that one accounting purpose takes for one energy item in one
-- year.
with

months as (
    select * from {{ ref('int_calendar_months') }}
),

claimed as (
    select * from {{ ref('int_factors_claimed') }}
),

years as (
    select distinct cast(year(month) as integer) as year
    from months
),

-- The equivalent value of electricity takes the rate of the year before.
wanted as (
    select
        claimed.*,
        years.year,
        case
            when claimed.purpose = 'equivalent_value' then years.year - 1
            else years.year
        end as wanted_data_year
    from claimed
    cross join years
),

-- The newest that was there by the year wanted is carried forward; none is carried
-- back.
ranked as (
    select
        *,
        row_number() over (
            partition by purpose, energy_item, year
            order by
                case when is_own then 1 else 0 end desc nulls last,
                data_year desc nulls last
        ) as best_first
    from wanted
    where coalesce(data_year, wanted_data_year) <= wanted_data_year
)

select
    purpose,
    energy_item,
    year,
    factor_id,
    name_zh,
    value,
    unit,
    t_per_form_unit,
    data_year,
    wanted_data_year,
    is_own,
    confidence,
    source,
    note,
    case when kind = 'CO2' then 'tCO2' else 'tce' end as result_unit,
    coalesce(data_year < wanted_data_year, false) as carried_forward
from ranked
where best_first = 1
