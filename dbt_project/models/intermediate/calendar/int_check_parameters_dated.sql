-- Each row is the value of one parameter that is valid in one month.
with

months as (
    select * from {{ ref('int_calendar_months') }}
),

parameters as (
    select * from {{ ref('stg_check_parameters') }}
),

valid as (
    select
        parameters.parameter,
        months.month,
        parameters.value,
        row_number() over (
            partition by parameters.parameter, months.month
            order by parameters.valid_from desc nulls last
        ) as newest_first
    from months
    inner join parameters
        on
            months.month >= parameters.valid_from
            and coalesce(parameters.valid_to, months.month) >= months.month
),

final as (
    select
        parameter,
        month,
        value
    from valid
    where newest_first = 1
)

select * from final
