-- Each row is one group of one grouping and its first month. The district is there
-- before its first firm.
with

members as (
    select * from {{ ref('int_group_members_listed') }}
),

months as (
    select * from {{ ref('int_calendar_months') }}
),

member_groups as (
    select
        grouping,
        group_key,
        min(month) as first_month
    from members
    where grouping <> 'district'
    group by grouping, group_key
),

final as (
    select
        'district' as grouping,
        '{{ var("district_code") }}' as group_key,
        min(month) as first_month
    from months
    union all
    select
        grouping,
        group_key,
        first_month
    from member_groups
)

select * from final
