create schema marts;

create table marts.enterprise_energy_months (
    uscc varchar, month date, energy_item varchar,
    item_name_zh varchar, item_name_en varchar, category varchar, part_of varchar,
    counted boolean, unit varchar, months_covered integer,
    production_use decimal(19, 6), feedstock_use decimal(19, 6),
    non_production_use decimal(19, 6), transport_use decimal(19, 6),
    transformation_output decimal(19, 6), recovered decimal(19, 6),
    sent_out decimal(19, 6), purchased decimal(19, 6),
    purchase_cost_1k_cny decimal(19, 6), green_power_certified decimal(19, 6),
    quantity decimal(19, 6), coefficient_tce decimal(16, 12), coefficient_basis varchar,
    coefficient_edition varchar, coefficient_flagged boolean, coefficient_flag varchar,
    energy_tce decimal(28, 10),
    filing_id bigint, receipt varchar, file_name varchar, line bigint
);

create table marts.enterprise_months (
    uscc varchar, month date, firm_uscc varchar, name varchar, industry_code varchar,
    industry_name_zh varchar, industry_name_en varchar, cluster varchar, park varchar,
    town_code varchar, town_name_zh varchar, town_name_en varchar, land_zone varchar,
    river_strip boolean, above_scale boolean, in_population boolean,
    energy_filed boolean, output_filed boolean, nil_return boolean,
    energy_months_covered integer, output_months_covered integer,
    covered_by_february boolean, matched boolean, unmatched_reason varchar,
    energy_tce decimal(28, 10), energy_flagged_tce decimal(28, 10),
    gross_output_10k_cny decimal(19, 6),
    value_added_10k_cny decimal(28, 10), value_added_basis varchar,
    deflator_index_2020_100 decimal(19, 6), price_status varchar,
    value_added_constant_10k_cny decimal(28, 10), revenue_10k_cny decimal(19, 6),
    tax_10k_cny decimal(19, 6), employees bigint, energy_receipt varchar,
    output_receipt varchar, output_file_name varchar, output_line bigint
);

create table marts.group_months (
    grouping varchar, group_key varchar, month date, window_name varchar,
    group_name_zh varchar, group_name_en varchar,
    energy_tce decimal(28, 10), energy_filed_tce decimal(28, 10),
    value_added_current_10k_cny decimal(28, 10), value_added_constant_10k_cny decimal(28, 10),
    value_added_filed_10k_cny decimal(28, 10), gross_output_10k_cny decimal(28, 6),
    revenue_10k_cny decimal(28, 6), tax_10k_cny decimal(28, 6),
    intensity_constant_tce_per_10k_cny double, intensity_current_tce_per_10k_cny double,
    status varchar, reason varchar, price_status varchar, undeflated_share double,
    firms_due bigint, firms_filed bigint, firms_matched bigint,
    firm_months_due bigint, firm_months_filed bigint, firm_months_matched bigint,
    energy_share double, given_share double, derived_share double, estimated_share double,
    flagged_coefficient_share double, largest_firm_share double, provisional boolean,
    suppression varchar
);

create table marts.industry_benchmarks (
    industry_code varchar, month date, window_name varchar,
    industry_name_zh varchar, industry_name_en varchar, firms bigint, firms_measured bigint,
    q1_tce_per_10k_cny double, median_tce_per_10k_cny double, q3_tce_per_10k_cny double,
    aggregate_tce_per_10k_cny double, aggregate_status varchar, aggregate_reason varchar,
    firms_summed bigint, largest_share double, aggregate_suppressed_reason varchar,
    quartiles_suppressed_reason varchar, price_status varchar, provisional boolean
);

create table marts.enterprise_benchmarks (
    uscc varchar, month date, window_name varchar, name varchar, park varchar,
    industry_code varchar, industry_name_zh varchar, industry_name_en varchar,
    energy_tce decimal(28, 10), value_added_constant_10k_cny decimal(28, 10),
    intensity_tce_per_10k_cny double, status varchar, reason varchar, price_status varchar,
    industry_firms_measured bigint, benchmark_basis varchar, benchmark_tce_per_10k_cny double,
    benchmark_ratio double, energy_over_benchmark_tce decimal(28, 10),
    excess_tce decimal(28, 10), excess_rank bigint, target_tce_per_10k_cny decimal(19, 6),
    energy_over_target_tce decimal(28, 10), tier varchar, peers bigint,
    peers_below_share double, peers_suppressed_reason varchar, provisional boolean
);

