-- Each row is the clock of this build: one row.
select
    today,
    demonstration,
    as_of,
    cast(date_trunc('month', today) as date) as this_month
from {{ source('filed', 'clock') }}
