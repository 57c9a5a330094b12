-- The checks refuse it; if it came all the same, January would be counted twice.
select
    january.form,
    january.subject,
    january.period
from {{ ref('stg_filings') }} as january
inner join {{ ref('stg_filings') }} as february
    on
        january.form = february.form
        and january.subject = february.subject
        and cast(january.period + interval 1 month as date) = february.period
where
    january.is_in_force
    and february.is_in_force
    and february.months_covered = 2