create table marts.group_growth (
    grouping varchar, group_key varchar, month date, window_name varchar,
    group_name_zh varchar, group_name_en varchar,
    energy_growth double, value_added_growth double, provisional boolean,
    panel_firms bigint, panel_firm_months bigint, panel_energy_share double,
    energy_tce decimal(28, 10), energy_last_year_tce decimal(28, 10),
    value_added_constant_10k_cny decimal(28, 10),
    value_added_constant_last_year_10k_cny decimal(28, 10),
    intensity_change double, status varchar, reason varchar, price_status varchar,
    suppression varchar
);

create table marts.intensity_drivers (
    grouping varchar, group_key varchar, month date,
    member_kind varchar, member_key varchar, effect varchar, month_last_year date,
    member_name_zh varchar, member_name_en varchar, contribution_tce_per_10k_cny double,
    intensity_tce_per_10k_cny double, intensity_last_year_tce_per_10k_cny double,
    panel_members bigint, panel_intensity_tce_per_10k_cny double,
    panel_intensity_last_year_tce_per_10k_cny double, provisional boolean,
    energy_tce decimal(28, 10), energy_last_year_tce decimal(28, 10),
    value_added_constant_10k_cny decimal(28, 10),
    value_added_constant_last_year_10k_cny decimal(28, 10),
    panel_value_added_constant_10k_cny decimal(28, 10),
    panel_value_added_constant_last_year_10k_cny decimal(28, 10), price_status varchar
);

create table marts.target_progress (
    target_id varchar, month date,
    intensity_ytd double, intensity_rolling_12 double, intensity_month double,
    intensity_ytd_current double, intensity_rounded_4 decimal(19, 4), target_high decimal(19, 6),
    target_year bigint, in_plan_period boolean, gap double, gap_share double, tce_to_save decimal(28, 10),
    reached boolean, standing varchar, close_band_share double,
    status varchar, reason varchar, price_status varchar,
    coverage_share double, firms_due bigint, firms_filed bigint, firms_matched bigint,
    is_due boolean, is_headline boolean, provisional boolean,
    quote_zh varchar, basis_zh varchar, basis_en varchar
);

create table marts.target_pace (
    target_id varchar, month date, target_high decimal(19, 6), target_year bigint,
    intensity_ytd double, intensity_ytd_last_year double, years_left bigint,
    intensity_on_line double, required_change double, achieved_change double, energy_growth double,
    value_added_growth double, panel_firms bigint, panel_energy_share double, on_pace boolean,
    status varchar, reason varchar, plan_line_intensity double, plan_line_status varchar,
    plan_line_reason varchar, price_status varchar, provisional boolean, basis_zh varchar,
    basis_en varchar
);

create table marts.target_forecasts (
    target_id varchar, month date, forecast_year bigint, intensity_forecast double,
    intensity_low double, intensity_high double, band_level double, band_coverage double,
    back_tests bigint, band_reason varchar, target_high decimal(19, 6), standing_forecast varchar,
    energy_tce decimal(28, 10), value_added_constant_10k_cny decimal(28, 10),
    tce_to_save decimal(28, 10), forecast_method varchar, firms_forecast bigint,
    firms_by_growth bigint, firms_by_mean bigint, firms_by_last_year bigint, firms_left_out bigint,
    months_remaining bigint, filed_share double, history_share double, status varchar,
    reason varchar, price_status varchar, provisional boolean
);

create table marts.target_forecast_backtests (
    target_id varchar, month date, forecast_year bigint, months_remaining bigint,
    intensity_forecast double, intensity_low double, intensity_high double,
    intensity_came_out double, error_share double, inside_band boolean, band_level double,
    back_tests bigint, band_coverage double
);

create table marts.plan_scoreboard (
    target_id varchar, month date, section varchar, row_type varchar, indicator_zh varchar,
    indicator_en varchar, entity_scope varchar, measure varchar, direction varchar, first_month date,
    last_month date, unit varchar, measured_value decimal(28, 10), target_low decimal(19, 6),
    target_high decimal(19, 6), target_year bigint, comparator varchar,
    baseline_value decimal(19, 6), baseline_year varchar, in_plan_period boolean,
    reason varchar, is_headline boolean, provisional boolean, confidence varchar,
    basis_zh varchar, basis_en varchar, quote_zh varchar, ambiguity varchar,
    value_window varchar, status varchar, gap decimal(28, 10), gap_share double,
    firm_months_due bigint, firm_months_filed bigint, reason_zh varchar, reason_en varchar
);

