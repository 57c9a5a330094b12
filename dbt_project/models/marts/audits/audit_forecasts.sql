-- Each row is one open audit round at the end of one month: the chance that it is
-- accepted by the end of the year.
with

prospects as (
    select * from {{ ref('int_audit_prospects_compared') }}
),

parameters as (
    select * from {{ ref('int_check_parameters_dated') }}
    where parameter = 'audit_forecast_min_rounds'
),

rounds as (
    select * from {{ ref('int_audit_rounds_dated') }}
),

stages as (
    select * from {{ ref('stg_audit_stages') }}
),

judged as (
    select
        prospects.*,
        parameters.value as past_rounds_min,
        coalesce(prospects.past_rounds >= parameters.value, false) as is_measured
    from prospects
    left join parameters on prospects.month = parameters.month
)

select
    judged.month,
    rounds.uscc,
    judged.audit_round,
    judged.made_on,
    judged.year_end,
    judged.stream,
    judged.stage,
    stages.name_zh as stage_name_zh,
    stages.name_en as stage_name_en,
    judged.entered_on,
    judged.days_at_stage,
    judged.days_to_year_end,
    judged.past_rounds,
    judged.past_rounds_accepted,
    judged.past_rounds_min,
    'share_of_past_rounds_at_the_same_stage' as method,
    case when judged.is_measured then 'measured' else 'not_measurable' end as status,
    case when not judged.is_measured then 'too_few_past_rounds' end as reason,
    case
        when judged.is_measured
            then {{ ratio('judged.past_rounds_accepted', 'judged.past_rounds') }}
    end as acceptance_share
from judged
inner join rounds
    on
        judged.current_uscc = rounds.current_uscc
        and judged.audit_round = rounds.audit_round
left join stages on judged.stage = stages.stage
