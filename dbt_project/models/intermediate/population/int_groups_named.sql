-- Each row is one group of one grouping and its names, an enterprise's newest one.
with

enterprise_months as (
    select * from {{ ref('enterprise_months') }}
),

industries as (
    select * from {{ ref('stg_industry_codes') }}
),

towns as (
    select * from {{ ref('stg_towns') }}
),

land_zones as (
    select * from {{ ref('stg_land_zones') }}
),

enterprises_newest_first as (
    select
        uscc,
        name,
        row_number() over (
            partition by uscc
            order by month desc nulls last
        ) as newest_first
    from enterprise_months
    where name is not null
),

enterprises as (
    select
        uscc,
        name
    from enterprises_newest_first
    where newest_first = 1
),

groups as (
    select * from {{ ref('int_groups_begun') }}
),

-- Parks, clusters and enterprises have Chinese names only; none is invented for them.
final as (
    select
        groups.grouping,
        groups.group_key,
        case groups.grouping
            when 'district' then '{{ var("district_name_zh") }}'
            when 'industry' then industries.name_zh
            when 'town' then towns.name_zh
            when 'zone' then coalesce(land_zones.name_zh, '未标注')
            when 'enterprise' then coalesce(enterprises.name, groups.group_key)
            else groups.group_key
        end as group_name_zh,
        case groups.grouping
            when 'district' then '{{ var("district_name_en") }}'
            when 'industry' then industries.name_en
            when 'town' then towns.name_en
            when
                'zone'
                then case
                    when groups.group_key = 'unstated' then 'Zone not stated'
                    else 'Zone ' || groups.group_key
                end
            when 'enterprise' then coalesce(enterprises.name, groups.group_key)
            else groups.group_key
        end as group_name_en
    from groups
    left join industries
        on groups.grouping = 'industry' and groups.group_key = industries.code
    left join towns
        on groups.grouping = 'town' and groups.group_key = towns.code
    left join land_zones
        on groups.grouping = 'zone' and groups.group_key = land_zones.zone
    left join enterprises
        on groups.grouping = 'enterprise' and groups.group_key = enterprises.uscc
)

select * from final