create table marts.cleaner_production_audits (
    uscc varchar, audit_round varchar, current_uscc varchar, name varchar, park varchar,
    stream varchar, category varchar, authority varchar, last_stage varchar,
    last_stage_name_zh varchar, last_stage_name_en varchar, last_stage_on date,
    listed_on date, disclosed_on date, started_on date, evaluated_on date,
    report_submitted_on date, acceptance_applied_on date, accepted_on date, failed_on date,
    audit_key varchar, enterprises_in_audit bigint,
    document_no varchar, claimed_saving_tce decimal(19, 6), actual_saving_tce decimal(19, 6),
    is_replaced boolean, counts_toward_target boolean, missing_forerunners bigint,
    overdue_clocks bigint, next_stage varchar,
    next_stage_name_zh varchar, next_stage_name_en varchar, next_entered_by varchar,
    next_due_on date, days_left integer, overdue boolean
);

create table marts.audit_clocks (
    uscc varchar, audit_round varchar, stage varchar, stage_order bigint,
    stage_name_zh varchar, stage_name_en varchar, entered_by varchar, stream varchar,
    category varchar, authority varchar, anchor_on date, deadline_months bigint, due_on date,
    done_on date, state varchar, reason varchar, statutory_deadline varchar,
    deadline_source varchar, law varchar, rule varchar, days_left integer, days_late integer
);

create table marts.audit_progress_months (
    month date, accepted_enterprises bigint, accepted_audits bigint, accepted_mandatory bigint,
    accepted_voluntary bigint, accepted_energy_over bigint, accepted_after_window bigint,
    target decimal(19, 6), share double
);

create table marts.filing_coverage (
    uscc varchar, month date, form varchar, due_on date, state varchar, satisfied_by varchar,
    first_received_at timestamp, accepted_at timestamp, days_late integer,
    name varchar, park varchar, contact_email varchar
);

create table marts.cross_form_facts (
    uscc varchar, month date, fact varchar, name varchar, park varchar, due_on date,
    past_due boolean, to_alert boolean, energy_tce decimal(28, 10),
    energy_receipt varchar, output_receipt varchar
);

create table marts.lineage (
    uscc varchar, month date, form varchar, filing_id bigint, line bigint,
    energy_item varchar, receipt varchar, file_name varchar, version integer,
    quantity decimal(19, 6), coefficient_tce decimal(16, 12), coefficient_basis varchar,
    coefficient_edition varchar, energy_tce decimal(28, 10), counted boolean,
    value_added_10k_cny decimal(28, 10), value_added_basis varchar,
    deflator_index_2020_100 decimal(19, 6), matched boolean
);

create table marts.check_months (
    check_id varchar, month date, severity varchar, findings bigint, filings_failed bigint,
    filings_checked bigint, pass_share double, check_name varchar, files_failed bigint
);

create table marts.quality_months (
    month date, forms_due bigint, forms_filed bigint, forms_in_time bigint,
    filings bigint, filings_passed bigint, filings_clean bigint, filings_returned bigint,
    corrections bigint, findings_error bigint, findings_warning bigint,
    completeness_share double, punctuality_share double, pass_share double,
    weight_measured_share double, score double
);

create table marts.release_facts (
    data_through date, built_today date, as_of timestamp, demonstration boolean,
    firms bigint, filings_in_force bigint
);

create table marts.audit_stage_months (
    month date, stage varchar, stream varchar, authority varchar, stage_order bigint,
    stage_name_zh varchar, stage_name_en varchar, rounds_in_month bigint, rounds_so_far bigint
);

create table marts.audit_forecast_months (
    month date, made_on date, year_end date, is_after_target_years boolean, target decimal(19,
    6), accepted_so_far bigint, rounds_open bigint, rounds_forecast bigint, past_rounds_least
    bigint, method varchar, status varchar, reason varchar, expected_new_enterprises double,
    expected_by_year_end double, low_by_year_end bigint, high_by_year_end bigint,
    accepted_by_year_end bigint, forecast_error double, within_band boolean
);

