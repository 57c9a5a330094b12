{# Confidence of a reference row as a number, so that the least settled factor of a
   figure can be found. A word that is not known counts as low. #}
{% macro confidence_rank(word) -%}
case {{ word }}
    when 'high' then 4
    when 'medium-high' then 3
    when 'medium' then 2
    else 1
end
{%- endmacro %}

{% macro confidence_of_rank(rank) -%}
case {{ rank }}
    when 4 then 'high'
    when 3 then 'medium-high'
    when 2 then 'medium'
    when 1 then 'low'
end
{%- endmacro %}
