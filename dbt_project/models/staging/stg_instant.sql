-- Each row is the instant of this build: one row. Apart from the day, because it is
-- another at every build, and what rests on it is made anew every time.
select as_of
from {{ source('filed', 'clock') }}