create table marts.audit_forecasts (
    month date, uscc varchar, audit_round varchar, made_on date, year_end date, stream varchar,
    stage varchar, stage_name_zh varchar, stage_name_en varchar, entered_on date, days_at_stage
    integer, days_to_year_end integer, past_rounds bigint, past_rounds_accepted bigint,
    past_rounds_min decimal(16, 12), method varchar, status varchar, reason varchar,
    acceptance_share double
);

create table marts.audit_savings (
    uscc varchar, audit_round varchar, stream varchar, category varchar, authority varchar,
    audit_key varchar, enterprises_in_audit bigint, started_on date, accepted_on date,
    claimed_saving_tce decimal(19, 6), actual_saving_tce decimal(19, 6), water_saving_t
    decimal(19, 6), material_saving_t decimal(19, 6), pollutant_reduction_t decimal(19, 6),
    investment_10k_cny decimal(19, 6), before_first_month date, before_last_month date,
    after_first_month date, after_last_month date, before_months bigint, after_months bigint,
    reason varchar, output_reason varchar, claimed_saving_basis varchar, investment_basis
    varchar, claimed_saving_tce_per_10k_cny double, status varchar, output_status varchar,
    price_status varchar, energy_before_tce decimal(28, 10), energy_after_tce decimal(28, 10),
    value_added_before_10k_cny decimal(28, 10), value_added_after_10k_cny decimal(28, 10),
    gross_output_before_10k_cny decimal(28, 10), gross_output_after_10k_cny decimal(28, 10),
    expected_energy_tce decimal(28, 10), realised_saving_tce decimal(28, 10),
    realised_saving_by_output_tce decimal(28, 10)
);

create table marts.audit_savings_months (
    month date, window_name varchar, rounds_accepted bigint, rounds_with_claim bigint,
    rounds_realised bigint, claimed_saving_tce decimal(28, 6), actual_saving_tce decimal(28, 6),
    water_saving_t decimal(28, 6), material_saving_t decimal(28, 6), pollutant_reduction_t
    decimal(28, 6), investment_10k_cny decimal(28, 6), claimed_saving_tce_per_10k_cny double,
    claimed_where_realised_tce decimal(28, 6), realised_saving_tce decimal(28, 10)
);

create table marts.resource_efficiency (
    uscc varchar, month date, name varchar, park varchar, industry_code varchar,
    industry_name_zh varchar, industry_name_en varchar, value_added_10k_cny_per_tce double,
    tax_10k_cny_per_ha double, output_10k_cny_per_ha double, value_added_10k_cny_per_person
    double, value_added_per_energy_points double, tax_per_land_points double,
    output_per_land_points double, value_added_per_employee_points double, indicators_measured
    bigint, weight_measured_share double, status varchar, reason varchar, score double,
    efficiency_class varchar, provisional boolean
);

create table marts.resource_efficiency_indicators (
    uscc varchar, month date, indicator varchar, name varchar, numerator double, denominator
    double, months bigint, indicator_value double, district_value double, district_firms bigint,
    status varchar, reason varchar, points double, weight decimal(16, 12), weight_used double
);

create table marts.enterprise_quality_months (
    uscc varchar, month date, window_name varchar, name varchar, park varchar, forms_due bigint,
    forms_filed bigint, forms_in_time bigint, days_late bigint, filings bigint, filings_passed
    bigint, filings_clean bigint, filings_returned bigint, corrections bigint, findings_error
    bigint, findings_warning bigint, completeness_share double, punctuality_share double,
    pass_share double, weight_measured_share double, score double
);

create table marts.energy_views (
    grouping varchar, group_key varchar, month date, window_name varchar, view varchar, is_official
    boolean, energy_tce decimal(28, 10), energy_filed_tce decimal(28, 10), difference_filed_tce
    decimal(28, 10), intensity_constant_tce_per_10k_cny double, price_status varchar, energy_share
    double, firms_due bigint, firms_matched bigint, status varchar, reason varchar, factor_ids
    varchar, carried_forward boolean, factor_confidence varchar
);

create table marts.emission_views (
    grouping varchar, group_key varchar, month date, window_name varchar, purpose varchar, co2_t
    decimal(28, 10), co2_electricity_t decimal(28, 10), co2_heat_t decimal(28, 10), co2_fuels_t
    decimal(28, 10), co2_covered_t decimal(28, 10), status varchar, reason varchar,
    items_without_factor varchar, factor_ids varchar, carried_forward boolean, factor_confidence
    varchar
);
