{# Builds from a month on. A build that knows from which month on a model's rows can
   have changed says so in the variable `rebuild_from`: model -> first day of that month.
   A model that is not named there is made anew whole, and so is everything where dbt is
   run by hand. The rule is in `greenmfg.warehouse.scope`. #}

{# dbt's own macro of this name, which `is_incremental` and the materialization ask. #}
{% macro should_full_refresh() %}
{%- set is_told = model.name in var('rebuild_from', {}) -%}
{{ return(flags.FULL_REFRESH or not is_told) }}
{% endmacro %}

{# True of the rows to make now; with `months_before`, of what windows that end in those
   months hold. #}
{% macro in_build(month, months_before=0) -%}
{%- if not is_incremental() -%}
true
{%- elif months_before -%}
{{ month }} >= cast(
    cast('{{ var("rebuild_from")[model.name] }}' as date)
    - interval {{ months_before }} month as date
)
{%- else -%}
{{ month }} >= cast('{{ var("rebuild_from")[model.name] }}' as date)
{%- endif -%}
{%- endmacro %}
