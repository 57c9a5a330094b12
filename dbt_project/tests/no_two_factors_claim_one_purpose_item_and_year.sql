-- Which of two factors of one year counts would be left to chance.
select
    purpose,
    energy_item,
    data_year,
    is_own,
    count(*) as factors
from {{ ref('int_factors_claimed') }}
group by purpose, energy_item, data_year, is_own
having count(*) > 1
