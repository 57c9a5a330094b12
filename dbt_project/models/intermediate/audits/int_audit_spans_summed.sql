-- Each row is one accepted round, and what its firm filed in the twelve months before
-- the audit began and the twelve after the month of acceptance, under any of its codes.
with

rounds as (
    select * from {{ ref('int_audit_rounds_dated') }}
    where accepted_on is not null
),

firm_months as (
    select * from {{ ref('enterprise_months') }}
    where matched
),

successors as (
    select * from {{ ref('int_enterprise_successors_followed') }}
),

spans as (
    select
        current_uscc,
        audit_round,
        'before' as span,
        cast(
            date_trunc('month', started_on) - interval 12 month as date
        ) as first_month,
        cast(
            date_trunc('month', started_on) - interval 1 month as date
        ) as last_month
    from rounds
    union all
    select
        current_uscc,
        audit_round,
        'after' as span,
        cast(
            date_trunc('month', accepted_on) + interval 1 month as date
        ) as first_month,
        cast(
            date_trunc('month', accepted_on) + interval 12 month as date
        ) as last_month
    from rounds
),

followed as (
    select
        firm_months.*,
        coalesce(successors.current_uscc, firm_months.uscc) as current_uscc
    from firm_months
    left join successors on firm_months.uscc = successors.uscc
),

-- A February filed for two months holds January: with only one of the two inside, the
-- span would hold a month too many or too few.
summed as (
    select
        spans.current_uscc,
        spans.audit_round,
        spans.span,
        spans.first_month,
        spans.last_month,
        count(distinct followed.month) as months_matched,
        sum(followed.energy_tce) as energy_tce,
        sum(followed.value_added_constant_10k_cny) as value_added_constant_10k_cny,
        sum(
            case
                when followed.deflator_index_2020_100 is null
                    then cast(followed.gross_output_10k_cny as double)
                else
                    cast(followed.gross_output_10k_cny as double) * 100
                    / cast(followed.deflator_index_2020_100 as double)
            end
        ) as gross_output_constant_10k_cny,
        count(*) filter (where followed.price_status = 'undeflated')
            as months_undeflated,
        count(*) filter (
            where
            (
                followed.month = spans.last_month
                and followed.covered_by_february
            )
            or (
                followed.month = spans.first_month
                and not followed.covered_by_february
                and (
                    followed.energy_months_covered = 2
                    or followed.output_months_covered = 2
                )
            )
        ) as months_cut
    from spans
    left join followed
        on
            spans.current_uscc = followed.current_uscc
            and spans.first_month <= followed.month
            and spans.last_month >= followed.month
    group by
        spans.current_uscc,
        spans.audit_round,
        spans.span,
        spans.first_month,
        spans.last_month
),

final as (
    select
        rounds.current_uscc,
        rounds.audit_round,
        befores.first_month as before_first_month,
        befores.last_month as before_last_month,
        afters.first_month as after_first_month,
        afters.last_month as after_last_month,
        befores.months_matched as before_months,
        afters.months_matched as after_months,
        befores.energy_tce as energy_before_tce,
        afters.energy_tce as energy_after_tce,
        befores.value_added_constant_10k_cny as value_added_before_10k_cny,
        afters.value_added_constant_10k_cny as value_added_after_10k_cny,
        befores.gross_output_constant_10k_cny as gross_output_before_10k_cny,
        afters.gross_output_constant_10k_cny as gross_output_after_10k_cny,
        befores.months_cut + afters.months_cut as months_cut,
        befores.months_undeflated + afters.months_undeflated as months_undeflated
    from rounds
    left join summed as befores
        on
            rounds.current_uscc = befores.current_uscc
            and rounds.audit_round = befores.audit_round
            and befores.span = 'before'
    left join summed as afters
        on
            rounds.current_uscc = afters.current_uscc
            and rounds.audit_round = afters.audit_round
            and afters.span = 'after'
)

select * from final
