-- Each row is one parameter from one day on.
with

check_parameters as (
    {{ newest_rows_in_force(
        source('filed', 'check_parameters'), ['parameter', 'valid_from']
    ) }}
),

final as (
    select
        parameter,
        value,
        unit,
        basis,
        valid_from,
        valid_to
    from check_parameters
)

select * from final
