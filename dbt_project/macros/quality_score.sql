{# Quality of filing, one way for a firm and for the district: shares of what was due
   and of what came, and their weighted sum × 100. A share of nothing is no share and leaves
   its weight to the others; weight_measured_share says so. #}
{% macro quality_score(counts, rules) -%}
{%- set shares = {
    'completeness': ['forms_filed', 'forms_due'],
    'punctuality': ['forms_in_time', 'forms_due'],
    'pass': ['filings_passed', 'filings']
} -%}
{%- for name, parts in shares.items() -%}
{{ ratio(counts ~ '.' ~ parts[0], counts ~ '.' ~ parts[1]) }} as {{ name }}_share,
{% endfor -%}
(
{%- for name, parts in shares.items() %}
{{ '+' if not loop.first }}
case when {{ counts }}.{{ parts[1] }} > 0 then {{ rules }}.{{ name }}_weight else 0 end
{%- endfor %}
) / nullif(
{%- for name in shares %}
{{ '+' if not loop.first }} {{ rules }}.{{ name }}_weight
{%- endfor %}, 0
) as weight_measured_share,
100 * (
{%- for name, parts in shares.items() %}
{{ '+' if not loop.first }} coalesce(
    {{ rules }}.{{ name }}_weight
    * {{ ratio(counts ~ '.' ~ parts[0], counts ~ '.' ~ parts[1]) }}, 0
)
{%- endfor %}
) / nullif(
{%- for name, parts in shares.items() %}
{{ '+' if not loop.first }}
case when {{ counts }}.{{ parts[1] }} > 0 then {{ rules }}.{{ name }}_weight else 0 end
{%- endfor %}, 0
) as score
{%- endmacro %}

{# The counts and shares of quality, as a firm's and the district's mart give them. #}
{% macro quality_columns() -%}
{%- for counted in [
    'forms_due', 'forms_filed', 'forms_in_time', 'filings', 'filings_passed',
    'filings_clean', 'filings_returned', 'corrections', 'findings_error',
    'findings_warning'
] -%}
cast({{ counted }} as bigint) as {{ counted }},
{% endfor -%}
completeness_share,
punctuality_share,
pass_share,
weight_measured_share,
score
{%- endmacro %}
