"""Which enterprise-months stand behind a figure of `marts.group_months`, as SQL conditions.

Both are conditions on `marts.enterprise_months`; parameters as in `group_months`: `$grouping`,
`$key` (of the district nothing is asked), `$month` and `$window`.
"""

from __future__ import annotations

IN_WINDOW = """(
    month <= $month and month >= case $window
      when 'month' then cast($month as date)
      when 'ytd' then cast(date_trunc('year', cast($month as date)) as date)
      else cast(cast($month as date) - interval 11 month as date) end
)"""

IN_GROUP = """(
    case $grouping
      when 'enterprise' then uscc = $key
      when 'district' then in_population
      when 'park' then in_population and park = $key
      when 'industry' then in_population and industry_code = $key
      when 'cluster' then in_population and cluster = $key
      when 'town' then in_population and town_code = $key
      when 'zone' then in_population and coalesce(land_zone, 'unstated') = $key end
)"""
