-- Each row is one accepted audit round: what was claimed, and beside it what the firm's
-- own reports say of its energy, at the output it then had.
with

clock as (
    select * from {{ ref('stg_clock') }}
),

rounds as (
    select * from {{ ref('int_audit_rounds_described') }}
    where accepted_on is not null
),

spans as (
    select * from {{ ref('int_audit_spans_summed') }}
),

-- Twelve months each, all of them matched; what is missing is said, never filled in.
judged as (
    select
        spans.*,
        case
            when spans.before_first_month is null then 'no_start_recorded'
            when spans.before_months < 12 then 'months_before_missing'
            when spans.after_last_month >= clock.this_month then 'year_after_not_over'
            when spans.after_months < 12 then 'months_after_missing'
            when spans.months_cut > 0 then 'january_and_february_filed_together'
        end as span_reason
    from spans
    cross join clock
),

reasoned as (
    select
        *,
        coalesce(
            span_reason,
            case
                when value_added_before_10k_cny <= 0 or value_added_after_10k_cny <= 0
                    then 'value_added_not_positive'
            end
        ) as reason,
        coalesce(
            span_reason,
            case
                when
                    gross_output_before_10k_cny is null
                    or gross_output_after_10k_cny is null
                    then 'gross_output_missing'
                when
                    gross_output_before_10k_cny <= 0
                    or gross_output_after_10k_cny <= 0
                    then 'gross_output_not_positive'
            end
        ) as output_reason
    from judged
),

-- What the output of the year after would have needed at the intensity of the year
-- before.
expected as (
    select
        *,
        case
            when reason is null
                then
                    {{ ratio('energy_before_tce', 'value_added_before_10k_cny') }}
                    * cast(value_added_after_10k_cny as double)
        end as expected_tce,
        case
            when output_reason is null
                then
                    {{ ratio('energy_before_tce', 'gross_output_before_10k_cny') }}
                    * cast(gross_output_after_10k_cny as double)
        end as expected_by_output_tce
    from reasoned
)

select
    rounds.uscc,
    rounds.audit_round,
    rounds.stream,
    rounds.category,
    rounds.authority,
    rounds.audit_key,
    rounds.enterprises_in_audit,
    rounds.started_on,
    rounds.accepted_on,
    rounds.claimed_saving_tce,
    rounds.actual_saving_tce,
    rounds.water_saving_t,
    rounds.material_saving_t,
    rounds.pollutant_reduction_t,
    rounds.investment_10k_cny,
    expected.before_first_month,
    expected.before_last_month,
    expected.after_first_month,
    expected.after_last_month,
    expected.before_months,
    expected.after_months,
    expected.reason,
    expected.output_reason,
    rounds.claimed_saving_basis,
    rounds.investment_basis,
    case
        when rounds.claimed_saving_basis = rounds.investment_basis
            then {{ ratio('rounds.claimed_saving_tce', 'rounds.investment_10k_cny') }}
    end as claimed_saving_tce_per_10k_cny,
    case when expected.reason is null then 'measured' else 'not_measurable' end
        as status,
    case when expected.output_reason is null then 'measured' else 'not_measurable' end
        as output_status,
    case when expected.months_undeflated > 0 then 'undeflated' else 'deflated' end
        as price_status,
    cast(expected.energy_before_tce as decimal(28, 10)) as energy_before_tce,
    cast(expected.energy_after_tce as decimal(28, 10)) as energy_after_tce,
    cast(expected.value_added_before_10k_cny as decimal(28, 10))
        as value_added_before_10k_cny,
    cast(expected.value_added_after_10k_cny as decimal(28, 10))
        as value_added_after_10k_cny,
    cast(expected.gross_output_before_10k_cny as decimal(28, 10))
        as gross_output_before_10k_cny,
    cast(expected.gross_output_after_10k_cny as decimal(28, 10))
        as gross_output_after_10k_cny,
    cast(expected.expected_tce as decimal(28, 10)) as expected_energy_tce,
    cast(
        expected.expected_tce - cast(expected.energy_after_tce as double)
        as decimal(28, 10)
    ) as realised_saving_tce,
    cast(
        expected.expected_by_output_tce - cast(expected.energy_after_tce as double)
        as decimal(28, 10)
    ) as realised_saving_by_output_tce
from rounds
inner join expected
    on
        rounds.current_uscc = expected.current_uscc
        and rounds.audit_round = expected.audit_round
