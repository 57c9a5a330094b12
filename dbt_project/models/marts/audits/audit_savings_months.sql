-- Each row is one window that ends in a calendar month: the savings of all rounds
-- accepted in it, in the whole district.
with

windows as (
    select * from {{ ref('int_month_windows_listed') }}
),

savings as (
    select
        *,
        cast(date_trunc('month', accepted_on) as date) as accepted_month
    from {{ ref('audit_savings') }}
),

-- The ratio to the investment takes both from the same rounds.
summed as (
    select
        windows.month,
        windows.window_name,
        count(savings.uscc) as rounds_accepted,
        count(savings.claimed_saving_tce) as rounds_with_claim,
        sum(savings.claimed_saving_tce) as claimed_saving_tce,
        sum(savings.actual_saving_tce) as actual_saving_tce,
        sum(savings.water_saving_t) as water_saving_t,
        sum(savings.material_saving_t) as material_saving_t,
        sum(savings.pollutant_reduction_t) as pollutant_reduction_t,
        sum(savings.investment_10k_cny) as investment_10k_cny,
        sum(savings.claimed_saving_tce) filter (
            where savings.investment_10k_cny is not null
        ) as claimed_with_investment_tce,
        sum(savings.investment_10k_cny) filter (
            where savings.claimed_saving_tce is not null
        ) as investment_with_claim_10k_cny,
        count(savings.uscc) filter (where savings.status = 'measured')
            as rounds_realised,
        sum(savings.claimed_saving_tce) filter (where savings.status = 'measured')
            as claimed_where_realised_tce,
        sum(savings.realised_saving_tce) as realised_saving_tce
    from windows
    left join savings on windows.member_month = savings.accepted_month
    group by windows.month, windows.window_name
)

select
    month,
    window_name,
    rounds_accepted,
    rounds_with_claim,
    rounds_realised,
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
