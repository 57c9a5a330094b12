-- Each row is one energy item of the district from January to a month, over matched
-- firm-months, and why it must not leave the bureau.
with

windows as (
    select * from {{ ref('int_month_windows_listed') }}
    where window_name = 'ytd' and {{ in_build('month') }}
),

enterprise_months as (
    select * from {{ ref('enterprise_months') }}
    where in_population and matched and {{ in_build('month', months_before=11) }}
),

items as (
    select * from {{ ref('enterprise_energy_months') }}
    where counted and {{ in_build('month', months_before=11) }}
),

dated_parameters as (
    select * from {{ ref('int_check_parameters_dated') }}
),

thresholds as (
    select
        month,
        max(case when parameter = 'suppression_min_firms' then value end)
            as minimum_firms,
        max(case when parameter = 'suppression_dominance' then value end) as dominance
    from dated_parameters
    group by month
),

of_firms as (
    select
        windows.month,
        items.energy_item,
        enterprise_months.firm_uscc,
        max(items.item_name_zh) as item_name_zh,
        max(items.item_name_en) as item_name_en,
        max(items.category) as category,
        sum(items.energy_tce) as energy_tce
    from items
    inner join enterprise_months
        on items.uscc = enterprise_months.uscc and items.month = enterprise_months.month
    inner join windows on items.month = windows.member_month
    group by windows.month, items.energy_item, enterprise_months.firm_uscc
    having sum(items.energy_tce) <> 0
),

concentrated as (
    select
        month,
        energy_item,
        max(item_name_zh) as item_name_zh,
        max(item_name_en) as item_name_en,
        max(category) as category,
        count(*) as firms,
        sum(energy_tce) as energy_tce,
        sum(abs(energy_tce)) as amount,
        {{ ratio('max(abs(energy_tce))', 'sum(abs(energy_tce))') }}
            as largest_firm_share
    from of_firms
    group by month, energy_item
),

-- A threshold that is not set is no reason to show.
judged as (
    select
        concentrated.*,
        thresholds.minimum_firms,
        thresholds.dominance,
        case
            when coalesce(concentrated.firms < thresholds.minimum_firms, true)
                then 'too_few_firms'
            when
                coalesce(
                    concentrated.largest_firm_share
                    > cast(thresholds.dominance as double),
                    true
                )
                then 'one_firm_dominates'
        end as own_reason
    from concentrated
    left join thresholds on concentrated.month = thresholds.month
),

ranked as (
    select
        *,
        count(own_reason) over (partition by month) as items_hidden,
        row_number() over (
            partition by month
            order by
                case when own_reason is not null then 0 else 1 end nulls last,
                amount nulls last,
                energy_item nulls last
        ) as hidden_first,
        sum(energy_tce) over (partition by month) as total_tce
    from judged
),

-- What a reader finds by subtraction is the sum of the hidden items, and a firm may
-- have several of them.
hidden_of_firms as (
    select
        ranked.month,
        ranked.hidden_first,
        of_firms.firm_uscc,
        abs(sum(of_firms.energy_tce)) as amount
    from ranked
    inner join ranked as hidden
        on
            ranked.month = hidden.month
            and ranked.hidden_first >= hidden.hidden_first
    inner join of_firms
        on
            hidden.month = of_firms.month
            and hidden.energy_item = of_firms.energy_item
    where ranked.items_hidden > 0 and ranked.hidden_first >= ranked.items_hidden
    group by ranked.month, ranked.hidden_first, of_firms.firm_uscc
),

hidden_together as (
    select
        month,
        hidden_first,
        count(*) as firms,
        {{ ratio('max(amount)', 'sum(amount)') }} as largest_firm_share
    from hidden_of_firms
    group by month, hidden_first
),

sufficient as (
    select
        hidden_together.month,
        min(hidden_together.hidden_first) as items_to_hide
    from hidden_together
    inner join thresholds on hidden_together.month = thresholds.month
    where
        hidden_together.firms >= thresholds.minimum_firms
        and hidden_together.largest_firm_share
        <= cast(thresholds.dominance as double)
    group by hidden_together.month
)

select
    ranked.month,
    ranked.energy_item,
    ranked.item_name_zh,
    ranked.item_name_en,
    ranked.category,
    cast(ranked.firms as bigint) as firms,
    ranked.largest_firm_share,
    cast(ranked.energy_tce as decimal(28, 10)) as energy_tce,
    case
        when ranked.total_tce > 0
            then {{ ratio('ranked.energy_tce', 'ranked.total_tce') }}
    end as share,
    -- Where no number of items suffices, all are hidden.
    case
        when ranked.own_reason is not null then ranked.own_reason
        when
            ranked.items_hidden > 0
            and ranked.hidden_first
            <= coalesce(sufficient.items_to_hide, ranked.hidden_first)
            then 'protects_a_neighbour'
    end as suppression
from ranked
left join sufficient on ranked.month = sufficient.month
