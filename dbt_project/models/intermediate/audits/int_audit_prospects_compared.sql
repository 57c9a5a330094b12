-- Each row is one open audit round at the end of one month (today, in the month of the
-- clock), and past rounds that stood where it stands: how many of them were accepted
-- within the days that are left of the year.
with

clock as (
    select * from {{ ref('stg_clock') }}
),

targets as (
    select * from {{ ref('int_targets_dated') }}
    where target_id = '{{ var("audit_target_id") }}'
),

rounds as (
    select * from {{ ref('int_audit_rounds_dated') }}
),

counted as (
    select * from {{ ref('int_audit_acceptances_counted') }}
),

successors as (
    select * from {{ ref('int_enterprise_successors_followed') }}
),

registered as (
    select distinct
        register_months.month,
        coalesce(successors.current_uscc, register_months.uscc) as current_uscc
    from {{ ref('int_register_spread_over_months') }} as register_months
    left join successors on register_months.uscc = successors.uscc
),

months as (
    select
        targets.month,
        targets.valid_from as target_valid_from,
        least(targets.last_day_of_month, clock.today) as made_on,
        make_date(cast(year(targets.month) as integer), 12, 31) as year_end
    from targets
    cross join clock
    where targets.last_day_of_month >= targets.valid_from
),

-- The first day of each stage of each round: from here durations count.
spells as (
    select
        events.current_uscc,
        events.audit_round,
        events.stage,
        events.stage_order,
        rounds.stream,
        rounds.begun_on,
        rounds.accepted_on,
        min(events.event_date) as entered_on
    from {{ ref('int_audit_events_staged') }} as events
    inner join rounds
        on
            events.current_uscc = rounds.current_uscc
            and events.audit_round = rounds.audit_round
    group by
        events.current_uscc,
        events.audit_round,
        events.stage,
        events.stage_order,
        rounds.stream,
        rounds.begun_on,
        rounds.accepted_on
),

-- Of each firm the round begun last, at the stage reached last, as of that day.
standing as (
    select
        months.month,
        months.made_on,
        months.year_end,
        months.target_valid_from,
        spells.current_uscc,
        spells.audit_round,
        spells.stage,
        spells.stream,
        spells.accepted_on,
        spells.entered_on,
        row_number() over (
            partition by months.month, spells.current_uscc
            order by
                spells.begun_on desc nulls last,
                spells.audit_round desc nulls last,
                spells.entered_on desc nulls last,
                spells.stage_order desc nulls last
        ) as newest_first
    from months
    inner join spells on months.made_on >= spells.entered_on
),

-- Only a firm that is in the register and not yet counted can add to the number.
open_rounds as (
    select
        standing.*,
        {{ days_between('standing.entered_on', 'standing.made_on') }} as days_at_stage,
        {{ days_between('standing.entered_on', 'standing.year_end') }} as days_allowed
    from standing
    inner join registered
        on
            standing.current_uscc = registered.current_uscc
            and standing.month = registered.month
    left join counted
        on
            standing.target_valid_from = counted.target_valid_from
            and standing.current_uscc = counted.current_uscc
            and standing.made_on >= counted.event_date
    where
        standing.newest_first = 1
        and counted.current_uscc is null
        and coalesce(standing.accepted_on > standing.made_on, true)
),

-- A past round tells something if it stood at the stage as long without acceptance, and
-- if all the days that are allowed had passed by then: those that never passed count.
compared as (
    select
        open_rounds.month,
        open_rounds.current_uscc,
        open_rounds.audit_round,
        count(spells.current_uscc) as past_rounds,
        count(spells.current_uscc) filter (
            where
            {{ days_between('spells.entered_on', 'spells.accepted_on') }}
            <= open_rounds.days_allowed
        ) as past_rounds_accepted
    from open_rounds
    left join spells
        on
            open_rounds.stage = spells.stage
            and open_rounds.stream = spells.stream
            and (
                open_rounds.current_uscc <> spells.current_uscc
                or open_rounds.audit_round <> spells.audit_round
            )
            and {{ days_between('spells.entered_on', 'open_rounds.made_on') }}
            >= open_rounds.days_allowed
            and coalesce(
                {{ days_between('spells.entered_on', 'spells.accepted_on') }}
                > open_rounds.days_at_stage, true
            )
    group by
        open_rounds.month,
        open_rounds.current_uscc,
        open_rounds.audit_round
),

final as (
    select
        open_rounds.month,
        open_rounds.current_uscc,
        open_rounds.audit_round,
        open_rounds.made_on,
        open_rounds.year_end,
        open_rounds.stage,
        open_rounds.stream,
        open_rounds.entered_on,
        compared.past_rounds,
        compared.past_rounds_accepted,
        cast(open_rounds.days_at_stage as integer) as days_at_stage,
        cast(
            open_rounds.days_allowed - open_rounds.days_at_stage as integer
        ) as days_to_year_end
    from open_rounds
    inner join compared
        on
            open_rounds.month = compared.month
            and open_rounds.current_uscc = compared.current_uscc
            and open_rounds.audit_round = compared.audit_round
)

select * from final
