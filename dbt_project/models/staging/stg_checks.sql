-- Each row is one check that filings of a form are held against.
select
    form,
    check_id,
    name as check_name,
    severity
from {{ source('filed', 'checks') }}
