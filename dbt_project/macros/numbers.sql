{# Product of two decimals, kept as tonnes of coal equivalent or 10,000 CNY. The first
   factor is widened: two decimals of at most 18 digits overflow in some engines. #}
{% macro product(left, right) -%}
cast(cast({{ left }} as decimal(28, 10)) * {{ right }} as decimal(28, 10))
{%- endmacro %}

{% macro ratio(numerator, denominator) -%}
cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}

{# Whole days from one date to a later one. #}
{% macro days_between(earlier, later) -%}
{{ datediff(earlier, later, 'day') }}
{%- endmacro %}
