-- Each row is the day of this build: one row.
select
    today,
    demonstration,
    cast(date_trunc('month', today) as date) as this_month
from {{ source('filed', 'clock') }}
