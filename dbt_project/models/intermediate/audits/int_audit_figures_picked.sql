-- Each row is one audit round of one firm: of its document and of each of its savings
-- the value that was given last stands.
{% set figures = [
    'document_no', 'claimed_saving_tce', 'actual_saving_tce', 'water_saving_t',
    'material_saving_t', 'pollutant_reduction_t', 'investment_10k_cny'
] %}

with

events as (
    select * from {{ ref('int_audit_events_staged') }}
),

ordered as (
    select
        {% for figure in figures %}
        row_number() over (
            partition by current_uscc, audit_round
            order by
                case when {{ figure }} is null then 1 else 0 end nulls last,
                event_date desc nulls last,
                stage_order desc nulls last
        ) as {{ figure }}_order,
        {% endfor %}
        *
    from events
),

final as (
    select
        {% for figure in figures %}
        max({{ figure }}) filter (where {{ figure }}_order = 1) as {{ figure }},
        {% endfor %}
        current_uscc,
        audit_round
    from ordered
    group by current_uscc, audit_round
)

select * from final
