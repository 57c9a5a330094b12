{# Rows of a monthly form whose filing is in force as of the clock: a newer filing has
   replaced the whole enterprise-month, so nothing else is to be decided here. #}
{% macro rows_in_force(filed) -%}
select filed.*
from {{ filed }} as filed
inner join {{ ref('stg_filings') }} as filings
    on filed.filing_id = filings.filing_id
where filings.is_in_force
{%- endmacro %}

{# Rows of a form that replaces by key: of each key the row of the newest filing in
   force. A withdrawn filing uncovers the row before it. #}
{% macro newest_rows_in_force(filed, key) -%}
select *
from (
    select
        filed.*,
        filings.accepted_at,
        row_number() over (
            partition by filed.{{ key | join(', filed.') }}
            order by
                filings.accepted_at desc nulls last,
                filed.filing_id desc nulls last,
                filed.line desc nulls last
        ) as newest_first
    from {{ filed }} as filed
    inner join {{ ref('stg_filings') }} as filings
        on filed.filing_id = filings.filing_id
    where filings.is_in_force
) as ranked
where newest_first = 1
{%- endmacro %}
