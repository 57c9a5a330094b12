"""Audits from filed forms to the marts: what counts, what does not, and what each clock says."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import duckdb
import pytest
from homes import Home, open_home

from greenmfg import warehouse
from greenmfg.demo.names import check_character
from greenmfg.pipeline import alerting, releasing
from greenmfg.registry.nouns import Alert

PARK, ELSEWHERE = "崇明工业园区", "富盛经济开发区"


def code(serial: int) -> str:
    first_17 = f"91310151MA00{serial:05d}"
    return first_17 + check_character(first_17)


TWICE, FAILED, PARK_A, PARK_B, OLD, NEW, LATER, SMALL, WITHDRAWN, OPEN, SPLIT = (
    code(serial) for serial in range(101, 112)
)


def firm(uscc: str, park: str = ELSEWHERE, above_scale: str = "是") -> dict[str, object]:
    return {
        "uscc": uscc, "name": f"示例审核企业{uscc[-4:]}", "industry_code": "33", "park": park,
        "town_code": "310151101", "above_scale": above_scale, "valid_from": "202001",
    }  # fmt: skip


def event(uscc: str, audit_round: str, stage: str, on: str, **more: object) -> dict[str, object]:
    return {
        "uscc": uscc, "audit_round": audit_round, "stream": "强制性", "category": "双有",
        "stage": stage, "event_date": on, "document_no": f"示例文号 {uscc[-4:]} {on}", **more,
    }  # fmt: skip


def accepted(uscc: str, audit_round: str, on: str, **more: object) -> dict[str, object]:
    return event(uscc, audit_round, "验收", on, **{"result": "合格", **more})


IN_A_PARK = {"stream": "自愿性", "category": None, "document_no": "示例文号〔2023〕9号"}
AUDITS = (
    # A re-audit in the plan's years adds nothing.
    accepted(TWICE, "2022", "2022-05-10", claimed_saving_tce=30, investment_10k_cny=20),
    accepted(TWICE, "2025", "2025-06-10", claimed_saving_tce=10),
    event(FAILED, "2024", "评估", "2024-02-10"),
    event(FAILED, "2024", "验收", "2024-05-10", result="不合格"),
    # The notice's total saving stands on both rows; water and money are each firm's own.
    accepted(
        PARK_A,
        "2023园区",
        "2023-09-20",
        **IN_A_PARK,
        claimed_saving_tce=120,
        water_saving_t=300,
        investment_10k_cny=20,
    ),
    accepted(
        PARK_B,
        "2023园区",
        "2023-09-20",
        **IN_A_PARK,
        claimed_saving_tce=120,
        water_saving_t=500,
        investment_10k_cny=40,
    ),
    accepted(OLD, "2021", "2021-08-01", category="高耗能"),
    accepted(NEW, "2024", "2024-08-01", category="高耗能"),
    # The code changed in the midst of this round.
    event(OLD, "2026", "名单公布", "2026-01-05"),
    event(NEW, "2026", "审核准备", "2026-03-20"),
    accepted(LATER, "2025", "2026-01-10"),
    accepted(SMALL, "2025", "2025-12-31"),
    # The code of law came on 15 August 2026.
    event(SPLIT, "2025", "名单公布", "2026-08-14", category="其他"),
    event(SPLIT, "2025", "企业信息公示", "2026-09-20", category="其他"),
    event(OPEN, "2026", "名单公布", "2026-10-10", category="高耗能"),
)


@dataclass(frozen=True)
class Told:
    """What the release says, and what was sent when two days of one month were reminded."""

    marts: duckdb.DuckDBPyConnection
    alerts: tuple[Alert, ...]


@pytest.fixture(scope="module")
def all_told(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("audits") / "home"
    shutil.copytree(founded, folder)
    with open_home(folder) as home:
        _file(home)
        releasing.build_and_publish(home.shop)
        for _ in range(2):
            alerting.remind(home.shop)
        sent = [a for a in home.shop.registry.alerts() if "清洁生产审核" in a.subject_zh]
        return Told(warehouse.reader(home.settings), tuple(sent))


@pytest.fixture
def told(all_told: Told) -> duckdb.DuckDBPyConnection:
    return all_told.marts


def _file(home: Home) -> None:
    in_park = [firm(PARK_A, PARK), firm(PARK_B, PARK)]
    others = [firm(c) for c in (TWICE, FAILED, OLD, NEW, LATER, WITHDRAWN, OPEN, SPLIT)]
    home.file_rows("enterprise_register", *in_park, *others, firm(SMALL, above_scale="否"))
    home.file_rows(
        "enterprise_successors",
        {"uscc": OLD, "successor_uscc": NEW, "valid_from": "2026-02-01", "source": "示例变更登记"},
    )
    home.run()
    home.file_rows("audit_progress", *AUDITS)
    home.file_rows("audit_progress", accepted(WITHDRAWN, "2024", "2024-04-01"))
    outcome = home.run()
    assert (outcome.returned, outcome.check_failed, outcome.unreadable) == (0, 0, 0)
    for waiting in home.shop.registry.waiting_reviews():
        _decide(home, waiting.id, "accept")
    [filing] = home.shop.registry.filings(form="audit_progress", subject=WITHDRAWN)
    _decide(home, filing.id, "withdraw")


def _decide(home: Home, filing: int, action: Literal["accept", "withdraw"]) -> None:
    home.shop.registry.review(
        filing, action, "核实无误", "steward", home.settings.now, replaces=home.shop.replaces
    )


def progress(told: duckdb.DuckDBPyConnection, month: str) -> tuple[int, ...]:
    """Enterprises, audits, of the energy authority, after the plan."""
    [row] = told.execute(
        "select accepted_enterprises, accepted_audits, accepted_energy_over,"
        " accepted_after_window from marts.audit_progress_months where month = ?",
        [date.fromisoformat(month)],
    ).fetchall()
    return tuple(row)


def test_a_firm_counts_once_by_its_first_acceptance_under_whatever_code(
    told: duckdb.DuckDBPyConnection,
) -> None:
    # The recoded firm in 2021, and once; the audited twice in 2022, and once.
    assert progress(told, "2021-08-01") == (1, 1, 1, 0)
    assert progress(told, "2022-05-01") == (2, 2, 1, 0)
    assert progress(told, "2023-08-01") == (2, 2, 1, 0)
    counts = told.execute(
        "select uscc, audit_round from marts.cleaner_production_audits where counts_toward_target"
    ).fetchall()
    assert (OLD, "2021") in counts
    assert (TWICE, "2022") in counts
    assert not {(NEW, "2024"), (TWICE, "2025")} & set(counts)


def test_one_audit_of_a_park_counts_each_of_its_enterprises_and_never_the_park(
    told: duckdb.DuckDBPyConnection,
) -> None:
    assert progress(told, "2023-09-01") == (4, 3, 1, 0)
    rows = told.execute(
        "select uscc, audit_key, enterprises_in_audit from marts.cleaner_production_audits"
        " where audit_round = '2023园区' order by uscc"
    ).fetchall()
    key = f"{PARK} 2023园区 示例文号〔2023〕9号"
    assert rows == [(PARK_A, key, 2), (PARK_B, key, 2)]


def test_failed_and_withdrawn_acceptances_and_evaluations_add_nothing(
    told: duckdb.DuckDBPyConnection,
) -> None:
    assert progress(told, "2025-11-01") == (4, 3, 1, 0)
    seen = told.execute("select distinct uscc from marts.audit_events").fetchall()
    assert (WITHDRAWN,) not in seen
    assert (FAILED,) in seen


def test_a_firm_of_any_size_counts_on_the_plans_last_day_and_the_next_ones_apart(
    told: duckdb.DuckDBPyConnection,
) -> None:
    assert progress(told, "2025-12-01") == (5, 4, 1, 0)
    assert progress(told, "2026-01-01") == (5, 4, 1, 1)


def test_an_acceptance_stands_in_the_month_of_its_event_though_filed_years_later(
    told: duckdb.DuckDBPyConnection,
) -> None:
    rows = told.execute(
        "select month, authority, rounds_in_month from marts.audit_stage_months"
        " where stage = 'accepted' and stream = 'mandatory' and rounds_in_month > 0"
        " and authority like '节能%' order by month"
    ).fetchall()
    assert rows == [(date(2021, 8, 1), "节能主管部门", 1), (date(2024, 8, 1), "节能主管部门", 1)]


def test_clocks_run_from_list_publication_by_the_limits_of_the_reference(
    told: duckdb.DuckDBPyConnection,
) -> None:
    rows = told.execute(
        "select stage, due_on, state, days_left, days_late, authority from marts.audit_clocks"
        " where uscc = ? and due_on is not null order by stage_order",
        [OPEN],
    ).fetchall()
    assert rows == [
        ("disclosed", date(2026, 11, 10), "overdue", -13, 13, "节能主管部门"),
        ("started", date(2026, 12, 10), "running", 17, None, "节能主管部门"),
        ("report_submitted", date(2027, 10, 10), "running", 321, None, "节能主管部门"),
    ]


def test_a_round_goes_on_under_the_new_code_and_its_passed_over_step_is_no_fault(
    told: duckdb.DuckDBPyConnection,
) -> None:
    rows = told.execute(
        "select uscc, stage, due_on, state, days_late from marts.audit_clocks"
        " where audit_round = '2026' and uscc in (?, ?) and due_on is not null"
        " order by stage_order",
        [OLD, NEW],
    ).fetchall()
    assert rows == [
        (NEW, "disclosed", date(2026, 2, 5), "not_recorded", None),
        (NEW, "started", date(2026, 3, 5), "done_late", 15),
        (NEW, "report_submitted", date(2027, 1, 5), "running", None),
    ]


def test_the_law_of_an_event_is_that_of_its_day_and_of_a_clock_that_of_its_first(
    told: duckdb.DuckDBPyConnection,
) -> None:
    laws = told.execute(
        "select event_date, law from marts.audit_events where uscc = ? order by event_date",
        [SPLIT],
    ).fetchall()
    assert [on for on, _ in laws] == [date(2026, 8, 14), date(2026, 9, 20)]
    assert [law[:9] for _, law in laws] == ["中华人民共和国清洁", "生态环境法典"]
    clock = told.execute(
        "select law, state from marts.audit_clocks where uscc = ? and stage = 'disclosed'", [SPLIT]
    ).fetchall()
    assert clock == [(laws[0][1], "done_late")]


def test_firms_with_toxic_use_are_due_again_five_years_after_and_others_are_not(
    told: duckdb.DuckDBPyConnection,
) -> None:
    rows = told.execute(
        "select uscc, audit_round, due_on, state, reason from marts.audit_clocks"
        " where stage = 'continuous' and uscc in (?, ?, ?)"
        " and audit_round in ('2022', '2025', '2021') order by uscc, audit_round",
        [TWICE, LATER, OLD],
    ).fetchall()
    assert rows == [
        (TWICE, "2022", date(2027, 5, 10), "done_in_time", None),
        (TWICE, "2025", date(2030, 6, 10), "running", None),
        (OLD, "2021", None, "no_deadline", "category_need_not_repeat"),
        (LATER, "2025", date(2031, 1, 10), "running", None),
    ]


def test_a_claim_stands_without_reports_and_what_was_realised_says_why_it_does_not(
    told: duckdb.DuckDBPyConnection,
) -> None:
    rows = told.execute(
        "select claimed_saving_tce, claimed_saving_tce_per_10k_cny, status, reason,"
        " realised_saving_tce from marts.audit_savings where uscc = ? and audit_round = '2022'",
        [TWICE],
    ).fetchall()
    assert rows == [(30, 1.5, "not_measurable", "no_start_recorded", None)]


def test_the_total_of_a_park_audit_on_each_enterprises_row_is_counted_once(
    told: duckdb.DuckDBPyConnection,
) -> None:
    rows = told.execute(
        "select claimed_saving_tce, claimed_saving_basis, water_saving_t, investment_basis"
        " from marts.audit_savings where audit_round = '2023园区' order by uscc"
    ).fetchall()
    assert rows == [(120, "audit_total", 300, "own"), (120, "audit_total", 500, "own")]
    [summed] = told.execute(
        "select rounds_with_claim, claimed_saving_tce, water_saving_t, investment_10k_cny,"
        " claimed_saving_tce_per_10k_cny from marts.audit_savings_months"
        " where month = date '2023-09-01' and window_name = 'month'"
    ).fetchall()
    assert summed == (2, 120, 800, 60, 2)


def test_where_nothing_is_past_no_acceptance_is_forecast(
    told: duckdb.DuckDBPyConnection,
) -> None:
    rows = told.execute(
        "select rounds_open, rounds_forecast, status, reason, expected_by_year_end"
        " from marts.audit_forecast_months where month = date '2026-11-01'"
    ).fetchall()
    # The failed, the open and the one whose law changed; the recoded firm is counted already.
    assert rows == [(3, 0, "not_measurable", "too_few_past_rounds", None)]


def test_an_overdue_stage_is_told_to_its_firm_and_the_steward_once_a_month(
    all_told: Told,
) -> None:
    mine = [alert for alert in all_told.alerts if alert.recipient == OPEN]
    assert [alert.subject_zh for alert in mine] == ["清洁生产审核“企业信息公示”已逾期"]
    assert "应于 2026-11-10 前完成，已逾期 13 天" in mine[0].body_zh
    assert "13 days ago" in mine[0].body_en
    [digest] = [alert for alert in all_told.alerts if alert.recipient_kind == "steward"]
    assert f"({OPEN})：企业信息公示，应于 2026-11-10，逾期 13 天" in digest.body_zh
