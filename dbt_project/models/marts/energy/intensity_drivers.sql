-- Each row is one effect by which one member changed its group's intensity between the
-- same months of this year and last, January to the month.
with

parts as (
    select * from {{ ref('int_intensity_effects_decomposed') }}
    where {{ in_build('month') }}
),

compared as (
    select * from {{ ref('int_intensity_members_compared') }}
    where {{ in_build('month') }}
),

months as (
    select * from {{ ref('int_calendar_months') }}
),

names as (
    select * from {{ ref('int_groups_named') }}
),

settled as (
    select * from {{ ref('int_months_settled') }}
)

select
    parts.grouping,
    parts.group_key,
    parts.month,
    parts.member_kind,
    parts.member_key,
    parts.effect,
    months.month_last_year,
    names.group_name_zh as member_name_zh,
    names.group_name_en as member_name_en,
    parts.contribution as contribution_tce_per_10k_cny,
    compared.group_intensity as intensity_tce_per_10k_cny,
    compared.group_intensity_last_year as intensity_last_year_tce_per_10k_cny,
    compared.panel_members,
    compared.panel_intensity as panel_intensity_tce_per_10k_cny,
    compared.panel_intensity_last_year as panel_intensity_last_year_tce_per_10k_cny,
    settled.provisional,
    cast(compared.energy_tce as decimal(28, 10)) as energy_tce,
    cast(compared.energy_last_year_tce as decimal(28, 10)) as energy_last_year_tce,
    cast(compared.value_added as decimal(28, 10)) as value_added_constant_10k_cny,
    cast(compared.value_added_last_year as decimal(28, 10))
        as value_added_constant_last_year_10k_cny,
    cast(compared.panel_value_added as decimal(28, 10))
        as panel_value_added_constant_10k_cny,
    cast(compared.panel_value_added_last_year as decimal(28, 10))
        as panel_value_added_constant_last_year_10k_cny,
    case
        when compared.group_months_undeflated > 0 then 'undeflated'
        else 'deflated'
    end as price_status
from parts
inner join compared
    on
        parts.grouping = compared.grouping
        and parts.group_key = compared.group_key
        and parts.month = compared.month
        and parts.member_kind = compared.member_kind
        and parts.member_key = compared.member_key
inner join months on parts.month = months.month
left join names
    on
        parts.member_kind = names.grouping
        and parts.member_key = names.group_key
left join settled on parts.month = settled.month
