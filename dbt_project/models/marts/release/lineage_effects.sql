{#- Figures of an audit event, and the unit of each. -#}
{%- set savings = {
    'claimed_saving_tce': 'tce',
    'actual_saving_tce': 'tce',
    'water_saving_t': 't',
    'material_saving_t': 't',
    'pollutant_reduction_t': 't',
    'investment_10k_cny': '10k_cny'
} -%}
{%- set group_keys = {
    'district': "'" ~ var('district_code') ~ "'",
    'park': 'park',
    'industry': 'industry_code',
    'cluster': 'cluster',
    'town': 'town_code',
    'zone': "coalesce(land_zone, 'unstated')"
} -%}
-- Each row is one filed row in force of the register, the audits or the projects, and
-- one figure that it moves: what it adds to it, and in which months.
with

register_months as (
    select * from {{ ref('int_register_spread_over_months') }}
),

events as (
    select * from {{ ref('int_audit_events_staged') }}
),

counted as (
    select * from {{ ref('int_audit_acceptances_counted') }}
),

rounds as (
    select * from {{ ref('int_audit_rounds_dated') }}
),

projects as (
    select * from {{ ref('int_plan_projects_matched') }}
),

dated_events as (
    select
        *,
        cast(date_trunc('month', event_date) as date) as event_month
    from events
),

-- The value that was given last stands.
given_figures as (
    {% for figure, unit in savings.items() %}
    {% if not loop.first %}
    union all
    {% endif %}
    select
        events.*,
        '{{ figure }}' as figure,
        '{{ unit }}' as unit,
        events.{{ figure }} as contribution,
        rounds.accepted_on,
        row_number() over (
            partition by events.current_uscc, events.audit_round
            order by
                events.event_date desc nulls last,
                events.stage_order desc nulls last
        ) as latest_first
    from events
    inner join rounds
        on
            events.current_uscc = rounds.current_uscc
            and events.audit_round = rounds.audit_round
    where events.{{ figure }} is not null and rounds.accepted_on is not null
    {% endfor %}
),

of_register as (
    {% for grouping, group_key in group_keys.items() %}
    {% if not loop.first %}
    union all
    {% endif %}
    select
        'enterprise_register' as form,
        filing_id,
        receipt,
        file_name,
        line,
        uscc,
        'group_months' as mart,
        'firms_due' as figure,
        '{{ grouping }}' as grouping,
        {{ group_key }} as figure_key,
        'enterprise' as unit,
        1 as contribution,
        min(month) as first_month,
        max(month) as last_month
    from register_months
    where in_population and {{ group_key }} is not null
    group by filing_id, receipt, file_name, line, uscc, {{ group_key }}
    {% endfor %}
),

of_audits as (
    select
        filing_id,
        receipt,
        file_name,
        line,
        uscc,
        'cleaner_production_audits' as mart,
        stage as figure,
        audit_round as figure_key,
        'event' as unit,
        1 as contribution,
        event_month as first_month
    from dated_events
    union all
    select
        dated_events.filing_id,
        dated_events.receipt,
        dated_events.file_name,
        dated_events.line,
        dated_events.uscc,
        'audit_progress_months' as mart,
        case
            when counted.is_after_target_years then 'accepted_after_window'
            else 'accepted_enterprises'
        end as figure,
        '{{ var("audit_target_id") }}' as figure_key,
        'enterprise' as unit,
        1 as contribution,
        dated_events.event_month as first_month
    from dated_events
    inner join counted
        on
            dated_events.uscc = counted.uscc
            and dated_events.audit_round = counted.audit_round
            and dated_events.event_date = counted.event_date
    where dated_events.is_acceptance
    union all
    select
        filing_id,
        receipt,
        file_name,
        line,
        uscc,
        'audit_savings' as mart,
        figure,
        audit_round as figure_key,
        unit,
        contribution,
        cast(date_trunc('month', accepted_on) as date) as first_month
    from given_figures
    where latest_first = 1
),

of_projects as (
    select
        filing_id,
        receipt,
        file_name,
        line,
        uscc,
        target_id as figure_key,
        case measure when 'projects_saving' then 'tce' else 'project' end as unit,
        case measure when 'projects_saving' then tce_saved else 1 end as contribution,
        min(month) as first_month,
        max(month) as last_month
    from projects
    where measure <> 'projects_saving' or tce_saved is not null
    group by
        filing_id, receipt, file_name, line, uscc, target_id, measure, tce_saved
),

final as (
    select * from of_register
    union all
    select
        'audit_progress' as form,
        filing_id,
        receipt,
        file_name,
        line,
        uscc,
        mart,
        figure,
        'enterprise' as grouping,
        figure_key,
        unit,
        contribution,
        first_month,
        null as last_month
    from of_audits
    union all
    select
        'plan_projects' as form,
        filing_id,
        receipt,
        file_name,
        line,
        uscc,
        'plan_scoreboard' as mart,
        'measured_value' as figure,
        'plan' as grouping,
        figure_key,
        unit,
        contribution,
        first_month,
        last_month
    from of_projects
)

select
    form,
    filing_id,
    line,
    receipt,
    file_name,
    uscc,
    mart,
    figure,
    grouping,
    figure_key,
    unit,
    cast(contribution as decimal(28, 6)) as contribution,
    cast(first_month as date) as first_month,
    cast(last_month as date) as last_month
from final
