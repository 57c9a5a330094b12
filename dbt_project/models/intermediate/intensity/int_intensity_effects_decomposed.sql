-- Each row is one part, by one effect, that one member has in the change of its group's
-- intensity between this year and last, tce per 10,000 CNY.
with

compared as (
    select * from {{ ref('int_intensity_members_compared') }}
    where {{ in_build('month') }}
),

panel as (
    select
        *,
        {{ ratio('energy_tce', 'panel_value_added') }} as energy_per_panel,
        {{ ratio('energy_last_year_tce', 'panel_value_added_last_year') }}
            as energy_per_panel_last_year,
        {{ ratio('value_added', 'panel_value_added') }} as panel_share,
        {{ ratio('value_added_last_year', 'panel_value_added_last_year') }}
            as panel_share_last_year,
        {{ log_mean('panel_intensity', 'panel_intensity_last_year') }}
            as reference_intensity
    from compared
    where standing = 'panel'
),

moved as (
    select
        *,
        {{ log_mean('energy_per_panel', 'energy_per_panel_last_year') }}
        * ln(panel_share / panel_share_last_year) as moved_by_share
    from panel
),

parts as (
    -- The references of all members sum to 0: shares do not grow together. With them a
    -- member that gains share raises the ratio only if it is more intensive than the
    -- panel.
    select
        grouping,
        group_key,
        month,
        member_kind,
        member_key,
        'structure' as effect,
        moved_by_share
        - reference_intensity * (panel_share - panel_share_last_year) as contribution
    from moved
    union all
    -- The log mean times the logarithm of the member's own ratio: the two logarithms of
    -- a member make up energy_per_panel's, and this is the limit where an energy is 0.
    select
        grouping,
        group_key,
        month,
        member_kind,
        member_key,
        'intensity' as effect,
        (energy_per_panel - energy_per_panel_last_year) - moved_by_share as contribution
    from moved
    union all
    -- Energy beyond the panel's ratio; without a panel, all of it.
    select
        grouping,
        group_key,
        month,
        member_kind,
        member_key,
        standing as effect,
        (
            cast(energy_tce as double)
            - cast(value_added as double) * coalesce(panel_intensity, 0)
        )
        / cast(group_value_added as double)
        - (
            cast(energy_last_year_tce as double)
            - cast(value_added_last_year as double)
            * coalesce(panel_intensity_last_year, 0)
        )
        / cast(group_value_added_last_year as double) as contribution
    from compared
    where standing <> 'panel'
)

select * from parts
