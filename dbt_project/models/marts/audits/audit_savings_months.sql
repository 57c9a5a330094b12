-- Each row is one window that ends in a calendar month: the savings of all rounds
-- accepted in it, in the whole district.
{% set figures = [
    'claimed_saving_tce', 'actual_saving_tce', 'water_saving_t', 'material_saving_t',
    'pollutant_reduction_t', 'investment_10k_cny'
] %}

with

windows as (
    select * from {{ ref('int_month_windows_listed') }}
),

savings as (
    select * from {{ ref('audit_savings') }}
),

audits as (
    select
        accepted_on,
        count(*) as rounds,
        count(claimed_saving_tce) as rounds_with_claim,
        count(investment_10k_cny) as rounds_with_investment,
        count(*) filter (where status = 'measured') as rounds_measured,
        sum(claimed_saving_tce) filter (where status = 'measured') as claimed_measured,
        sum(realised_saving_tce) as realised_saving_tce,
        sum(claimed_saving_tce) filter (where investment_10k_cny is not null)
            as claimed_with_investment,
        sum(investment_10k_cny) filter (where claimed_saving_tce is not null)
            as investment_with_claim,
        {% for figure in figures %}
        {{ sum_of_audit(figure) }} as {{ figure }},
        {% endfor %}
        coalesce({{ is_total_of_audit('claimed_saving_tce') }}, false)
            as claims_a_total,
        coalesce({{ is_total_of_audit('investment_10k_cny') }}, false)
            as invests_a_total
    from savings
    group by audit_key, accepted_on
),

-- A total of the whole audit is compared with the whole audit, or with nothing.
compared as (
    select
        *,
        cast(date_trunc('month', accepted_on) as date) as accepted_month,
        claims_a_total and rounds_measured < rounds as is_measured_in_part,
        claims_a_total or invests_a_total as has_a_total,
        (claims_a_total or rounds_with_claim = rounds)
        and (invests_a_total or rounds_with_investment = rounds) as has_both
    from audits
),

-- The ratio to the investment takes both from the same rounds.
summed as (
    select
        windows.month,
        windows.window_name,
        coalesce(sum(compared.rounds), 0) as rounds_accepted,
        coalesce(sum(compared.rounds_with_claim), 0) as rounds_with_claim,
        coalesce(
            sum(compared.rounds_measured) filter (
                where not compared.is_measured_in_part
            ), 0
        ) as rounds_realised,
        {% for figure in figures %}
        sum(compared.{{ figure }}) as {{ figure }},
        {% endfor %}
        sum(
            case
                when not compared.has_a_total then compared.claimed_with_investment
                when compared.has_both then compared.claimed_saving_tce
            end
        ) as claimed_with_investment_tce,
        sum(
            case
                when not compared.has_a_total then compared.investment_with_claim
                when compared.has_both then compared.investment_10k_cny
            end
        ) as investment_with_claim_10k_cny,
        sum(
            case
                when not compared.claims_a_total then compared.claimed_measured
                when not compared.is_measured_in_part then compared.claimed_saving_tce
            end
        ) as claimed_where_realised_tce,
        sum(compared.realised_saving_tce) filter (
            where not compared.is_measured_in_part
        ) as realised_saving_tce
    from windows
    left join compared on windows.member_month = compared.accepted_month
    group by windows.month, windows.window_name
)

select
    month,
    window_name,
    cast(rounds_accepted as bigint) as rounds_accepted,
    cast(rounds_with_claim as bigint) as rounds_with_claim,
    cast(rounds_realised as bigint) as rounds_realised,
    cast(claimed_saving_tce as decimal(28, 6)) as claimed_saving_tce,
    cast(actual_saving_tce as decimal(28, 6)) as actual_saving_tce,
    cast(water_saving_t as decimal(28, 6)) as water_saving_t,
    cast(material_saving_t as decimal(28, 6)) as material_saving_t,
    cast(pollutant_reduction_t as decimal(28, 6)) as pollutant_reduction_t,
    cast(investment_10k_cny as decimal(28, 6)) as investment_10k_cny,
    {{ ratio('claimed_with_investment_tce', 'investment_with_claim_10k_cny') }}
        as claimed_saving_tce_per_10k_cny,
    cast(claimed_where_realised_tce as decimal(28, 6)) as claimed_where_realised_tce,
    cast(realised_saving_tce as decimal(28, 10)) as realised_saving_tce
from summed
