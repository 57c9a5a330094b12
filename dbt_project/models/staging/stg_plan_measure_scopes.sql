-- Each row is one park, cluster, zone or project kind that a measure covers, from one
-- day on.
with

plan_measure_scopes as (
    {{ newest_rows_in_force(
        source('filed', 'plan_measure_scopes'),
        ['target_id', 'scope_kind', 'scope_key', 'valid_from']
    ) }}
),

final as (
    select
        target_id,
        scope_kind,
        scope_key,
        valid_from,
        valid_to
    from plan_measure_scopes
)

select * from final
