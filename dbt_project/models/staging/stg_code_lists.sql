-- Each row is one code of one list.
with

code_lists as (
    {{ newest_rows_in_force(source('filed', 'code_lists'), ['list', 'code']) }}
),

final as (
    select
        list,
        code,
        name_zh
    from code_lists
)

select * from final
