-- Each row is one firm in one origin month: what is filed of the year up to it,
-- and what the rest of the year is forecast to bring. Nothing after the origin is read.
with

-- A firm that changed its code is the same firm.
members as (
    select
        firm_uscc,
        month,
        bool_or(is_combined) as is_combined,
        sum(matched_energy_tce) as matched_energy_tce,
        sum(matched_constant_10k_cny) as matched_constant_10k_cny
    from {{ ref('int_group_members_listed') }}
    where grouping = 'district'
    group by firm_uscc, month
),

firm_windows as (
    select * from {{ ref('int_group_firms_windowed') }}
    where grouping = 'district' and window_name = 'ytd'
),

spans as (
    select * from {{ ref('int_panel_spans_paired') }}
    where grouping = 'district'
),

windows as (
    select * from {{ ref('int_month_windows_listed') }}
    where window_name = 'rolling_12'
),

parameters as (
    select * from {{ ref('int_check_parameters_dated') }}
    where parameter = 'forecast_growth_limit'
),

measured as (
    select
        firm_uscc,
        month,
        is_combined,
        matched_constant_10k_cny as value_added,
        coalesce(matched_energy_tce, 0) as energy_tce
    from members
    where matched_constant_10k_cny is not null
),

-- The same months of last year that are still to come in this one.
rest_last_year as (
    select
        origins.firm_uscc,
        origins.month,
        count(*) as months_measured,
        sum(measured.energy_tce) as energy_tce,
        sum(measured.value_added) as value_added,
        -- February's sums hold January, which is over.
        coalesce(
            bool_or(measured.is_combined and month(measured.month) = 2), false
        ) as holds_january
    from members as origins
    inner join measured
        on
            origins.firm_uscc = measured.firm_uscc
            and year(origins.month) - 1 = year(measured.month)
            and month(origins.month) < month(measured.month)
    group by origins.firm_uscc, origins.month
),

-- Growth is of the twelve months to the origin, span by span, as in group_growth.
grown as (
    select
        spans.firm_uscc,
        windows.month,
        case
            when sum(spans.energy_last_year_tce) > 0
                then
                    {{ ratio(
                        'sum(spans.energy_tce)', 'sum(spans.energy_last_year_tce)'
                    ) }}
        end as energy_growth,
        case
            when sum(spans.value_added_last_year) > 0
                then
                    {{ ratio(
                        'sum(spans.value_added)', 'sum(spans.value_added_last_year)'
                    ) }}
        end as value_added_growth
    from spans
    inner join windows
        on
            spans.last_month = windows.member_month
            and spans.first_month >= windows.first_month
    group by spans.firm_uscc, windows.month
),

joined as (
    select
        firm_windows.firm_uscc,
        firm_windows.month,
        firm_windows.months_measured,
        rest_last_year.months_measured as months_last_year,
        grown.energy_growth,
        grown.value_added_growth,
        origins.firm_uscc is not null as is_due,
        12 - month(firm_windows.month) as months_remaining,
        coalesce(firm_windows.energy_tce, 0) as energy_filed_tce,
        coalesce(firm_windows.value_added_constant_10k_cny, 0) as value_added_filed,
        {{ ratio('rest_last_year.energy_tce', 'rest_last_year.months_measured') }}
            as energy_monthly_last_year_tce,
        {{ ratio('rest_last_year.value_added', 'rest_last_year.months_measured') }}
            as value_added_monthly_last_year,
        {{ ratio('firm_windows.energy_tce', 'firm_windows.months_measured') }}
            as energy_monthly_tce,
        {{ ratio(
            'firm_windows.value_added_constant_10k_cny', 'firm_windows.months_measured'
        ) }} as value_added_monthly,
        coalesce(
            rest_last_year.holds_january and firm_windows.months_measured > 0, false
        ) as counts_january_twice,
        coalesce(
            grown.energy_growth
            between 1 / cast(parameters.value as double)
            and cast(parameters.value as double)
            and grown.value_added_growth
            between 1 / cast(parameters.value as double)
            and cast(parameters.value as double),
            false
        ) as has_grown_within_limit
    from firm_windows
    left join members as origins
        on
            firm_windows.firm_uscc = origins.firm_uscc
            and firm_windows.month = origins.month
    left join rest_last_year
        on
            firm_windows.firm_uscc = rest_last_year.firm_uscc
            and firm_windows.month = rest_last_year.month
    left join grown
        on firm_windows.firm_uscc = grown.firm_uscc and firm_windows.month = grown.month
    left join parameters on firm_windows.month = parameters.month
),

ruled as (
    select
        *,
        case
            when not is_due or months_remaining = 0 then 'nothing_more'
            when
                months_last_year > 0
                and has_grown_within_limit
                and not counts_january_twice
                then 'last_year_grown'
            when months_measured > 0 then 'this_year_mean'
            when months_last_year > 0 then 'last_year'
            else 'unknown'
        end as forecast_rule
    from joined
),

projected as (
    select
        firm_uscc,
        month,
        months_remaining,
        forecast_rule,
        energy_filed_tce,
        value_added_filed,
        case forecast_rule
            when 'last_year_grown'
                then energy_monthly_last_year_tce * energy_growth * months_remaining
            when 'last_year' then energy_monthly_last_year_tce * months_remaining
            when 'this_year_mean' then energy_monthly_tce * months_remaining
            else 0
        end as energy_rest_tce,
        case forecast_rule
            when 'last_year_grown'
                then
                    value_added_monthly_last_year
                    * value_added_growth
                    * months_remaining
            when 'last_year' then value_added_monthly_last_year * months_remaining
            when 'this_year_mean' then value_added_monthly * months_remaining
            else 0
        end as value_added_rest
    from ruled
),

-- Decimals from here on: sums of doubles differ with the order of the rows.
final as (
    select
        firm_uscc,
        month,
        months_remaining,
        forecast_rule,
        cast(energy_filed_tce as decimal(28, 10)) as energy_filed_tce,
        cast(value_added_filed as decimal(28, 10)) as value_added_filed,
        cast(energy_rest_tce as decimal(28, 10)) as energy_rest_tce,
        cast(value_added_rest as decimal(28, 10)) as value_added_rest
    from projected
)

select * from final
