{# A park audit's figures stand on every enterprise's row, because the form has no other
   place. Where several rows give the same number it is the audit's own total and counts
   once; numbers that differ are the enterprises' parts and are added. `over` is empty
   where rows are grouped by audit. #}
{% macro is_total_of_audit(figure, over='') -%}
count({{ figure }}) {{ over }} > 1
and min({{ figure }}) {{ over }} = max({{ figure }}) {{ over }}
{%- endmacro %}

{% macro sum_of_audit(figure) -%}
case
    when {{ is_total_of_audit(figure) }} then max({{ figure }})
    else sum({{ figure }})
end
{%- endmacro %}

{# own, audit_total, or null where the round gives no such figure. #}
{% macro basis_in_audit(figure, over) -%}
case
    when {{ figure }} is null then null
    when {{ is_total_of_audit(figure, over) }} then 'audit_total'
    else 'own'
end
{%- endmacro %}
