-- Each row is one stage event of one audit round of one enterprise.
with

audit_progress as (
    {{ newest_rows_in_force(
        source('filed', 'audit_progress'),
        ['uscc', 'audit_round', 'stage', 'event_date']
    ) }}
),

final as (
    select
        uscc,
        audit_round,
        stream,
        category,
        stage as form_stage,
        event_date,
        result,
        document_no,
        claimed_saving_tce,
        actual_saving_tce,
        water_saving_t,
        material_saving_t,
        pollutant_reduction_t,
        investment_10k_cny,
        filing_id,
        receipt,
        file_name,
        line
    from audit_progress
)

select * from final
