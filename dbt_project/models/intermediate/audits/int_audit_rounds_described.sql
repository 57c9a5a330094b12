-- Each row is one audit round of one firm: its days, the figures given last, the audit
-- that it belongs to once accepted, and whether a figure is the firm's or the audit's.
{% set audit %}
over (
    partition by
        coalesce(
            joined_audits.audit_key,
            rounds.current_uscc || ' ' || rounds.audit_round
        ),
        rounds.accepted_on
)
{% endset %}

with

rounds as (
    select * from {{ ref('int_audit_rounds_dated') }}
),

figures as (
    select * from {{ ref('int_audit_figures_picked') }}
),

joined_audits as (
    select * from {{ ref('int_audit_acceptances_joined') }}
),

final as (
    select
        rounds.uscc,
        rounds.current_uscc,
        rounds.audit_round,
        rounds.stream,
        rounds.category,
        rounds.authority,
        rounds.last_stage,
        rounds.last_stage_on,
        rounds.furthest_stage_order,
        rounds.listed_on,
        rounds.disclosed_on,
        rounds.started_on,
        rounds.evaluated_on,
        rounds.report_submitted_on,
        rounds.acceptance_applied_on,
        rounds.accepted_on,
        rounds.failed_on,
        rounds.is_replaced,
        figures.document_no,
        figures.claimed_saving_tce,
        figures.actual_saving_tce,
        figures.water_saving_t,
        figures.material_saving_t,
        figures.pollutant_reduction_t,
        figures.investment_10k_cny,
        joined_audits.audit_key,
        joined_audits.enterprises_in_audit,
        {{ basis_in_audit('figures.claimed_saving_tce', audit) }}
            as claimed_saving_basis,
        {{ basis_in_audit('figures.investment_10k_cny', audit) }} as investment_basis
    from rounds
    left join figures
        on
            rounds.current_uscc = figures.current_uscc
            and rounds.audit_round = figures.audit_round
    left join joined_audits
        on
            rounds.current_uscc = joined_audits.current_uscc
            and rounds.audit_round = joined_audits.audit_round
)

select * from final
