-- Each row is one calendar month: enterprises counted toward the audit target up to its
-- end.
with

targets as (
    select * from {{ ref('int_targets_dated') }}
    where target_id = '{{ var("audit_target_id") }}'
),

joined_audits as (
    select * from {{ ref('int_audit_acceptances_joined') }}
),

-- An audit of a whole park is one audit; each of its enterprises counts.
counted as (
    select
        acceptances.*,
        joined_audits.audit_key
    from {{ ref('int_audit_acceptances_counted') }} as acceptances
    left join joined_audits
        on
            acceptances.current_uscc = joined_audits.current_uscc
            and acceptances.audit_round = joined_audits.audit_round
),

cumulated as (
    select
        targets.month,
        targets.target_high,
        count(counted.current_uscc)
        filter (where not counted.is_after_target_years) as accepted_enterprises,
        count(distinct counted.audit_key)
        filter (where not counted.is_after_target_years) as accepted_audits,
        count(counted.current_uscc) filter (
            where
            not counted.is_after_target_years
            and counted.stream = 'mandatory'
        ) as accepted_mandatory,
        count(counted.current_uscc) filter (
            where
            not counted.is_after_target_years
            and counted.stream = 'voluntary'
        ) as accepted_voluntary,
        count(counted.current_uscc) filter (
            where
            not counted.is_after_target_years
            and counted.category = 'energy_over'
        ) as accepted_energy_over,
        count(counted.current_uscc)
        filter (where counted.is_after_target_years) as accepted_after_window
    from targets
    left join counted
        on
            targets.valid_from = counted.target_valid_from
            and targets.last_day_of_month >= counted.event_date
    group by targets.month, targets.target_high
)

select
    month,
    accepted_enterprises,
    accepted_audits,
    accepted_mandatory,
    accepted_voluntary,
    accepted_energy_over,
    accepted_after_window,
    target_high as target,
    {{ ratio('accepted_enterprises', 'target_high') }} as share
from cumulated
