{# How a table comes to be. dbt-duckdb's own materializations are for every kind of
   DuckDB, with hooks, grants, indexes and tables that others refer to: half a dozen
   statements around each model to make it under another name, swap the names and clear
   up. Nobody reads the workbench while it is built, so here it is one transaction in
   which the new rows take the old ones' place. Of a model's settings these two look at
   `materialized`, `contract` and the month column only. #}

{% materialization table, adapter='duckdb', supported_languages=['sql'] %}
{%- set target = this.incorporate(type='table') -%}
{% call statement('main') -%}
{{ table_made_anew(target, compiled_code) }}
{%- endcall %}
{% do adapter.commit() %}
{{ return({'relations': [target]}) }}
{% endmaterialization %}

{# From the month that `rebuild_from` names, or whole: see `should_full_refresh`. #}
{% materialization incremental, adapter='duckdb', supported_languages=['sql'] %}
{%- set target = this.incorporate(type='table') -%}
{% call statement('main') -%}
{%- if is_incremental() -%}
{{ months_made_anew(target, compiled_code) }}
{%- else -%}
{{ table_made_anew(target, compiled_code) }}
{%- endif -%}
{%- endcall %}
{% do adapter.commit() %}
{{ return({'relations': [target]}) }}
{% endmaterialization %}

{% macro table_made_anew(target, compiled_code) -%}
{%- set existing = load_cached_relation(this) -%}
{%- if existing is not none %}
drop {{ existing.type }} {{ existing }};
{%- endif %}
{{ create_table_as(False, target, compiled_code) }}
{%- endmacro %}

{# Rows of those months go, whether or not their keys come back. A model with other
   columns never comes here: another project is built whole. #}
{% macro months_made_anew(target, compiled_code) -%}
{%- set month_column = config.get('meta', {}).get('month_column', 'month') -%}
{%- set columns = adapter.get_columns_in_relation(target)
    | map(attribute='quoted') | join(', ') -%}
delete from {{ target }}
where {{ month_column }} >= cast('{{ var("rebuild_from")[model.name] }}' as date);

insert into {{ target }} ({{ columns }})
select {{ columns }} from ({{ compiled_code }}) as made_anew;
{%- endmacro %}
