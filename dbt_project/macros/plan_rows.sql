{# What a plan's own table says of a row, and every model of the plan hands on. #}
{% macro plan_row_columns() -%}
section,
row_type,
indicator_zh,
indicator_en,
entity_scope,
baseline_value,
baseline_year,
target_low,
target_high,
target_year,
unit,
comparator,
quote_zh,
ambiguity
{%- endmacro %}
