-- Each row is this release: one row.
with

clock as (
    select * from {{ ref('stg_clock') }}
),

instant as (
    select * from {{ ref('stg_instant') }}
),

coverage as (
    select * from {{ ref('int_district_coverage_judged') }}
),

register_months as (
    select * from {{ ref('int_register_spread_over_months') }}
),

filings as (
    select * from {{ ref('stg_filings') }}
),

headline as (
    select max(headline_month) as data_through
    from coverage
),

firms as (
    select count(*) as firms
    from register_months
    cross join clock
    where
        register_months.in_population
        and register_months.month = clock.this_month
),

in_force as (
    select count(*) as filings_in_force
    from filings
    where is_in_force
)

select
    headline.data_through,
    clock.today as built_today,
    instant.as_of,
    clock.demonstration,
    firms.firms,
    in_force.filings_in_force
from clock
cross join instant
cross join headline
cross join firms
cross join in_force
