-- Each row is one law, rule, standard or plan.
with

legal_basis as (
    {{ newest_rows_in_force(source('filed', 'legal_basis'), ['name']) }}
),

final as (
    select
        name,
        topic,
        valid_from,
        valid_to
    from legal_basis
)

select * from final
