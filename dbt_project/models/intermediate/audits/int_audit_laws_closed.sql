-- Each row is one day range and the law, the rule and the guideline of audits that then
-- apply together.
with

bases as (
    select * from {{ ref('stg_legal_basis') }}
    where topic in ('audit_law', 'audit_rule', 'audit_acceptance')
),

-- Wherever one of them begins or has ended, another combination may begin.
starts as (
    select valid_from as first_day
    from bases
    union distinct
    select cast(valid_to + interval 1 day as date) as first_day
    from bases
    where valid_to is not null
),

ranges as (
    select
        first_day,
        cast(
            lead(first_day) over (order by first_day nulls last)
            - interval 1 day as date
        ) as last_day
    from starts
),

-- Of two rows of one topic on one day the newer applies.
applying as (
    select
        ranges.first_day,
        ranges.last_day,
        bases.topic,
        bases.name,
        row_number() over (
            partition by ranges.first_day, bases.topic
            order by bases.valid_from desc nulls last, bases.name asc nulls last
        ) as newest_first
    from ranges
    left join bases
        on
            ranges.first_day >= bases.valid_from
            and coalesce(bases.valid_to, ranges.first_day) >= ranges.first_day
),

final as (
    select
        first_day,
        last_day,
        max(name) filter (where topic = 'audit_law') as law,
        max(name) filter (where topic = 'audit_rule') as rule,
        max(name) filter (where topic = 'audit_acceptance') as guideline
    from applying
    where newest_first = 1
    group by first_day, last_day
)

select * from final
