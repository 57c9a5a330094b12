{# Product of two decimals, kept as tonnes of coal equivalent or 10,000 CNY. The first
   factor is widened: two decimals of at most 18 digits overflow in some engines. #}
{% macro product(left, right) -%}
cast(cast({{ left }} as decimal(28, 10)) * {{ right }} as decimal(28, 10))
{%- endmacro %}

{% macro ratio(numerator, denominator) -%}
cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}

{# Why a ratio of sums over matched months has no value; null where it has one. #}
{% macro reason_of_ratio(months_filed, months_measured, value_added) -%}
case
    when coalesce({{ months_filed }}, 0) = 0 then 'nothing_filed'
    -- January inside a February filing is matched but has no sums of its own.
    when {{ months_measured }} = 0 then 'no_matched_months'
    when {{ value_added }} <= 0 then 'value_added_not_positive'
end
{%- endmacro %}

{# Whole days from one date to a later one. #}
{% macro days_between(earlier, later) -%}
{{ datediff(earlier, later, 'day') }}
{%- endmacro %}

{# Logarithmic mean of two numbers of at least 0; it is 0 where one of them is 0. Where
   they nearly agree the quotient of logarithms loses digits, and its series does not. #}
{% macro log_mean(left, right) -%}
{%- set sum = '(' ~ left ~ ' + ' ~ right ~ ')' -%}
{%- set difference = '(' ~ left ~ ' - ' ~ right ~ ')' -%}
{%- set squared = 'power(' ~ difference ~ ' / ' ~ sum ~ ', 2)' -%}
case
    when {{ left }} = 0 or {{ right }} = 0 then 0
    when abs({{ difference }}) < 0.001 * {{ sum }}
        then {{ sum }} / 2 * (1 - {{ squared }} / 3 - 4 * power({{ squared }}, 2) / 45)
    else {{ difference }} / ln({{ left }} / {{ right }})
end
{%- endmacro %}

{# Sum of doubles that is the same in whatever order the rows come: the least first. A
   decimal would sum as well, and break the build at the first square that it cannot hold. #}
{% macro steady_sum(number) -%}
list_sum(list({{ number }} order by {{ number }}))
{%- endmacro %}

{% macro square(number) -%}
power(cast({{ number }} as double), 2)
{%- endmacro %}

{# Where a ratio stands against a target: reached at four decimals, close within a band
   that is ours, or not reached. #}
{% macro standing(intensity, target, close_band) -%}
case
    when round({{ intensity }}, 4) <= cast({{ target }} as double) then 'reached'
    when
        round({{ intensity }}, 4)
        <= cast({{ target }} as double) * (1 + cast({{ close_band }} as double))
        then 'close'
    when {{ intensity }} is not null then 'not_reached'
end
{%- endmacro %}
