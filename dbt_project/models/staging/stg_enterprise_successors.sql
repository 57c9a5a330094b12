-- Each row is one change of an enterprise's code.
with

enterprise_successors as (
    {{ newest_rows_in_force(
        source('filed', 'enterprise_successors'), ['uscc', 'valid_from']
    ) }}
),

final as (
    select
        uscc,
        successor_uscc,
        valid_from,
        source
    from enterprise_successors
)

select * from final
